import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Server {
  origin: string
  /** The password of the user "admin", which is printed at the first start. */
  password: string
  /** Lines of the log that tell of a fault, so far. */
  faults: string[]
  stop: () => Promise<void>
}

const WEBSITE = new URL('../..', import.meta.url)
const BINARY = fileURLToPath(new URL(process.env.CASAVAZQUEZ || '../target/release/casavazquez', WEBSITE))
const OPEN = /is open at (http:\/\/\S+)/

/** Opens the bar: the program itself, on a free port, with a database that is filled with the demo menu. */
export async function startServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'casa-e2e-'))
  const program = spawn(BINARY, ['serve'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: folder,
      PORT: '0',
      RATE_LIMIT: 'off',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const faults: string[] = []
  const origin = await new Promise<string>((resolve, reject) => {
    read(program, (line) => {
      lines.push(line)
      if (/\bERROR\b|panicked/.test(line))
        faults.push(line)
      const address = OPEN.exec(line)?.[1]
      if (address)
        resolve(address)
    })
    program.once('error', reject)
    program.once('exit', code => reject(new Error(`${BINARY} ended with ${code}:\n${lines.join('\n')}`)))
  })
  return {
    origin,
    password: lines.map(line => /Password:\s+(\S+)/.exec(line)?.[1]).find(Boolean) ?? '',
    faults,
    stop: async () => {
      const ended = once(program, 'exit')
      program.kill('SIGTERM')
      const [code] = await ended
      await rm(folder, { recursive: true, force: true })
      if (code !== 0)
        faults.push(`ended with ${code}`)
    },
  }
}

function read(program: ChildProcessByStdio<null, Readable, Readable>, onLine: (line: string) => void): void {
  for (const stream of [program.stdout, program.stderr])
    createInterface(stream).on('line', onLine)
}
