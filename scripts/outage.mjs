// Takes PostgreSQL away from a running server: guests must not notice. Then starts a server without its database: it must show
// the last card. Then gives the database back: the server must find it by itself. Run inside `scripts/with-postgres`.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'

const [binary, cluster] = process.argv.slice(2)
const PATHS = ['/', '/wein', '/en/getraenke', '/snacks?diet=vegan', '/api/v1/card', '/api/v1/wines?color=red', '/api/v1/house?locale=es', '/api/wines']
const READS = 1000
const folder = mkdtempSync(join(tmpdir(), 'casavazquez-'))

try {
  let server = await start()
  const card = await cardOf(server)
  postgres('stop')
  await readAll(server, 'with PostgreSQL stopped')
  await server.stop()
  const began = performance.now()
  server = await start()
  console.log(`ok  a start without PostgreSQL took ${Math.round(performance.now() - began)} ms`)
  if (await cardOf(server) !== card)
    throw new Error('the card after the restart is not the last card')
  await readAll(server, 'after a restart without PostgreSQL')
  postgres('start')
  const deadline = performance.now() + 20_000
  while ((await (await fetch(`${server.origin}/health`)).json()).database !== 'connected') {
    if (performance.now() > deadline)
      throw new Error('the server did not find its database again')
  }
  console.log('ok  the server found its database again')
  await server.stop()
}
finally {
  rmSync(folder, { recursive: true })
}

function postgres(action) {
  execFileSync('pg_ctlcluster', [...cluster.split('/'), action, ...(action === 'stop' ? ['-m', 'immediate'] : [])])
}

async function start() {
  const program = spawn(binary, ['serve'], {
    env: { DATA_DIR: folder, PORT: '0', DATABASE_URL: process.env.TEST_DATABASE_URL, LOG: 'error', RATE_LIMIT: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise(resolve => program.once('exit', resolve))
  for await (const line of createInterface(program.stdout)) {
    const origin = /is open at (http:\S+)/.exec(line)?.[1]
    if (origin)
      return { origin, stop: () => { program.kill('SIGTERM'); return ended } }
  }
  throw new Error('the server did not open')
}

async function cardOf(server) {
  return (await fetch(`${server.origin}/api/v1/card`)).text()
}

async function readAll(server, when) {
  for (let read = 0; read < READS; read++) {
    const path = PATHS[read % PATHS.length]
    const answer = await fetch(server.origin + path)
    await answer.arrayBuffer()
    if (answer.status !== 200)
      throw new Error(`${path} was answered with ${answer.status} ${when} (read ${read})`)
  }
  console.log(`ok  ${READS} reads ${when}, no error`)
}
