// Prices in bulk on the release binary: 500 servings get another price in one request, on SQLite or, with
// `scripts/with-postgres node bench/prices.mjs`, on a throwaway PostgreSQL. Nine times; the median counts, and it fails where
// that misses its target. `CASAVAZQUEZ=file` measures another binary.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'

const TIMES = 60
const DRINKS = 250
const PASSWORD = 'vier flaschen rioja am freitag'
const binary = process.env.CASAVAZQUEZ ?? join(process.env.CARGO_TARGET_DIR ?? 'target', 'release/casavazquez')
const postgres = process.env.TEST_DATABASE_URL
const folder = mkdtempSync(join(tmpdir(), 'casavazquez-'))
const env = {
  DATA_DIR: folder,
  PORT: '0',
  RATE_LIMIT: 'off',
  LOG: 'error',
  ...(postgres && { DATABASE_URL: postgres }),
}
let server

try {
  execFileSync(binary, ['seed'], { env, stdio: 'ignore' })
  execFileSync(binary, ['user', 'create', 'manager', '--role', 'manager'], { env, input: `${PASSWORD}\n` })
  server = await start()
  await measure(await signIn())
}
finally {
  await server?.stop()
  rmSync(folder, { recursive: true })
}

async function measure(token) {
  const servings = await fill(token)
  const took = []
  for (let turn = 1; turn <= TIMES; turn++) {
    const prices = servings.map(serving => ({ serving, price_cents: 400 + 10 * turn }))
    const began = performance.now()
    const { changed } = await ask(token, 'PATCH', '/prices', { prices })
    took.push(performance.now() - began)
    if (changed !== servings.length)
      throw new Error(`${changed} prices were changed instead of ${servings.length}`)
  }
  const cpu = execFileSync("sh", ["-c", `cat /proc/$(pgrep -n -f "bin serve|vazquez serve")/stat`]).toString().split(" "); console.log("min", Math.min(...took).toFixed(1), "cpu ticks user", cpu[13], "sys", cpu[14]); const median = took.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)]
  judge(`${servings.length} prices in one request (${postgres ? 'PostgreSQL' : 'SQLite'})`, median, postgres ? 100 : 50, ' ms')
}

// Makes drinks in two sizes; answers their servings.
async function fill(token) {
  const { sections } = await ask(token, 'GET', '/menu')
  const section = sections.find(one => one.menu === 'drinks').id
  const made = []
  for (let number = 0; number < DRINKS; number++) {
    const servings = [200, 400].map(volume => ({ unit: 'can', volume_ml: volume, price_cents: 400 }))
    const drink = await ask(token, 'POST', '/drinks', { name: { de: `Limonade ${number}` }, slug: `limonade-${number}`, section, servings })
    made.push(...drink.servings.map(serving => serving.id))
  }
  return made
}

async function signIn() {
  const body = new URLSearchParams({ username: 'manager', password: PASSWORD })
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/auth/token`, { method: 'POST', body })
  return (await answer.json()).access_token
}

async function ask(token, method, path, body) {
  const headers = { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
  if (!answer.ok)
    throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function start() {
  const program = spawn(binary, ['serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise(resolve => program.once('exit', resolve))
  for await (const line of createInterface(program.stdout)) {
    const port = /is open at http:\S+:(\d+)/.exec(line)?.[1]
    if (port)
      return { port: Number(port), stop: () => { program.kill('SIGTERM'); return ended } }
  }
  throw new Error('the server did not open')
}

function judge(what, value, target, unit) {
  const met = value <= target
  process.exitCode ||= met ? 0 : 1
  console.log(`${met ? 'ok  ' : 'MISS'} ${what}: ${value.toFixed(2)}${unit} (target ≤ ${target}${unit})`)
}
