// process.env.IN_A_COMMENT
/* process.env.IN_A_BLOCK
   process.env.STILL_IN_IT */
const text = "process.env.IN_A_STRING" + 'process.env["IN_ANOTHER"]'
const url = `https://${process.env.HOST_NAME}/process.env.IN_A_TEMPLATE` // reads: HOST_NAME
const nested = `a${`b${process.env.INNER}`} process.env.NOT_HERE` // reads: INNER
export const port = Number(process.env.PORT) || 3000 // reads: PORT=3000
const quoted = process.env["QUOTED"] ?? 'fallback' // reads: QUOTED=fallback
const workers = parseInt(process.env.WORKERS ?? "4", 10) // reads: WORKERS=4
const sure = process.env.SURE! // reads: SURE!
if (process.env.MODE_ === "x") {} // reads: MODE_
process.env.WRITTEN = "1"
process.env["WRITTEN_TOO"] = "1"
delete process.env.GONE
process.env.ORDER_NOW ||= "x" // reads: ORDER_NOW=x
const { FIRST, SECOND: second, THIRD = "c", ...rest } = process.env // reads: FIRST SECOND THIRD=c
const {
  ALONE, // reads: ALONE
}: NodeJS.ProcessEnv = process.env
const stripped = text.replace(/['"`]/g, process.env.AFTER_REGEX) // reads: AFTER_REGEX
const maybe = process.env?.MAYBE || compute() // reads: MAYBE?
const site = import.meta.env.VITE_SITE // reads: VITE_SITE
const mode = import.meta.env.MODE
Deno.env.get("DENO_NAME") // reads: DENO_NAME
Bun.env.BUN_NAME // reads: BUN_NAME
import { SVELTE_KEY, OTHER as other } from "$env/static/private" // reads: SVELTE_KEY OTHER
process.env.toString()
const all = { ...process.env }
const helped = [env('HELPED'), requireEnv("REQUIRED_BY_HELPER"), getOrThrow.env("NOT_A_HELPER")] // reads: HELPED! REQUIRED_BY_HELPER!
const helpedBy = [env("HELPED_WITH", "x"), env("HELPED_OR") ?? y, env('lower'), getEnv(name)] // reads: HELPED_WITH=x HELPED_OR?
