// Serves both builds as the real server does (same shell, same content policy) with a small card made up for tests, and builds
// again whenever a source changes. CARD_DIR=folder shows real cards: de.json, en.json, es.json as GET /api/v1/card gives them.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import process from 'node:process'
import vm from 'node:vm'
import { build } from 'vite'
import { pageState } from '../src/fixtures/card.ts'
import { parseQuery } from '../src/shared/query.ts'

const PORT = Number(process.env.PORT ?? 4173)
const PAGES = {
  '/': 'home',
  '/wein': 'wines',
  '/getraenke': 'drinks',
  '/snacks': 'snacks',
}
const TYPES = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}
const POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self'`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `manifest-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types vue`,
].join('; ')

if (!process.argv.includes('--built')) {
  await Promise.all(['client', 'server'].map(mode => build({
    mode,
    build: { watch: {} },
  })))
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost')
  try {
    if (extname(url.pathname) !== '')
      sendFile(url, response)
    else
      await sendPage(url, response)
  }
  catch (error) {
    console.error(error)
    response.writeHead(error.code === 'ENOENT'
      ? 404
      : 500).end()
  }
}).listen(PORT, () => console.warn(`http://localhost:${PORT}`))

/** The pictures of the made-up card have no files: the house's sign stands for each. */
function sendFile(url, response) {
  const path = url.pathname.startsWith('/media/')
    ? '/favicon.svg'
    : url.pathname
  const body = readFileSync(new URL(`../dist/client${path}`, import.meta.url))
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body)
}

async function sendPage(url, response) {
  const [, prefix = '', rest = ''] = /^\/(?:(en|es)(?:\/|$))?(.*)$/.exec(url.pathname)
  const path = `/${rest}`
  const locale = prefix || 'de'
  const card = process.env.CARD_DIR && JSON.parse(readFileSync(`${process.env.CARD_DIR}/${locale}.json`, 'utf8'))
  const state = {
    ...pageState(PAGES[path] ?? 'not_found', locale, parseQuery(url.search), card || undefined),
    path,
  }
  const page = url.searchParams.has('nossr')
    ? { html: '', title: 'no ssr', description: '' }
    : await render(state)
  response.writeHead(PAGES[path] ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
  }).end(shell(state, page))
}

/** A fresh bare context per page, like the engine in the server: nothing but the language itself. */
async function render(state) {
  const context = vm.createContext({})
  vm.runInContext(readFileSync(new URL('../dist/server/guest.js', import.meta.url), 'utf8'), context)
  return JSON.parse(await context.renderPage(JSON.stringify(state)))
}

function shell(state, page) {
  const manifest = JSON.parse(readFileSync(new URL('../dist/client/.vite/manifest.json', import.meta.url), 'utf8'))
  const entry = manifest['src/guest/entry-client.ts']
  const words = manifest[`src/shared/i18n/${state.locale}.ts`]
  const fonts = (entry.assets ?? []).filter(asset => asset.endsWith('.woff2'))
  return `<!doctype html>
<html lang="${state.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${escape(page.title)}</title>
<meta name="description" content="${escape(page.description)}">
<meta name="color-scheme" content="dark light">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="manifest" href="/site.webmanifest">
${entry.css.map(file => `<link rel="stylesheet" href="/${file}">`).join('\n')}
${fonts.map(file => `<link rel="preload" href="/${file}" as="font" type="font/woff2" crossorigin>`).join('\n')}
<link rel="modulepreload" href="/${words.file}">
<script type="module" src="/${entry.file}"></script>
</head>
<body><div id="app">${page.html}</div><script type="application/json" id="state">${JSON.stringify(state).replaceAll('<', '\\u003c')}</script></body>
</html>`
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
