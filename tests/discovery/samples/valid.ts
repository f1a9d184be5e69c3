export default cleanEnv(process.env, {
  TILL_KEY: str(), // reads: TILL_KEY!
  TILL_PORT: port({ default: 3000 }), // reads: TILL_PORT=3000
  TILL_OPEN: bool({ devDefault: true }), // reads: TILL_OPEN
  TILL_COUNT: num({ default: 60 * 24 }), // reads: TILL_COUNT?
  TILL_OTHER: makeOther(),
})
