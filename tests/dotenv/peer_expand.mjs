// Reads a JSON list of texts and writes what dotenv-expand, Vite or Nuxt's c12 make of each.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
const [, , root, loader, input, output] = process.argv
const folder = path.join(root, 'node_modules')
const require = createRequire(path.join(folder, 'x.cjs'))
const dist = (file) => import(pathToFileURL(path.join(folder, file)).href)
const clear = () => { for (const name of Object.keys(process.env)) delete process.env[name] }
console.warn = () => {}

async function reader () {
  if (loader === 'vite') {
    const { loadEnv } = await dist('vite/dist/node/index.js')
    return () => { clear(); return loadEnv('x', process.cwd(), '') }
  }
  if (loader === 'nuxt') {
    const { setupDotenv } = await dist('c12/dist/index.mjs')
    return async () => {
      const env = {}
      await setupDotenv({ cwd: process.cwd(), env })
      return env
    }
  }
  const { parse } = require('dotenv')
  const { expand } = require('dotenv-expand')
  return (text) => {
    const parsed = parse(text)
    return expand({ parsed, processEnv: { ...parsed } }).parsed
  }
}

const texts = JSON.parse(fs.readFileSync(input, 'utf8'))
const read = await reader()
const made = []
for (const text of texts) {
  fs.writeFileSync('.env', text)
  made.push(await read(text))
}
fs.writeFileSync(output, JSON.stringify(made))
