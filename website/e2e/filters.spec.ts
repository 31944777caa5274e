import type { MenuName } from '../src/shared/card.ts'
import { applyFilter } from '../src/shared/filter.ts'
import { parseQuery } from '../src/shared/query.ts'
import { asked, fetchCard, hits, MENUS, open } from './support/pages.ts'
import { expect, test } from './support/test.ts'

interface Listing { total: number, items: { slug: string }[] }

// The rule is written twice, in Rust for the API and in TypeScript for the pages; this list holds the two together.
const COMBINATIONS: [MenuName, string][] = [
  ['wines', 'color=red'],
  ['wines', 'color=white&color=orange&by_glass=true'],
  ['wines', 'color=red&by_glass=true&without=milk'],
  ['wines', 'by_glass=true&max_price=500'],
  ['wines', 'max_price=2400&diet=vegan'],
  ['wines', 'q=rioja'],
  ['wines', 'q=ROSE+dry'],
  ['wines', 'q=trocken&color=rose'],
  ['wines', 'without=sulphites'],
  ['wines', 'without=eggs&without=milk&diet=vegan'],
  ['wines', 'section=schaumwein&section=hauswein'],
  ['wines', 'new=true'],
  ['wines', 'alcohol_free=true'],
  ['drinks', 'alcohol_free=true&max_price=500'],
  ['drinks', 'by_glass=true&section=spritz'],
  ['drinks', 'without=gluten&q=bier'],
  ['drinks', 'diet=vegan&without=gluten'],
  ['drinks', 'without=sulphites&alcohol_free=true'],
  ['snacks', 'diet=vegetarian'],
  ['snacks', 'diet=vegan&diet=keto'],
  ['snacks', 'without=milk&without=gluten'],
  ['snacks', 'without=nuts'],
  ['snacks', 'q=croquetas&max_price=700'],
  ['snacks', 'q=schinken'],
  ['snacks', 'q=kase&without=fish'],
]

for (const [menu, query] of COMBINATIONS) {
  test(`G18 the page and the API agree: ${menu} ${query}`, async ({ page }) => {
    const answer = await page.request.get(`/api/v1/${menu}?${query}`)
    expect(answer.status(), await answer.text()).toBe(200)
    const listing = await answer.json() as Listing
    await open(page, `${MENUS[menu]}?${query}`)
    expect(await hits(page)).toEqual(listing.items.map(item => item.slug))
    const card = await fetchCard(page, 'de')
    const sections = card.menus.find(one => one.menu === menu)?.sections ?? []
    await expect(page.getByRole('status')).toContainText(`${listing.total} von ${applyFilter(sections, {}).total}`)
    expect(await asked(page)).toEqual(applyFilter(sections, parseQuery(query)).ask.map(item => item.slug))
  })
}

test('G18 conditions add up, count and go away with one tap', async ({ page }) => {
  await open(page, MENUS.wines)
  await page.locator('label.chip--red').click()
  const { total } = await (await page.request.get('/api/v1/wines?color=red')).json() as Listing
  await expect(page.getByRole('status')).toContainText(`${total} von 42`)
  await page.locator('.panel__summary').click()
  await page.locator('label.chip').filter({ hasText: 'Glasweise' }).click()
  await expect(page).toHaveURL(/\?color=red&by_glass=true$/)
  await page.locator('.limit__select').selectOption('500')
  const both = await page.request.get('/api/v1/wines?color=red&by_glass=true&max_price=500')
  const { items } = await both.json() as Listing
  await expect(page.locator('article')).toHaveCount(items.length)
  await expect(page.locator('.panel__count')).toContainText('3')
  await page.locator('.reset').click()
  await expect(page.locator('article')).toHaveCount(42)
  await expect(page).toHaveURL(/\/wein$/)
  await expect(page.locator('label.chip--red input')).not.toBeChecked()
  await expect(page.locator('.limit__select')).toHaveValue('')
})

test('G19 back and forward, reload and a shared address show the same choice', async ({ page, context }) => {
  await open(page, MENUS.wines)
  await page.locator('label.chip--white').click()
  await page.locator('label.chip--orange').click()
  const chosen = await hits(page)
  expect(page.url()).toMatch(/\?color=white&color=orange$/)
  await page.goBack()
  await expect(page.locator('label.chip--orange input')).not.toBeChecked()
  await expect(page).toHaveURL(/\?color=white$/)
  await page.goBack()
  await expect(page.locator('article')).toHaveCount(42)
  await page.goForward()
  await page.goForward()
  expect(await hits(page)).toEqual(chosen)
  await page.reload()
  expect(await hits(page)).toEqual(chosen)
  const friend = await context.newPage()
  await friend.goto(page.url())
  expect(await hits(friend)).toEqual(chosen)
  await expect(friend.locator('label.chip--white input')).toBeChecked()
})

test('G19 the server itself renders the filtered page', async ({ request }) => {
  const html = await (await request.get(`${MENUS.wines}?color=orange`)).text()
  const markup = html.slice(0, html.indexOf('id="state"'))
  const { items } = await (await request.get('/api/v1/wines?color=orange')).json() as Listing
  expect(markup.match(/<article/g)).toHaveLength(items.length)
})

test('G20 what is unknown about an allergen is never a hit but stands under "on request"', async ({ page }) => {
  for (const [menu, path] of Object.entries(MENUS)) {
    for (const group of ['gluten', 'milk', 'nuts', 'sulphites']) {
      await open(page, `${path}?without=${group}`)
      const card = await fetchCard(page, 'de')
      const items = card.menus.filter(one => one.menu === menu).flatMap(one => one.sections).flatMap(section => section.items)
      const declared = (slug: string) => items.find(item => item.slug === slug)?.declarations ?? []
      for (const slug of await hits(page))
        expect(declared(slug), `${slug} without ${group}`).toContainEqual({ substance: group, state: 'free' })
      for (const slug of await asked(page))
        expect(declared(slug).filter(one => one.substance === group), slug).toEqual([])
    }
  }
  await open(page, `${MENUS.snacks}?without=milk`)
  await expect(page.getByRole('region', { name: 'Angaben auf Nachfrage' })).toBeVisible()
})

test('G25 the search knows neither accents nor capitals and marks what it found', async ({ page }) => {
  await open(page, MENUS.wines)
  const search = page.getByRole('searchbox')
  await search.fill('ROSE')
  const marked = await page.locator('article h3 mark').allInnerTexts()
  expect(marked.map(text => text.toLowerCase())).toContain('rosé')
  await open(page, `${MENUS.drinks}?q=munsterland`)
  await expect(page.locator('article mark').first()).toHaveText('Münsterland')
})

test('G25 a search without a hit offers the way back', async ({ page }) => {
  await open(page, MENUS.wines)
  await page.getByRole('searchbox').fill('absinth')
  await expect(page.locator('.empty')).toBeVisible()
  await expect(page.getByRole('status')).toContainText('0 von 42')
  await page.locator('.empty .reset').click()
  await expect(page.locator('article')).toHaveCount(42)
  await expect(page.getByRole('searchbox')).toHaveValue('')
})
