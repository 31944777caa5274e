// Two servers on one PostgreSQL: what is edited on one is read from the other within a second. Also after the connection on which
// PostgreSQL tells of changes was cut, and while it is cut again and again. Run inside `scripts/with-postgres`.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'

const [binary] = process.argv.slice(2)
const EDITS = 50
const MOST = 1000
const PATIENCE = 20_000
const LISTENING = 'FROM pg_stat_activity WHERE datname = current_database() AND query LIKE \'LISTEN %\''
const servers = []

try {
  const [one, other] = [await start(), await start()]
  const token = await signIn(one)
  const { items: [wine] } = await json(await fetch(`${one.origin}/api/v1/wines?limit=1`))
  const edit = number => change(one, token, wine.id, `Ausgabe ${number}`)
  await listened(servers.length)
  await measure('while PostgreSQL tells', edit)
  cut()
  await measure('after that connection was cut', edit)
  await measure('while it is cut before each edit', (number) => {
    cut()
    return edit(number)
  })

  async function measure(when, edit) {
    const times = []
    for (let number = 0; number < EDITS; number++) {
      const began = performance.now()
      await edit(`${number}, ${when}`)
      const { revision } = await card(one)
      while ((await card(other)).revision < revision) {
        if (performance.now() - began > PATIENCE)
          throw new Error(`edit ${number} did not reach the other instance ${when}`)
      }
      times.push(performance.now() - began)
    }
    times.sort((a, b) => a - b)
    const [median, longest] = [times[EDITS / 2], times.at(-1)].map(Math.round)
    if (median > MOST)
      throw new Error(`an edit took ${median} ms to be read from the other instance ${when}`)
    console.log(`ok  ${EDITS} edits are read from the other instance after ${median} ms (median; the longest ${longest} ms) ${when}`)
  }
}
finally {
  await Promise.all(servers.map(server => server.stop()))
}

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'casavazquez-'))
  const program = spawn(binary, ['serve'], {
    env: { DATA_DIR: folder, PORT: '0', DATABASE_URL: process.env.TEST_DATABASE_URL, LOG: 'error', RATE_LIMIT: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => program.once('exit', resolve))
  const stop = async () => {
    program.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  }
  servers.push({ stop })
  let password
  for await (const line of createInterface(program.stdout)) {
    password ??= /Password: +(\S+)/.exec(line)?.[1]
    const origin = /is open at (http:\S+)/.exec(line)?.[1]
    if (origin)
      return { origin, password }
  }
  throw new Error('the server did not open')
}

/** The first server made the admin, and printed the password. */
async function signIn(server) {
  const body = new URLSearchParams({ username: 'admin', password: server.password })
  return (await json(await fetch(`${server.origin}/api/v1/auth/token`, { method: 'POST', body }))).access_token
}

async function change(server, token, wine, note) {
  await json(await fetch(`${server.origin}/api/v1/wines/${wine}`, {
    method: 'PATCH',
    headers: { 'authorization': `Bearer ${token}`, 'content-type': 'application/json', 'if-match': '*' },
    body: JSON.stringify({ note: { de: note } }),
  }))
}

async function card(server) {
  return json(await fetch(`${server.origin}/api/v1/card`))
}

async function json(answer) {
  if (!answer.ok)
    throw new Error(`${answer.url} was answered with ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

/** Waits until so many instances listen to what PostgreSQL tells. */
async function listened(instances) {
  const deadline = performance.now() + PATIENCE
  while (Number(sql(`SELECT count(*) ${LISTENING}`)) < instances) {
    if (performance.now() > deadline)
      throw new Error('the instances do not listen')
  }
}

function cut() {
  sql(`SELECT pg_terminate_backend(pid) ${LISTENING}`)
}

function sql(query) {
  return execFileSync('psql', [process.env.TEST_DATABASE_URL, '-Atc', query], { encoding: 'utf8' }).trim()
}
