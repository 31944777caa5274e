import { fileURLToPath } from 'node:url'
import { MENUS, open } from './support/pages.ts'
import { test } from './support/test.ts'

const FOLDER = fileURLToPath(new URL('../test-results/screenshots/', import.meta.url))
const PAGES = {
  home: '/',
  wein: MENUS.wines,
  getraenke: MENUS.drinks,
  snacks: MENUS.snacks,
}
const WIDTHS = [390, 1280]
const THEMES = ['light', 'dark'] as const

test.use({
  contextOptions: { reducedMotion: 'reduce' },
})

for (const width of WIDTHS) {
  for (const theme of THEMES) {
    test.describe(`${width} px, ${theme}`, () => {
      test.use({
        colorScheme: theme,
        viewport: {
          width,
          height: width < 800
            ? 844
            : 800,
        },
      })

      for (const [name, path] of Object.entries(PAGES)) {
        test(`screenshot of ${name}`, async ({ page }) => {
          await open(page, path)
          await page.screenshot({ path: `${FOLDER}${name}-${width}-${theme}.png`, fullPage: true })
        })
      }

      test('screenshot of the open filter', async ({ page }) => {
        await open(page, MENUS.wines)
        await page.locator('.panel__summary').click()
        await page.screenshot({ path: `${FOLDER}filter-${width}-${theme}.png` })
      })

      test('screenshot of open details', async ({ page }) => {
        await open(page, `${MENUS.wines}#tinto-de-la-casa`)
        await page.screenshot({ path: `${FOLDER}details-${width}-${theme}.png` })
      })

      test('screenshot of the legend', async ({ page }) => {
        await open(page, `${MENUS.snacks}#allergens`)
        await page.locator('#allergens').screenshot({ path: `${FOLDER}legend-${width}-${theme}.png` })
      })

      test('screenshot of an empty result', async ({ page }) => {
        await open(page, `${MENUS.wines}?q=absinth`)
        await page.screenshot({ path: `${FOLDER}empty-${width}-${theme}.png` })
      })
    })
  }
}
