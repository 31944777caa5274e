// Kills the server with SIGKILL in a stream of writes, 50 times. After each restart every write that was acknowledged must be
// there, the last line of history about a thing must be the thing as it is, and every picture must have its files. In the end
// the files without a picture, once they are old, must be gone. On SQLite, in a folder of its own.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { deflateSync } from 'node:zlib'

const [binary, seed = '1'] = process.argv.slice(2)
const ROUNDS = 50
const STREAMS = 4
const PASSWORD = 'vier flaschen rioja am freitag'
const folder = mkdtempSync(join(tmpdir(), 'casavazquez-'))
const env = { ...process.env, DATA_DIR: folder, PORT: '0', LOG: 'error', RATE_LIMIT: 'off' }
const media = join(folder, 'media')
const random = numbers(Number(seed))
// What was acknowledged last of each item, null where it was deleted; and the writes that may or may not have happened.
const known = new Map()
const unsure = new Set()
// Each stream writes to items of its own, so that it knows what they have to be.
const mine = Array.from({ length: STREAMS }, () => [])
// The pictures that were acknowledged.
const album = new Set()
const done = { POST: 0, PATCH: 0, PUT: 0, DELETE: 0, undo: 0, picture: 0 }
let writes = 0
// Whoever ends this ends the server, too.
let running
process.once('exit', () => running?.kill('SIGKILL'))
process.once('SIGTERM', () => process.exit(1))

try {
  execFileSync(binary, ['user', 'create', 'manager', '--role', 'manager'], { env, input: `${PASSWORD}\n` })
  for (let round = 1; round <= ROUNDS; round++) {
    const server = await start()
    const enough = writes + 5 + Math.floor(random() * 20)
    const streams = [...mine.map(items => write(server, items)), upload(server)]
    while (writes < enough)
      await pause(1)
    await pause(random() * 20)
    server.kill()
    await Promise.all(streams)
    await server.ended
    await check(round)
    if (round % 10 === 0)
      console.log(`ok  killed ${round} times in ${writes} acknowledged writes (${Object.entries(done).flat().join(' ')}), nothing lost`)
  }
  await sweep()
}
finally {
  rmSync(folder, { recursive: true })
}

/** One stream of writes, until the server is gone. */
async function write({ ask, section }, ids) {
  for (;;) {
    // One place more than there are items: there, a new one is made.
    const item = known.get(ids[Math.floor(random() * (ids.length + 1))])
    unsure.add(item?.id)
    let answer
    try {
      const taken = item && random() < 0.15 && await takeBack(ask, item)
      const [method, path, body] = item ? change(item) : creation(section)
      answer = taken || await ask(method, path, body, item)
      done[taken ? 'undo' : method]++
    }
    catch {
      return
    }
    unsure.delete(item?.id)
    writes++
    known.set(answer?.id ?? item.id, answer)
    if (!item)
      ids.push(answer.id)
    else if (!answer)
      ids.splice(ids.indexOf(item.id), 1)
  }
}

/** Takes back what was done to an item last; answers the item, or nothing where it was only made yet. */
async function takeBack(ask, item) {
  const { changes: [line] } = await ask('GET', `/changes?thing_id=${item.id}&limit=1`)
  if (line.action !== 'updated')
    return null
  await ask('POST', `/changes/${line.id}/undo`)
  return ask('GET', `/items/${item.id}`)
}

/** A stream of pictures, until the server is gone. */
async function upload({ send }) {
  for (;;) {
    const form = new FormData()
    form.append('file', new Blob([png()]), 'flasche.png')
    try {
      album.add((await send('POST', '/pictures', form)).id)
    }
    catch {
      return
    }
    writes++
    done.picture++
  }
}

/** A small picture that is like no other. */
function png() {
  const side = 24
  const rows = Array.from({ length: side }, () => [0, ...Array.from({ length: side * 3 }, () => Math.floor(random() * 256))])
  const head = Buffer.from([0, 0, 0, side, 0, 0, 0, side, 8, 2, 0, 0, 0])
  const chunks = [['IHDR', head], ['IDAT', deflateSync(Buffer.from(rows.flat()))], ['IEND', Buffer.alloc(0)]]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'), ...chunks.map(([name, content]) => chunk(name, content))])
}

function chunk(name, content) {
  const named = Buffer.concat([Buffer.from(name), content])
  const around = Buffer.alloc(8)
  around.writeUInt32BE(content.length, 0)
  around.writeUInt32BE(crc(named), 4)
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)])
}

function crc(bytes) {
  let sum = 0xFFFFFFFF
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++)
      sum = (sum >>> 1) ^ (sum & 1 ? 0xEDB88320 : 0)
  }
  return ~sum >>> 0
}

/** What is done to an item: mostly changes, now and then it goes. */
function change(item) {
  const turn = random()
  const path = `/wines/${item.id}`
  if (turn < 0.5)
    return ['PATCH', path, { note: { de: `${random()}` }, servings: [{ id: item.servings[0].id, ...serving() }] }]
  if (turn < 0.8)
    return ['PUT', `${path}/availability`, { sold_out: random() < 0.5 }]
  return ['DELETE', path]
}

function creation(section) {
  return ['POST', '/wines', { name: { de: `Wein ${random()}` }, section, wine: { color: 'red' }, servings: [serving()] }]
}

