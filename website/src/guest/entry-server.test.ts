// @vitest-environment node
import type { Locale, PageState } from '../shared/card.ts'
import type { Head } from './head.ts'
import vm from 'node:vm'
import { build } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import { renderToString } from 'vue/server-renderer'
import { pageState } from '../fixtures/card.ts'
import { dictionary } from '../shared/i18n/index.ts'
import { createGuestApp } from './app.ts'
import { head } from './head.ts'

const PAGES: PageState['page'][] = [
  'home',
  'wines',
  'drinks',
  'snacks',
  'not_found',
]
const LOCALES: Locale[] = ['de', 'en', 'es']

let bundle = ''

// The engine in the server knows nothing but the language itself; an empty context is as bare.
async function render(state: PageState): Promise<Head & { html: string }> {
  const context = vm.createContext({})
  vm.runInContext(bundle, context)
  return JSON.parse(await (context.renderPage as typeof renderPage)(JSON.stringify(state))) as Head & { html: string }
}

beforeAll(async () => {
  const result = await build({
    mode: 'server',
    logLevel: 'error',
    build: { write: false },
  })
  const output = [result].flat()[0]
  bundle = output && 'output' in output
    ? output.output[0].code
    : ''
}, 60_000)

it('is one script without imports or a way out', () => {
  expect(bundle).not.toMatch(/\bimport\s*\(|\brequire\(|process\.env|\bIntl\b|toLocale/)
})

describe.each(LOCALES)('%s', (locale) => {
  it.each(PAGES)('%s comes out of the bare engine as it does here', async (page) => {
    const state = pageState(page, locale, {
      without: ['milk'],
      q: 'a',
    })
    const { html, ...rest } = await render(state)
    expect(html).toBe(await renderToString(createGuestApp(structuredClone(state), dictionary(locale), true)))
    expect(rest).toEqual(head(state))
  })

  it('every item, price and legend word is in the page', async () => {
    for (const page of ['wines', 'drinks', 'snacks'] as const) {
      const state = pageState(page, locale)
      const { html } = await render(state)
      const items = state.sections.flatMap(section => section.items)
      expect(html.match(/<article/g)).toHaveLength(items.length)
      expect(html.match(/class="serving__price"/g)?.length).toBeGreaterThanOrEqual(items.flatMap(item => item.servings).length)
      for (const { slug } of items)
        expect(html).toContain(`<article id="${slug}"`)
      for (const { name } of state.substances.filter(substance => substance.mark !== null))
        expect(html).toContain(`<dd>${name}</dd>`)
    }
  })
})

it('the content policy is kept: no style attribute, no inline handler or script', async () => {
  for (const page of PAGES) {
    const { html } = await render(pageState(page, 'de', {
      color: ['red'],
    }))
    expect(html).not.toMatch(/\sstyle=|\son\w+=|<script|<style/)
  }
})

it('a photo takes the place of the drawn bottle, in both formats, and only the first one hurries', async () => {
  const { html } = await render(pageState('wines', 'de'))
  expect(html.match(/class="photo photo--niche/g)).toHaveLength(1)
  expect(html.match(/class="bottle /g)).toHaveLength(10)
  expect(html).toMatch(/<source type="image\/webp" srcset="\/media\/flasche-320.webp 320w, [^"]+" sizes="[^"]+">/)
  expect(html).toContain('alt="Gemalt für den Versuch" width="1500" height="2000"')
  expect(html.match(/loading="eager" fetchpriority="high"/g)).toHaveLength(1)
  expect(html.match(/loading="lazy" decoding/g)).toHaveLength(1)
})

it('a picture of which nobody has said what it shows does not repeat the name beside it', async () => {
  const { html } = await render(pageState('snacks', 'de'))
  expect(html.match(/<img[^>]+alt(="")? /g)).toHaveLength(2)
  expect(html).not.toContain('alt="Tortilla')
})

it('German text on a translated page says that it is German', async () => {
  const { html } = await render(pageState('wines', 'en'))
  expect(html).toMatch(/class="wine__style" lang="de"/)
  expect((await render(pageState('wines', 'de'))).html).not.toMatch(/class="wine__style" lang=/)
})

it('sold out is said in words and stays on the card', async () => {
  const { html } = await render(pageState('wines', 'de'))
  expect(html).toContain('Heute ausverkauft')
  expect(html).toContain('Zurzeit ausverkauft')
})

it('what is undeclared is on request', async () => {
  expect((await render(pageState('snacks', 'de'))).html).toContain('Allergene: auf Nachfrage')
})
