import type { Filter, PageState } from '../shared/card.ts'
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { renderToString } from 'vue/server-renderer'
import { pageState } from '../fixtures/card.ts'
import { dictionary } from '../shared/i18n/index.ts'
import { createGuestApp } from './app.ts'

const complaints = [
  vi.spyOn(console, 'warn'),
  vi.spyOn(console, 'error'),
]
let unmount = (): void => {}

async function open(page: PageState['page'], filter: Filter = {}, rendered = true): Promise<HTMLElement> {
  const state = pageState(page, 'de', filter)
  const t = dictionary('de')
  const root = document.createElement('div')
  document.body.replaceChildren(root)
  if (rendered)
    root.innerHTML = await renderToString(createGuestApp(structuredClone(state), t, true))
  const app = createGuestApp(structuredClone(state), t, rendered)
  app.mount(root)
  unmount = () => app.unmount()
  await vi.dynamicImportSettled()
  await flushPromises()
  return root
}

function count(root: HTMLElement): number {
  return root.querySelectorAll('article').length
}

async function toggle(root: HTMLElement, name: string, value: string): Promise<void> {
  const box = root.querySelector<HTMLInputElement>(`input[name="${name}"][value="${value}"]`)
  if (!box)
    throw new Error(`no ${name}=${value}`)
  box.checked = !box.checked
  box.dispatchEvent(new Event('input', { bubbles: true }))
  await flushPromises()
}

beforeEach(() => {
  history.replaceState(null, '', '/wein')
  complaints.forEach(spy => spy.mockClear())
})

afterEach(() => unmount())

describe('taking over the server’s page', () => {
  it.each([
    'home',
    'wines',
    'drinks',
    'snacks',
    'not_found',
  ] as const)('%s: no complaint, same text', async (page) => {
    const before = document.createElement('div')
    before.innerHTML = await renderToString(createGuestApp(pageState(page, 'de'), dictionary('de'), true))
    const root = await open(page)
    expect(root.textContent).toBe(before.textContent)
    complaints.forEach(spy => expect(spy).not.toHaveBeenCalled())
  })

  it('without a page from the server the browser makes the same one', async () => {
    const taken = (await open('drinks')).textContent
    expect((await open('drinks', {}, false)).textContent).toBe(taken)
  })
})

describe('the filter', () => {
  it('works at once, with a step back', async () => {
    const root = await open('wines')
    await toggle(root, 'color', 'red')
    expect(count(root)).toBe(4)
    expect(root.querySelector('[role=status]')?.textContent).toContain('4 von 11')
    expect(location.pathname + location.search).toBe('/wein?color=red')
  })

  it('follows back and forward', async () => {
    const root = await open('wines')
    await toggle(root, 'color', 'red')
    history.replaceState(null, '', '/wein')
    window.dispatchEvent(new PopStateEvent('popstate'))
    await flushPromises()
    expect(count(root)).toBe(11)
    expect(root.querySelector<HTMLInputElement>('input[value=red]')?.checked).toBe(false)
  })

  it('is emptied with one tap', async () => {
    const root = await open('wines', {
      color: ['rose'],
      new: true,
    })
    expect(count(root)).toBe(0)
    root.querySelector<HTMLElement>('.reset')?.click()
    await flushPromises()
    expect(count(root)).toBe(11)
    expect(location.search).toBe('')
  })

  it('a search marks its hits and keeps the history short', async () => {
    const root = await open('wines')
    const steps = history.length
    const search = root.querySelector<HTMLInputElement>('input[type=search]')
    if (search) {
      search.value = 'rose'
      search.dispatchEvent(new Event('input', { bubbles: true }))
    }
    await flushPromises()
    expect([
      ...root.querySelectorAll('h3 mark'),
    ].map(mark => mark.textContent)).toContain('Rosé')
    expect([history.length, location.search]).toEqual([steps, '?q=rose'])
  })

  it('what is unknown about an allergen stands apart, with its number', async () => {
    const root = await open('wines', {
      without: ['milk'],
    })
    expect(root.querySelector('#ask article h3')?.textContent).toBe('Garnacha Perdida')
    expect(root.querySelector('[role=status]')?.textContent).toContain('9 von 11 · 1 auf Nachfrage')
  })

  it('travels with the language', async () => {
    const root = await open('wines')
    await toggle(root, 'color', 'white')
    expect(root.querySelector('a[hreflang=en]')?.getAttribute('href')).toBe('/en/wein?color=white')
  })

  it('the button shows only until the page is alive', async () => {
    expect(await renderToString(createGuestApp(pageState('wines', 'de'), dictionary('de'), true))).not.toContain('filter--live')
    expect((await open('wines')).querySelector('.filter--live')).not.toBeNull()
  })
})