function serving() {
  return { unit: 'bottle', volume_ml: 750, price_cents: 1000 + Math.floor(random() * 1000) }
}

async function check(round) {
  const server = await start()
  const { items } = await server.ask('GET', '/menu')
  const pictures = await server.ask('GET', '/pictures')
  server.kill()
  await server.ended
  checkAlbum(round, pictures)
  const there = new Map(items.map(item => [item.id, item]))
  for (const [id, wanted] of known) {
    const found = there.get(id) ?? null
    // A write on its way when the server was killed may be made or not; what was acknowledged before stays below it.
    const newer = unsure.has(id) && (found === null || (wanted && found.revision === wanted.revision + 1))
    if (!newer && !isDeepStrictEqual(found, wanted))
      throw new Error(`round ${round}: ${JSON.stringify(wanted)} was acknowledged, ${JSON.stringify(found)} is there`)
    known.set(id, found)
  }
  unsure.clear()
  for (const ids of mine)
    ids.splice(0, ids.length, ...ids.filter(id => known.get(id)))
  const lines = query(`SELECT lower(hex(thing_id)) AS id, "after" FROM changes WHERE thing IN ('wine', 'drink', 'snack') ORDER BY changes.id`)
  const last = new Map(lines.map(({ id, after }) => [id, JSON.parse(after)]))
  for (const { id } of items) {
    if (!last.has(id.replaceAll('-', '')))
      throw new Error(`round ${round}: no line of history about ${id}`)
  }
  for (const [id, after] of last) {
    const item = items.find(item => item.id.replaceAll('-', '') === id) ?? null
    if (!isDeepStrictEqual(after, item))
      throw new Error(`round ${round}: the history ends with ${JSON.stringify(after)}, ${JSON.stringify(item)} is there`)
  }
  const [{ integrity_check: integrity }] = query('PRAGMA integrity_check')
  if (integrity !== 'ok')
    throw new Error(`round ${round}: the file is damaged: ${integrity}`)
}

/** Every picture that was acknowledged is there, and every picture that is there has all its files. */
function checkAlbum(round, pictures) {
  const ids = new Set(pictures.map(picture => picture.id))
  for (const id of album) {
    if (!ids.has(id))
      throw new Error(`round ${round}: picture ${id} was acknowledged and is not there`)
  }
  for (const { name } of pictures.flatMap(picture => picture.variants)) {
    if (!(statSync(join(media, name), { throwIfNoEntry: false })?.size > 0))
      throw new Error(`round ${round}: ${name} is missing or empty`)
  }
}

/** Lets all files be old and the server sweep: what belongs to no picture goes, and nothing else. */
async function sweep() {
  const files = readdirSync(media)
  files.forEach(name => utimesSync(join(media, name), 0, 0))
  const server = await start()
  const pictures = await server.ask('GET', '/pictures')
  const named = pictures.flatMap(picture => picture.variants.map(variant => variant.name)).toSorted()
  const until = performance.now() + 10_000
  while (!isDeepStrictEqual(readdirSync(media).toSorted(), named)) {
    if (performance.now() > until)
      throw new Error(`${readdirSync(media).length} files are there for ${named.length} that ${pictures.length} pictures name`)
    await pause(50)
  }
  server.kill()
  await server.ended
  console.log(`ok  of ${files.length} files the ${files.length - named.length} of no picture are swept away, those of ${pictures.length} pictures are there`)
}

function query(sql) {
  const rows = execFileSync('sqlite3', ['-readonly', '-json', join(folder, 'casavazquez.db'), sql], { maxBuffer: 1 << 30 })
  return JSON.parse(rows.toString() || '[]')
}

async function start() {
  const program = spawn(binary, ['serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise(resolve => program.once('exit', resolve))
  running = program
  const origin = await opened(program)
  const ask = (method, path, body, copy) => {
    const headers = { ...(body && { 'content-type': 'application/json' }), ...(copy && { 'if-match': `"${copy.revision}"` }) }
    return send(method, path, body && JSON.stringify(body), headers)
  }
  const send = async (method, path, body, headers) => {
    const answer = await fetch(`${origin}/api/v1${path}`, { method, body, headers: { ...headers, authorization: `Bearer ${token}` } })
    const text = await answer.text()
    if (!answer.ok) {
      // A refusal is no crash: it must not pass for one.
      console.error(`${method} ${path} was answered with ${answer.status}: ${text}`)
      process.exit(1)
    }
    return text ? JSON.parse(text) : null
  }
  const form = new URLSearchParams({ grant_type: 'password', username: 'manager', password: PASSWORD })
  const token = (await (await fetch(`${origin}/api/v1/auth/token`, { method: 'POST', body: form })).json()).access_token
  const menu = await ask('GET', '/menu')
  return { ask, send, section: menu.sections.find(section => section.menu === 'wines').id, kill: () => program.kill('SIGKILL'), ended }
}

async function opened(program) {
  for await (const line of createInterface(program.stdout)) {
    const origin = /is open at (http:\S+)/.exec(line)?.[1]
    if (origin)
      return origin
  }
  throw new Error('the server did not open')
}

/** The same numbers for the same seed (mulberry32). */
function numbers(state) {
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
