import type { Locale } from '../src/shared/card.ts'
import { address, fetchCard, hits, itemsOf, LOCALES, LOST, MENUS, open } from './support/pages.ts'
import { expect, test } from './support/test.ts'

const NAMES = { de: 'Deutsch', en: 'English', es: 'Español' }
const HEADINGS: Record<Locale, string[]> = {
  de: ['Wein', 'Getränke', 'Snacks'],
  en: ['Wine', 'Drinks', 'Snacks'],
  es: ['Vino', 'Bebidas', 'Picoteo'],
}

for (const locale of LOCALES) {
  test(`G27 ${NAMES[locale]}: the document says its language and where the others are`, async ({ page }) => {
    for (const path of [
      '/',
      ...Object.values(MENUS),
    ]) {
      await page.goto(address(path, locale))
      await expect(page.locator('html')).toHaveAttribute('lang', locale)
      for (const other of LOCALES) {
        const link = page.locator(`head link[rel=alternate][hreflang=${other}]`)
        expect(new URL(await link.getAttribute('href') ?? '', page.url()).pathname).toBe(address(path, other))
      }
      const canonical = await page.locator('head link[rel=canonical]').getAttribute('href')
      expect(new URL(canonical ?? '', page.url()).pathname).toBe(address(path, locale))
      await expect(page.locator('nav a[aria-current=true][hreflang]')).toHaveAttribute('hreflang', locale)
    }
  })

  test(`G27 ${NAMES[locale]}: headings and titles are in it`, async ({ page }) => {
    const titles = new Set<string>()
    for (const [index, path] of Object.values(MENUS).entries()) {
      await page.goto(address(path, locale))
      await expect(page.getByRole('heading', { level: 1 })).toContainText(HEADINGS[locale][index] ?? '?')
      titles.add(await page.title())
    }
    expect(titles.size).toBe(3)
  })
}

test('G27 the switch keeps the page and its filter', async ({ page }) => {
  await open(page, `${MENUS.wines}?color=rose&by_glass=true`)
  const chosen = await hits(page)
  await page.getByRole('link', { name: NAMES.en }).click()
  await expect(page).toHaveURL(/\/en\/wein\?color=rose&by_glass=true$/)
  expect(await hits(page)).toEqual(chosen)
  await page.getByRole('link', { name: NAMES.es }).click()
  await expect(page).toHaveURL(/\/es\/wein\?color=rose&by_glass=true$/)
  expect(await hits(page)).toEqual(chosen)
})

test('G27 text that is still German says so', async ({ page }) => {
  for (const locale of ['en', 'es'] as const) {
    const card = await fetchCard(page, locale)
    for (const menu of ['wines', 'drinks', 'snacks'] as const) {
      await page.goto(address(MENUS[menu], locale))
      for (const item of itemsOf(card, menu).filter(one => one.untranslated.length > 0)) {
        const fields = item.untranslated.filter(field => field !== 'name' && field !== 'style_words')
        expect(await page.locator(`#${item.slug} [lang=de]`).count(), item.slug).toBeGreaterThanOrEqual(fields.length)
      }
    }
  }
})

test('G27 a Spanish name says that it is Spanish', async ({ page }) => {
  await page.goto(MENUS.wines)
  await expect(page.locator('#tinto-de-la-casa h3')).toHaveAttribute('lang', 'es')
})

test('G45 the home page and the page that is not there never take each other’s place', async ({ page }) => {
  for (const path of ['/', LOST, '/', LOST]) {
    const answer = await page.goto(path)
    expect([
      answer?.status(),
      await page.locator('.lost').count(),
    ], path).toEqual(path === LOST
      ? [404, 1]
      : [200, 0])
  }
})

for (const locale of LOCALES) {
  test(`G45 a page that is not there: 404, in words of the language (${locale})`, async ({ page }) => {
    const said = { de: 'Nichts im Glas', en: 'An empty glass', es: 'Copa vacía' }
    for (const path of [LOST, '/wein/rioja']) {
      const answer = await page.goto(address(path, locale))
      expect(answer?.status()).toBe(404)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(said[locale])
      await expect(page.locator('html')).toHaveAttribute('lang', locale)
      await expect(page.locator('.tile').first()).toHaveAttribute('href', address(MENUS.wines, locale))
    }
  })
}
