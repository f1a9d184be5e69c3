// Reads a JSON list of lists of texts, the strongest last, and writes what a loader makes of each.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
const [, , root, loader, input, output] = process.argv
const folder = path.join(root, 'node_modules')
const require = createRequire(path.join(folder, 'x.cjs'))
const dist = (file) => import(pathToFileURL(path.join(folder, file)).href)
const clear = () => { for (const name of Object.keys(process.env)) delete process.env[name] }
const names = ['.env', '.env.local', '.env.m', '.env.m.local']
console.warn = () => {}

async function reader () {
  if (loader === 'vite') {
    const { loadEnv } = await dist('vite/dist/node/index.js')
    return () => { clear(); return loadEnv('m', process.cwd(), '') }
  }
  if (loader === 'nuxt') {
    const { setupDotenv } = await dist('c12/dist/index.mjs')
    return async () => {
      const env = {}
      await setupDotenv({ cwd: process.cwd(), env, fileName: names })
      return env
    }
  }
  if (loader === 'next') {
    const next = require('@next/env')
    const log = { info () {}, error () { log.failed = true } }
    clear()
    next.processEnv([{ path: 'x', contents: '', env: {} }], '/', log, true)
    return (texts) => {
      next.resetEnv()
      log.failed = false
      const files = texts.map((contents) => ({ path: 'x', contents, env: {} }))
      next.processEnv(files.reverse(), '/', log, true)
      const { __NEXT_PROCESSED_ENV: _, ...made } = process.env
      return log.failed ? null : made
    }
  }
  if (loader === 'dotenvx') {
    const { config } = require('@dotenvx/dotenvx')
    clear()
    console.log = console.error = () => {}
    return (texts) => {
      const processEnv = {}
      const paths = names.slice(0, texts.length).reverse()
      config({ path: paths, processEnv, quiet: true, noArmor: true, noNative: true })
      return processEnv
    }
  }
  const { config } = require('dotenv')
  const { expand } = require('dotenv-expand')
  return () => {
    const processEnv = {}
    const found = names.filter((name) => fs.existsSync(name)).reverse()
    const { parsed } = config({ path: found, processEnv, quiet: true })
    return expand({ parsed, processEnv }).parsed
  }
}

const read = await reader()
const made = []
for (const texts of JSON.parse(fs.readFileSync(input, 'utf8'))) {
  names.forEach((name) => fs.rmSync(name, { force: true }))
  texts.forEach((text, i) => fs.writeFileSync(names[i], text))
  made.push(await read(texts))
}
fs.writeFileSync(output, JSON.stringify(made))
