import { expect, test } from './support/test.ts'

// Printed on the tables of the bar, as QR codes.
const PRINTED = {
  '/casavazquez': '/',
  '/casavazquez/home': '/',
  '/casavazquez/vino': '/wein',
  '/casavazquez/vino/': '/wein',
  '/casavazquez/vino?color=red': '/wein?color=red',
  '/casavazquez/drinks': '/getraenke',
  '/casavazquez/snacks': '/snacks',
}

for (const [old, now] of Object.entries(PRINTED)) {
  test(`the printed address ${old} leads to ${now}`, async ({ page, server }) => {
    const answer = await page.goto(old)
    expect(answer?.status()).toBe(200)
    expect(page.url()).toBe(`${server.origin}${now}`)
    expect((await page.request.get(old, { maxRedirects: 0 })).status()).toBe(308)
  })
}

test('a way to a section leads there and opens nothing', async ({ page }) => {
  await page.goto('/wein')
  await page.locator('.chips').getByRole('link', { name: 'Rotwein' }).click()
  await expect(page.locator('#s-rotwein')).toBeInViewport()
  await expect(page.locator('#content details[open]')).toHaveCount(0)
})

test('G26 an item has an address of its own that opens it clear of the bars', async ({ page }) => {
  await page.goto('/wein#colli-vaibo-lugana')
  const item = page.locator('#colli-vaibo-lugana')
  await expect(item.locator('.details__body')).toBeVisible()
  await expect(item.locator('summary')).toBeFocused()
  await expect.poll(async () => {
    const bar = await page.locator('.chips').boundingBox()
    const box = await item.boundingBox()
    return (box?.y ?? 0) - ((bar?.y ?? 0) + (bar?.height ?? 0))
  }).toBeGreaterThanOrEqual(0)
})
