import type { Page } from '@playwright/test'
import type { Item, Locale, Serving } from '../src/shared/card.ts'
import { address, fetchCard, itemsOf, LOCALES, MENU_NAMES, MENUS, open, tidy } from './support/pages.ts'
import { expect, test } from './support/test.ts'

// Written a second time on purpose, with the browser's own tables: the pages have formatters of their own.
function price(cents: number, locale: Locale): string {
  return tidy(new Intl.NumberFormat(locale === 'en'
    ? 'en-IE'
    : `${locale}-${locale.toUpperCase()}`, {
    style: 'currency',
    currency: 'EUR',
  }).format(cents / 100))
}

function measure(serving: Serving, locale: Locale): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 })
  if (serving.volume_ml !== null) {
    return serving.volume_ml < 100
      ? `${number.format(serving.volume_ml / 10)} cl`
      : `${number.format(serving.volume_ml / 1000)} l`
  }
  return serving.weight_g === null
    ? ''
    : `${serving.weight_g} g`
}

interface Entry {
  slug: string
  name: string
  text: string
  servings: string[]
}

/** All entries of a page in one go. */
async function entries(page: Page): Promise<Entry[]> {
  const raw = await page.locator('article').evaluateAll(articles => articles.map(one => ({
    slug: one.id,
    name: one.querySelector('h3')?.textContent ?? '',
    text: one.textContent,
    servings: [
      ...one.querySelectorAll('.servings > li'),
    ].map(serving => serving.textContent),
  })))
  return raw.map(({ slug, name, text, servings }) => ({
    slug,
    name: tidy(name),
    text: tidy(text),
    servings: servings.map(tidy),
  }))
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  for (const locale of LOCALES) {
    for (const menu of MENU_NAMES) {
      test(`G01 without JavaScript every item of ${menu} is there with its prices (${locale})`, async ({ page }) => {
        const card = await fetchCard(page, locale)
        const items = itemsOf(card, menu)
        const names = new Map(card.substances.map(substance => [substance.code, substance.name]))
        await page.goto(address(MENUS[menu], locale))
        const shown = await entries(page)
        expect(shown.map(entry => entry.slug)).toEqual(items.map(item => item.slug))
        for (const [index, item] of items.entries()) {
          const entry = shown[index]
          expect(entry?.name).toBe(tidy(item.name))
          expect(entry?.servings, item.slug).toHaveLength(item.servings.length)
          for (const [place, serving] of item.servings.entries()) {
            expect(entry?.servings[place], item.slug).toContain(price(serving.price_cents, locale))
            expect(entry?.servings[place], item.slug).toContain(measure(serving, locale))
          }
          for (const text of wordsOf(item, names))
            expect(entry?.text, item.slug).toContain(tidy(text))
        }
      })
    }
  }

  test('G01 without JavaScript the filter is a form that the server answers', async ({ page }) => {
    await page.goto(MENUS.wines)
    await page.getByRole('searchbox').fill('rioja')
    await page.locator('label.chip--red').click()
    await page.getByRole('button', { name: 'Anzeigen' }).click()
    await expect(page).toHaveURL(/\/wein\?q=rioja&color=red/)
    const all = await page.request.get('/api/v1/wines?q=rioja&color=red')
    await expect(page.locator('article')).toHaveCount((await all.json() as { total: number }).total)
    await page.locator('.reset').click()
    await expect(page.locator('article')).toHaveCount(42)
  })

  test('G01 without JavaScript details open', async ({ page }) => {
    await page.goto(MENUS.drinks)
    const details = page.locator('#aperol-spritz details')
    await expect(details.locator('.details__body')).toBeHidden()
    await details.locator('summary').click()
    await expect(details.locator('.details__body')).toBeVisible()
  })
})

/** The texts of an item that every guest must be able to read, its allergens as words among them. */
function wordsOf(item: Item, names: Map<string, string>): string[] {
  return [
    item.description,
    item.story,
    item.note,
    item.wine?.characteristics,
    ...item.add_ons.map(part => part.name),
    ...item.components.map(part => part.name),
    ...item.declarations
      .filter(declaration => declaration.state === 'contains' && !isCovered(declaration.substance, item))
      .map(declaration => names.get(declaration.substance)),
  ].filter(text => text != null)
}

