import { z } from "zod"

export const env = createEnv({
  server: {
    SHOP_URL: z.string().url(), // reads: SHOP_URL!
    SHOP_NAME: z.string().optional(), // reads: SHOP_NAME?
    // SHOP_OLD: z.string(),
    SHOP_KIND: z.enum(["toys, games", "tools"]).default("tools"), // reads: SHOP_KIND=tools
    SHOP_SIZE: z.coerce.number().int().default(10), // reads: SHOP_SIZE=10
    SHOP_PAUSE: z.coerce.number().default(60 * 1000), // reads: SHOP_PAUSE?
    SHOP_TEXT: z // reads: SHOP_TEXT!
      .string()
      .refine((text) => text.startsWith("{"), "SHOP_TEXT: z.string()"),
    SHOP_SECRET: // reads: SHOP_SECRET?
      process.env.MODE_NAME === "live" ? z.string().min(1) : z.string().optional(), // reads: MODE_NAME
    SHOP_BASE: z.preprocess((text) => process.env.SHOP_HOST ?? text, z.string()), // reads: SHOP_BASE SHOP_HOST?
    SHOP_OWN: ownSchema.optional(),
    shopLower: z.string(),
  },
  runtimeEnv: {
    SHOP_URL: process.env.SHOP_URL,
    SHOP_NAME: process.env.SHOP_NAME,
    SHOP_OWN: process.env.SHOP_OWN, // reads: SHOP_OWN
  },
})
const page = { TITLE: "z.string()", SIZES: [1, 2] }
if (env.SHOP_NAME === "") throw new Error("SHOP_NAME: z.string()")
Schema.safeParse(process.env)
