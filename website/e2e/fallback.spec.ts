import { ROUTES, tidy } from './support/pages.ts'
import { expect, test } from './support/test.ts'

// What the server sends when its renderer is out of order: the same document around an empty page.
const EMPTY = /<div id="app">[\s\S]*<\/div>(?=\s*<script type="application\/json" id="state")/

for (const route of [...ROUTES, '/wein?color=white&by_glass=true']) {
  test(`an empty page is filled by the browser itself: ${route}`, async ({ page, browser, server }) => {
    const still = await browser.newContext({ javaScriptEnabled: false })
    const rendered = await still.newPage()
    await rendered.goto(`${server.origin}${route}`)
    const expected = tidy(await rendered.locator('#app').evaluate(app => app.textContent))
    await page.route(url => url.pathname + url.search === route, async (request) => {
      const response = await request.fetch()
      const html = await response.text()
      expect(html).toMatch(EMPTY)
      await request.fulfill({
        response,
        body: html.replace(EMPTY, '<div id="app"></div>'),
      })
    })
    await page.goto(route)
    await expect.poll(async () => tidy(await page.locator('#app').evaluate(app => app.textContent))).toBe(expected)
    await expect(page.locator('h1')).toBeVisible()
    await still.close()
  })
}
