import { alive, MENUS, open, ROUTES } from './support/pages.ts'
import { expect, test } from './support/test.ts'

test('G07 no page asks another origin for anything, and no cookie is set', async ({ page, context, server }) => {
  const origins = new Set<string>()
  context.on('request', request => origins.add(new URL(request.url()).origin))
  for (const route of ROUTES)
    await open(page, route)
  expect([...origins]).toEqual([server.origin])
  expect(await context.cookies()).toEqual([])
})

test('G08 every page carries a strict content policy', async ({ request }) => {
  for (const route of ROUTES) {
    const policy = (await request.get(route)).headers()['content-security-policy'] ?? ''
    expect(policy, route).toContain(`default-src 'none'`)
    expect(policy, route).toContain(`require-trusted-types-for 'script'`)
    expect(policy, route).not.toMatch(/unsafe-|\*|https?:/)
  }
})

test('G08 the policy is kept while a guest filters, searches and unfolds', async ({ page }) => {
  const broken: string[] = []
  page.on('console', message => message.text().startsWith('policy:') && broken.push(message.text()))
  for (const path of Object.values(MENUS)) {
    await open(page, path)
    await page.locator('.panel__summary').click()
    await page.locator('.panel label.chip').first().click()
    await page.getByRole('searchbox').fill('o')
    await page.locator('details.details > summary').first().click()
    await page.locator('#allergens').scrollIntoViewIfNeeded()
  }
  expect(broken).toEqual([])
})

test('G08 a policy that is broken is noticed by these tests', async ({ browser, server }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const said = page.waitForEvent('console', message => message.text().includes('Content Security Policy'))
  await page.goto(server.origin)
  await page.evaluate(() => {
    const style = document.createElement('style')
    style.textContent = 'body { color: red }'
    document.head.append(style)
  })
  await said
  await context.close()
})

test('G09 an unchanged page is answered with 304', async ({ request }) => {
  for (const route of ROUTES.filter(one => !one.endsWith('/keller'))) {
    const first = await request.get(route)
    const etag = first.headers().etag ?? ''
    expect(etag, route).not.toBe('')
    expect(first.headers()['cache-control'], route).toContain('no-cache')
    const again = await request.get(route, {
      headers: { 'if-none-match': etag },
    })
    expect([
      again.status(),
      (await again.body()).length,
    ], route).toEqual([304, 0])
  }
})

test('G09 what a page loads may be kept for a year', async ({ page, request }) => {
  const assets = new Set<string>()
  page.on('request', one => new URL(one.url()).pathname.startsWith('/assets/') && assets.add(one.url()))
  for (const path of [
    '/',
    ...Object.values(MENUS),
  ])
    await open(page, path)
  expect(assets.size).toBeGreaterThan(5)
  for (const asset of assets)
    expect((await request.get(asset)).headers()['cache-control'], asset).toMatch(/max-age=31536000.*immutable/)
})

test('G03 the first menu needs one page and one style sheet before it can be seen', async ({ page }) => {
  const kinds: string[] = []
  page.on('request', request => kinds.push(request.resourceType()))
  await page.goto(MENUS.wines)
  await alive(page)
  expect(kinds.filter(kind => kind === 'stylesheet')).toHaveLength(1)
  expect(kinds.filter(kind => kind === 'font').length).toBeLessThanOrEqual(2)
})
