// Reads a JSON list of TAP texts and writes what tap-parser makes of each.
const fs = require('fs')
const path = require('path')
const { Parser } = require(path.join(process.argv[2], 'node_modules', 'tap-parser'))
const read = (text) => {
  const events = Parser.parse(text)
  const of = (name) => events.filter((event) => event[0] === name).map((event) => event[1])
  const { ok, count, skip, todo, failures } = of('complete')[0]
  const points = of('assert').map((point) => ({ ok: point.ok, name: point.name, diag: point.diag }))
  const strange = [...of('extra'), ...of('child'), ...of('bailout'), ...of('pragma')].map(String)
  return { ok, count, skip, todo, failed: failures.length, points, strange }
}
process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, 'utf8')).map(read)))
