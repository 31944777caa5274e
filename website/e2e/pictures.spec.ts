import type { Page } from '@playwright/test'
import type { Item } from '../src/shared/card.ts'
import AxeBuilder from '@axe-core/playwright'
import { manager, paint } from './support/manager.ts'
import { alive, fetchCard, itemsOf, MENUS, open } from './support/pages.ts'
import { test as base, expect } from './support/test.ts'

const KILOBYTE = 1024
const ALT = 'Eine Flasche auf einem Tisch im Abendlicht'

interface Painted { width: number, height: number, focal_x?: number }

const test = base.extend<{
  /** Gives an item a picture for the length of a test. */
  picture: (item: Item, painted: Painted) => Promise<void>
}>({
  picture: async ({ page, server }, use) => {
    const { send, patch } = await manager(server)
    const shown: string[] = []
    await use(async ({ kind, id }, { width, height, focal_x = 50 }) => {
      const picture = await send(await paint(page, width, height), ALT)
      await patch(`pictures/${picture}`, { focal_x })
      await patch(`${kind}s/${id}`, { picture })
      shown.push(`${kind}s/${id}`)
    })
    for (const path of shown)
      await patch(path, { picture: null })
  },
})

test.use({
  deviceScaleFactor: 2,
})

async function wines(page: Page): Promise<[Item, Item]> {
  const [first, , third] = itemsOf(await fetchCard(page, 'de'), 'wines')
  return [first, third] as [Item, Item]
}

/** Where everything stands that a picture could push away. */
async function places(page: Page): Promise<string[]> {
  return page.locator('article, article .details__body > *').evaluateAll(all => all.map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect()
    return `${one.id || one.className} ${[x, y + scrollY, width, height].map(Math.round).join(' ')}`
  }))
}

for (const [shape, width, height] of [
  ['tall', 1500, 2000],
  ['wide', 2100, 1400],
  ['square', 1600, 1600],
] as const) {
  test(`G10 a wine shows its picture in both formats and four widths, at most 60 KB of it (${shape})`, async ({ page, picture }) => {
    const [wine] = await wines(page)
    await picture(wine, { width, height })
    await open(page, MENUS.wines)
    const image = page.getByRole('img', { name: ALT })
    const source = image.locator('xpath=preceding-sibling::source')
    expect(await widths(source.getAttribute('srcset'))).toEqual(['320w', '640w', '960w', '1440w'])
    expect(await widths(image.getAttribute('srcset'))).toEqual(['320w', '640w', '960w', '1440w'])
    await expect(source).toHaveAttribute('type', 'image/webp')
    await expect(image).toHaveAttribute('width', String(width))
    await expect(image).toHaveAttribute('height', String(height))
    await page.locator(`#${wine.slug} summary`).click()
    const whole = page.locator(`#${wine.slug} .details__body img`)
    for (const one of [image, whole]) {
      await expect.poll(() => one.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0)).toBe(true)
      const { address, drawn } = await one.evaluate((img: HTMLImageElement) => ({
        address: img.currentSrc,
        drawn: Math.max(img.width, img.height * Number(img.getAttribute('width')) / Number(img.getAttribute('height'))),
      }))
      // Pixels to a point, where the screen has two.
      const dense = Number(/-(\d+)\./.exec(address)?.[1]) / drawn
      expect(address).toMatch(/\.webp$/)
      expect((await (await page.request.get(address)).body()).length).toBeLessThanOrEqual(60 * KILOBYTE)
      expect(dense).toBeGreaterThan(1.8)
      expect(dense).toBeLessThan(4)
    }
  })
}

async function widths(srcset: Promise<string | null>): Promise<(string | undefined)[]> {
  return (await srcset ?? '').split(', ').map(one => one.split(' ')[1])
}

