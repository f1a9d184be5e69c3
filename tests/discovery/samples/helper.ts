export default ({ env }) => ({
  host: env("HOST", "0.0.0.0"), // reads: HOST=0.0.0.0
  port: env.int("PORT", 1337), // reads: PORT=1337
  keys: env.array("TILL_KEYS"), // reads: TILL_KEYS
  other: obj.env("NOT_READ"), kind: env("lower"), wider: env(`TILL_${name}`),
})