/** "Wheat" stands for its group. */
function isCovered(code: string, item: Item): boolean {
  return (code === 'gluten' || code === 'nuts') && item.declarations.length > 1
}

for (const locale of LOCALES) {
  test(`G21 allergens: codes behind the name, words in the details, a legend one tap away (${locale})`, async ({ page }) => {
    const card = await fetchCard(page, locale)
    await open(page, address(MENUS.snacks, locale))
    const groups = card.substances.filter(substance => substance.kind === 'allergen' && substance.group === null)
    expect(groups).toHaveLength(14)
    const legend = tidy(await page.locator('#allergens').innerText())
    for (const substance of card.substances.filter(one => one.mark !== null))
      expect(legend).toContain(`${substance.mark} ${substance.name}`)
    const item = itemsOf(card, 'snacks').find(one => one.declarations.some(declaration => declaration.state === 'contains'))
    const row = page.locator(`#${item?.slug}`)
    await row.locator('.marks').click()
    await expect(page.locator('#allergens')).toBeInViewport()
    await row.locator('summary').click()
    for (const { substance, state } of item?.declarations ?? []) {
      if (state === 'contains' && !isCovered(substance, item as Item))
        await expect(row.locator('.words')).toContainText(card.substances.find(one => one.code === substance)?.name ?? '?')
    }
  })
}

test('G21 what nobody has declared is said to be on request, never free', async ({ page }) => {
  const card = await fetchCard(page, 'de')
  const item = itemsOf(card, 'snacks').find(one => one.declarations.length === 0)
  await open(page, `${MENUS.snacks}#${item?.slug}`)
  await expect(page.locator(`#${item?.slug} .words`)).toHaveText('Allergene: auf Nachfrage')
})

test('G22 what is sold out stays on the card and says so in words', async ({ page }) => {
  const said = {
    de: ['Heute ausverkauft', 'Zurzeit ausverkauft'],
    en: ['Sold out today', 'Sold out for now'],
    es: ['Hoy agotado', 'Agotado por ahora'],
  }
  let seen = 0
  for (const locale of LOCALES) {
    const card = await fetchCard(page, locale)
    for (const menu of ['wines', 'drinks'] as const) {
      await open(page, address(MENUS[menu], locale))
      for (const item of itemsOf(card, menu).filter(one => one.sold_out)) {
        await expect(page.locator(`#${item.slug}`)).toContainText(said[locale][item.sold_out_until === null
          ? 1
          : 0] ?? '?')
        seen++
      }
    }
  }
  expect(seen).toBe(4 * 3)
})

test('G22 one serving that is sold out is marked, the others are not', async ({ page }) => {
  const card = await fetchCard(page, 'de')
  const item = itemsOf(card, 'wines').find(one => !one.sold_out && one.servings.some(serving => serving.sold_out))
  await open(page, MENUS.wines)
  const servings = page.locator(`#${item?.slug} .servings > li`)
  for (const [index, serving] of (item?.servings ?? []).entries())
    await expect(servings.nth(index).getByText('ausverkauft')).toHaveCount(serving.sold_out ? 1 : 0)
})

for (const locale of LOCALES) {
  test(`G23 at 320 px a price stays with its measure on one screen line block (${locale})`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 700 })
    for (const menu of MENU_NAMES) {
      await open(page, address(MENUS[menu], locale))
      const broken = await page.locator('.serving').evaluateAll(servings => servings.filter((serving) => {
        const price = serving.querySelector('.serving__price')
        const amount = serving.querySelector('.serving__measure')
        if (!price || !amount || price.getClientRects().length !== 1)
          return true
        const a = amount.getBoundingClientRect()
        const b = price.getBoundingClientRect()
        // Beside each other in one line, or the price right below its measure.
        const beside = a.top < b.bottom && b.top < a.bottom
        const below = b.top >= a.bottom - 4 && b.top - a.bottom < 8
        return !(beside || below) || b.right > innerWidth || a.left < 0
      }).map(serving => serving.textContent))
      expect(broken, menu).toEqual([])
    }
  })
}