test('G10 the picture in the first screen hurries, the others wait, those in closed details are not fetched', async ({ page, picture }) => {
  const [first, third] = await wines(page)
  await picture(first, { width: 900, height: 1200 })
  await picture(third, { width: 1200, height: 900 })
  const asked: string[] = []
  page.on('request', request => request.resourceType() === 'image' && request.url().includes('/media/') && asked.push(request.url()))
  await open(page, MENUS.wines)
  const small = (item: Item) => page.locator(`#${item.slug} .photo img`).first()
  const whole = (item: Item) => page.locator(`#${item.slug} .details__body .photo img`)
  await expect(small(first)).toHaveAttribute('loading', 'eager')
  await expect(small(first)).toHaveAttribute('fetchpriority', 'high')
  await expect(small(first)).toBeInViewport()
  for (const later of [
    small(third),
    whole(first),
    whole(third),
  ])
    await expect(later).toHaveAttribute('loading', 'lazy')
  expect(await whole(first).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(0)
  expect(asked).toHaveLength(2)
  await page.locator(`#${first.slug} summary`).click()
  await expect.poll(() => whole(first).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
})

test('G10 nothing moves when pictures arrive, and the picture’s own colour is there before', async ({ page, picture }) => {
  const [first, third] = await wines(page)
  const [snack] = itemsOf(await fetchCard(page, 'de'), 'snacks') as [Item]
  await picture(first, { width: 1500, height: 2000 })
  await picture(third, { width: 2100, height: 700 })
  await picture(snack, { width: 200, height: 300 })
  for (const [path, items] of [
    [
      MENUS.wines,
      [first, third],
    ],
    [
      MENUS.snacks,
      [snack],
    ],
  ] as const) {
    let arrive = (): void => {}
    const arrived = new Promise<void>(resolve => arrive = resolve)
    await page.route('**/media/**', async (route) => {
      await arrived
      await route.continue()
    })
    await page.goto(path, { waitUntil: 'commit' })
    await page.waitForFunction(() => '__vue_app__' in (document.getElementById('app') ?? {}))
    await page.evaluate(() => document.fonts.ready)
    for (const item of items)
      await page.locator(`#${item.slug} details`).evaluate((details: HTMLDetailsElement) => details.open = true)
    const before = await places(page)
    const ground = page.locator(`#${items[0]?.slug} .photo__ground`).first()
    expect(await ground.evaluate(one => getComputedStyle(one).backgroundColor)).toMatch(/^rgb\(\d+, \d+, \d+\)$/)
    arrive()
    for (const image of await page.locator('details[open] .photo img').all()) {
      await image.scrollIntoViewIfNeeded()
      await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0)).toBe(true)
    }
    expect(await places(page)).toEqual(before)
    await page.unroute('**/media/**')
  }
})

test('G10 a photo is as large as the drawn bottle it stands for, so that the others stay where they are', async ({ page, picture }) => {
  const [wine] = await wines(page)
  const measure = async (): Promise<object[]> => {
    const boxes: object[] = []
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 })
      await open(page, MENUS.wines)
      boxes.push({
        ...await page.locator(`#${wine.slug} .wine__art`).boundingBox(),
      })
    }
    return boxes
  }
  const drawn = await measure()
  await picture(wine, { width: 1200, height: 1000 })
  expect(await measure()).toEqual(drawn)
  await expect(page.locator(`#${wine.slug} .wine__art img`)).toBeVisible()
})

test('G10 what must not be cut off is in sight', async ({ page, picture }) => {
  const [wine] = await wines(page)
  await picture(wine, { width: 2000, height: 800, focal_x: 90 })
  await open(page, MENUS.wines)
  await expect(page.getByRole('img', { name: ALT })).toHaveCSS('object-position', '90% 50%')
})

test('G10 pictures need no script', async ({ page, browser, server, picture }) => {
  const [wine] = await wines(page)
  await picture(wine, { width: 900, height: 1200 })
  const context = await browser.newContext({ javaScriptEnabled: false })
  const still = await context.newPage()
  await still.goto(`${server.origin}${MENUS.wines}`)
  await expect.poll(() => still.getByRole('img', { name: ALT }).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
  await context.close()
})

for (const theme of ['light', 'dark'] as const) {
  test(`G36 axe finds nothing where pictures are, small and whole (${theme})`, async ({ page, picture }) => {
    await page.emulateMedia({ colorScheme: theme })
    const card = await fetchCard(page, 'de')
    for (const menu of ['wines', 'snacks'] as const) {
      const [item] = itemsOf(card, menu) as [Item]
      await picture(item, { width: 900, height: 700 })
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 800 })
        await open(page, `${MENUS[menu]}#${item.slug}`)
        await alive(page)
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(violations.map(one => one.id)).toEqual([])
      }
    }
  })
}
