// Reads a JSON list of texts and writes what dotenv, util.parseEnv and @next/env make of each.
const fs = require('fs')
const path = require('path')
const util = require('util')
const [, , root, input, output] = process.argv
const load = (name) => require(path.join(root, 'node_modules', name))
const dotenv = load('dotenv')
const next = load('@next/env')
for (const name of Object.keys(process.env)) delete process.env[name]

const log = { info () {}, error () { log.failed = true } }
next.processEnv([{ path: 'x', contents: '', env: {} }], '/', log, true)
function nextReads (contents) {
  next.resetEnv()
  log.failed = false
  const file = { path: 'x', contents, env: {} }
  next.processEnv([file], '/', log, true)
  return log.failed ? null : Object.entries(file.env)
}
const texts = JSON.parse(fs.readFileSync(input, 'utf8'))
const made = texts.map((text) => ({
  node: Object.entries(dotenv.parse(text)),
  node20: Object.entries(util.parseEnv(text)),
  next: nextReads(text)
}))
fs.writeFileSync(output, JSON.stringify(made))
