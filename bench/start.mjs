// How fast the release binary opens on an existing database, how fast it answers, and what it weighs while nobody asks.
// Ten starts; the median counts. `CASAVAZQUEZ=file` measures another binary.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'

const STARTS = 10
const binary = process.env.CASAVAZQUEZ ?? join(process.env.CARGO_TARGET_DIR ?? 'target', 'release/casavazquez')
const folder = mkdtempSync(join(tmpdir(), 'casavazquez-'))
const port = 20000 + process.pid % 10000

try {
  await start()
  const starts = []
  for (let turn = 0; turn < STARTS; turn++)
    starts.push(await start())
  for (const [key, unit] of [['listens', 'ms'], ['answers', 'ms'], ['idle', 'MiB']])
    print(key, starts.map(one => one[key]), unit)
}
finally {
  rmSync(folder, { recursive: true })
}

async function start() {
  const began = performance.now()
  const server = spawn(binary, ['serve'], { env: { DATA_DIR: folder, PORT: String(port) }, stdio: 'ignore' })
  try {
    while (!await listens())
      await setTimeout(1)
    const listening = performance.now() - began
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/card`)
    if (!answer.ok)
      throw new Error(`the card was answered with ${answer.status}`)
    await answer.arrayBuffer()
    const answered = performance.now() - began
    // Idle is what it is a moment after the first page.
    await (await fetch(`http://127.0.0.1:${port}/wein`)).arrayBuffer()
    await setTimeout(500)
    const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))
    return { listens: listening, answers: answered, idle: Number(memory[1]) / 1024 }
  }
  finally {
    server.kill('SIGTERM')
    await new Promise(resolve => server.exitCode === null ? server.once('exit', resolve) : resolve())
  }
}

function listens() {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

function print(name, values, unit) {
  const sorted = values.toSorted((a, b) => a - b)
  const median = (sorted[STARTS / 2 - 1] + sorted[STARTS / 2]) / 2
  const shown = [sorted[0], median, sorted.at(-1)].map(value => value.toFixed(1).padStart(7))
  console.log(`${name.padEnd(8)} min ${shown[0]}  median ${shown[1]}  max ${shown[2]} ${unit}`)
}
