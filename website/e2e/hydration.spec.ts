import type { Page } from '@playwright/test'
import { open, ROUTES, tidy } from './support/pages.ts'
import { expect, test } from './support/test.ts'

const QUESTIONS = [
  '/wein?color=red&without=milk',
  '/en/getraenke?q=gin&max_price=1200',
  '/es/snacks?diet=vegan',
  '/wein?q=nichts',
]

/** The page as text and as a tree of tags, without what only a living page has. */
async function picture(page: Page): Promise<{ text: string, tags: string }> {
  const { text, tags } = await page.locator('#app').evaluate(app => ({
    text: app.textContent,
    tags: [
      ...app.querySelectorAll('*'),
    ].map(one => `${one.tagName}${one.id
      ? `#${one.id}`
      : ''}`).join(' '),
  }))
  return {
    text: tidy(text),
    tags,
  }
}

for (const route of [
  ...ROUTES,
  ...QUESTIONS,
]) {
  test(`G02 the browser takes over ${route} as it is, without a word`, async ({ page, browser, server }) => {
    const still = await browser.newContext({ javaScriptEnabled: false })
    const before = await still.newPage()
    await before.goto(`${server.origin}${route}`)
    const said: string[] = []
    page.on('console', message => said.push(message.text()))
    await open(page, route)
    // The legend comes to life when it is seen.
    if (await page.locator('#allergens').count() > 0)
      await page.locator('#allergens').scrollIntoViewIfNeeded()
    await page.waitForLoadState('networkidle')
    const after = await picture(page)
    expect(after).toEqual(await picture(before))
    expect(after.text.length).toBeGreaterThan(300)
    expect(said.filter(text => !text.includes('status of 404'))).toEqual([])
    await still.close()
  })
}
