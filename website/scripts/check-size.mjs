// Weighs what a guest's browser gets for its first menu page, as gzip -9, and fails above the budget.
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { gzipSync } from 'node:zlib'

const KILOBYTE = 1024
const FORBIDDEN = /reka-ui|pinia|vue-router|@vueuse|\/admin\//

const manifest = JSON.parse(read('.vite/manifest.json'))
const entry = manifest['src/guest/entry-client.ts']

const rows = [
  [
    'script, with the words of one language',
    weigh([
      ...scripts(entry),
      heaviestWords(),
    ]),
    38,
  ],
  [
    'style',
    weigh(entry.css),
    10,
  ],
  [
    'fonts',
    sum(fonts().map(file => read(file).length)),
    50,
  ],
]

for (const [name, bytes, budget] of rows) {
  console.warn(`${bytes > budget * KILOBYTE
    ? 'TOO BIG'
    : 'ok     '} ${(bytes / KILOBYTE).toFixed(1).padStart(6)} of ${budget} KB  ${name}`)
}

const strangers = Object.keys(manifest).filter(key => FORBIDDEN.test(key))
if (strangers.length > 0)
  console.warn(`NOT FOR GUESTS ${strangers.join(', ')}`)
if (fonts().length > 2)
  console.warn(`TOO MANY FONTS ${fonts().join(', ')}`)

process.exitCode = strangers.length > 0 || fonts().length > 2 || rows.some(([, bytes, budget]) => bytes > budget * KILOBYTE)
  ? 1
  : 0

/** The chunk and everything it imports at once; what it imports later is not part of the first load. */
function scripts(chunk) {
  return [
    ...new Set([
      chunk.file,
      ...(chunk.imports ?? []).flatMap(key => scripts(manifest[key])),
    ]),
  ]
}

function heaviestWords() {
  return ['de', 'en', 'es']
    .map(locale => manifest[`src/shared/i18n/${locale}.ts`].file)
    .sort((a, b) => weigh([b]) - weigh([a]))[0]
}

function fonts() {
  return [
    ...new Set(Object.values(manifest).flatMap(chunk => [
      chunk.file,
      ...(chunk.assets ?? []),
    ]).filter(file => file.endsWith('.woff2'))),
  ]
}

function weigh(files) {
  return sum(files.map(file => gzipSync(read(file), { level: 9 }).length))
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}

function read(file) {
  return readFileSync(new URL(`../dist/client/${file}`, import.meta.url))
}
