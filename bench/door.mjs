// The door under a flood, on the release binary: whether a wrong password takes as long for a name that nobody has as for one
// that somebody has, and what 200 wrong passwords at a time from 50 addresses do to guests who read the card meanwhile.
// Both are ratios within this run; it fails where one misses its target. `CASAVAZQUEZ=file` measures another binary.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const PEOPLE = 40
const TRIES = 4
const ROUNDS = 7
const GUESSES = 200
const ADDRESSES = 50
const binary = process.env.CASAVAZQUEZ ?? join(process.env.CARGO_TARGET_DIR ?? 'target', 'release/casavazquez')
const folder = isMainThread
  ? mkdtempSync(join(tmpdir(), 'casavazquez-'))
  : ''
const env = {
  DATA_DIR: folder,
  PORT: '0',
  TRUSTED_HOPS: '1',
  RATE_LIMIT: 'off',
  LOG: 'error',
}
const agent = new Agent({ keepAlive: true })
let missed = 0

// The flood has a thread of its own, or the guests would wait for it here and not at the server.
if (isMainThread)
  await measure()
else
  parentPort.postMessage(await guessAll(workerData.port, workerData.round))

async function measure() {
  try {
    for (let number = 0; number < PEOPLE; number++) {
      execFileSync(binary, [
        'user',
        'create',
        `person${number}`,
        '--role',
        'staff',
      ], { env, input: 'vier flaschen rioja am freitag\n' })
    }
    const server = await start()
    await sameTime(server.port)
    await flood(server.port)
    await server.stop()
  }
  finally {
    rmSync(folder, { recursive: true })
  }
  process.exitCode = missed
}

// Pairs of a known and an unknown name, in an order that a fixed seed shuffles, so that what else the machine does falls on both.
async function sameTime(port) {
  const random = seeded(20260717)
  const tries = []
  for (let turn = 0; turn < TRIES; turn++) {
    for (let number = 0; number < PEOPLE; number++)
      tries.push({ known: true, name: `person${number}` }, { known: false, name: `nobody${number}` })
  }
  for (let last = tries.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [tries[last], tries[other]] = [tries[other], tries[last]]
  }
  const took = { true: [], false: [] }
  for (const [number, { known, name }] of tries.entries()) {
    const began = performance.now()
    const status = await guess(port, name, `203.0.113.${number % 200}`)
    took[known].push(performance.now() - began)
    if (status !== 401)
      throw new Error(`a wrong password was answered with ${status}`)
  }
  const [known, unknown] = [
    quantile(took.true, 0.5),
    quantile(took.false, 0.5),
  ]
  const difference = Math.abs(known - unknown) / known
  report(`wrong password: known name ${known.toFixed(1)} ms, unknown name ${unknown.toFixed(1)} ms (medians of ${took.true.length})`)
  judge('difference', difference * 100, 5, '%')
}

// Rounds with and without a flood take turns; the median of their ratios counts.
async function flood(port) {
  await read(port, setTimeout(500))
  const ratios = []
  for (let round = 0; round < ROUNDS; round++) {
    const calm = quantile(await read(port, setTimeout(2000)), 0.99)
    const guessing = new Worker(new URL(import.meta.url), {
      workerData: { port, round },
    })
    const guessed = new Promise((resolve, reject) => guessing.once('message', resolve).once('error', reject))
    const crowded = quantile(await read(port, guessed), 0.99)
    const { 401: wrong, 429: waiting } = await guessed
    ratios.push(crowded / calm)
    report(`the card's p99: ${calm.toFixed(2)} ms, during the flood ${crowded.toFixed(2)} ms (${wrong} wrong, ${waiting} told to wait)`)
  }
  judge('p99 during the flood, times that without', quantile(ratios, 0.5), 2, '')
}

// Fifty addresses, each with one try after the other; whoever is told to wait waits a moment only.
async function guessAll(port, round) {
  const answers = { 401: 0, 429: 0 }
  await Promise.all(Array.from({ length: ADDRESSES }, async (_, address) => {
    for (let turn = 0; turn < GUESSES / ADDRESSES; turn++) {
      const status = await guess(port, `name${round}-${address}-${turn}`, `198.51.${round}.${address}`)
      answers[status]++
      if (status === 429)
        await setTimeout(250)
    }
  }))
  agent.destroy()
  return answers
}

// Reads the card again and again until something is done.
async function read(port, done) {
  const took = []
  let reading = true
  done.then(() => (reading = false))
  while (reading) {
    const began = performance.now()
    const { status } = await ask(port, {
      path: '/api/v1/card',
      headers: { 'accept-encoding': 'br' },
    })
    took.push(performance.now() - began)
    if (status !== 200)
      throw new Error(`the card was answered with ${status}`)
  }
  return took
}

async function guess(port, username, address) {
  const body = JSON.stringify({ username, password: 'not this one at all' })
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address }
  const { status } = await ask(port, { path: '/api/v1/auth/login', method: 'POST', headers }, body)
  return status
}

function ask(port, options, body) {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      agent,
      ...options,
    }, (answer) => {
      answer.resume().once('end', () => resolve({ status: answer.statusCode }))
    })
    asked.once('error', reject).end(body)
  })
}

async function start() {
  const program = spawn(binary, ['serve'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => program.once('exit', resolve))
  for await (const line of createInterface(program.stdout)) {
    const port = /is open at http:\S+:(\d+)/.exec(line)?.[1]
    if (port) {
      return {
        port: Number(port),
        stop: () => { agent.destroy(); program.kill('SIGTERM'); return ended },
      }
    }
  }
  throw new Error('the server did not open')
}

function quantile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]
}

// Park and Miller's generator: the same order each time.
function seeded(seed) {
  let state = seed % 2147483647
  return () => (state = state * 48271 % 2147483647) / 2147483647
}

function report(line) {
  console.log(line)
}

function judge(what, value, target, unit) {
  const met = value <= target
  missed ||= met ? 0 : 1
  console.log(`${met ? 'ok  ' : 'MISS'} ${what}: ${value.toFixed(2)}${unit} (target ≤ ${target}${unit})`)
}
