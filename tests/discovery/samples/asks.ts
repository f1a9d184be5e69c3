const Schema = z.object({
  CARD_KEY: z.string(), // reads: CARD_KEY
  CARD_NAME: z.string().default('none'), // reads: CARD_NAME=none
})
const parsed = Schema.safeParse(process.env)
