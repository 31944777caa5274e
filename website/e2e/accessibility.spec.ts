import type { Page } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'
import { address, LOST, MENUS, open, ROUTES } from './support/pages.ts'
import { expect, test } from './support/test.ts'

const WIDTHS = [320, 390, 1280]
const THEMES = ['light', 'dark'] as const
const PATHS = [
  '/',
  ...Object.values(MENUS),
  LOST,
]

test.use({
  contextOptions: { reducedMotion: 'reduce' },
})

/** Everything that can be unfolded, unfolded. */
async function unfold(page: Page): Promise<void> {
  await page.locator('details').evaluateAll(all => all.forEach(one => one.setAttribute('open', '')))
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags([
      'wcag2a',
      'wcag2aa',
      'wcag21a',
      'wcag21aa',
      'wcag22aa',
      'best-practice',
    ])
    .analyze()
  return found.map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).slice(0, 5).join(', ')}`)
}

for (const width of WIDTHS) {
  for (const theme of THEMES) {
    test.describe(`${width} px, ${theme}`, () => {
      test.use({
        colorScheme: theme,
        viewport: { width, height: 800 },
      })

      for (const path of PATHS) {
        test(`G36 axe finds nothing on ${path}, everything unfolded`, async ({ page }) => {
          await open(page, path)
          await unfold(page)
          expect(await violations(page)).toEqual([])
        })
      }

      test('G36 axe finds nothing on an empty result and on one with questions', async ({ page }) => {
        await open(page, `${MENUS.wines}?q=absinth`)
        expect(await violations(page)).toEqual([])
        await open(page, `${MENUS.snacks}?without=milk&q=o`)
        expect(await violations(page)).toEqual([])
      })
    })
  }
}

for (const locale of ['en', 'es'] as const) {
  test(`G36 axe finds nothing in the other languages (${locale})`, async ({ page }) => {
    for (const path of PATHS) {
      await open(page, address(path, locale))
      expect(await violations(page), path).toEqual([])
    }
  })
}

for (const width of [320, 1280]) {
  test(`G37 everything to press is at least 44 px wide and high (${width} px)`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 })
    for (const path of PATHS) {
      await open(page, path)
      await page.locator('.panel').evaluateAll(all => all.forEach(one => one.setAttribute('open', '')))
      expect(await smallTargets(page), path).toEqual([])
    }
  })
}

/** Links within a line of text are excepted: the codes behind a name. The skip link is seen only with the focus on it. */
async function smallTargets(page: Page): Promise<string[]> {
  return page.locator('a[href], button, input, select, summary').evaluateAll(all => all
    .filter(one => !one.matches('.marks, .skip') && one.checkVisibility())
    .map(one => ({
      one,
      box: (one.closest('label') ?? one).getBoundingClientRect(),
    }))
    .filter(({ box }) => box.width > 0 && (box.width < 43.9 || box.height < 43.9))
    .map(({ one, box }) => `${one.className || one.tagName} ${Math.round(box.width)}×${Math.round(box.height)}`))
}

test('G38 the first stop of the keyboard leads past the navigation', async ({ page }) => {
  for (const path of ['/', MENUS.drinks]) {
    await open(page, path)
    await page.keyboard.press('Tab')
    const skip = page.locator('.skip')
    await expect(skip).toBeFocused()
    await expect(skip).toBeInViewport()
    await page.keyboard.press('Enter')
    await expect(page.locator('main')).toBeFocused()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
  }
})

test('G38 the keyboard reaches everything in the order of the page, seen and not under a bar', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await open(page, MENUS.wines)
  const stops = await page.locator('a[href], input, select, summary').evaluateAll(all =>
    all.filter(one => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })).length)
  const trouble: string[] = []
  let last = -1
  for (let stop = 0; stop < Math.min(stops, 60); stop++) {
    await page.keyboard.press('Tab')
    const { place, shown, name } = await page.evaluate(describeFocus)
    if (place <= last)
      trouble.push(`${name} comes too late`)
    if (!shown)
      trouble.push(`${name} is not to be seen`)
    last = place
  }
  expect(trouble).toEqual([])
})

/** Runs in the page. */
function describeFocus(): { place: number, shown: boolean, name: string } {
  const one = document.activeElement ?? document.body
  const box = (one.closest('label') ?? one).getBoundingClientRect()
  const outlined = [
    one,
    one.closest('label'),
  ].some(part => part && getComputedStyle(part).outlineStyle !== 'none')
  const bar = document.querySelector('.chips')
  const top = bar && !bar.contains(one)
    ? bar.getBoundingClientRect().bottom
    : 0
  const sticks = bar !== null && bar.getBoundingClientRect().top <= 0
  return {
    place: [
      ...document.querySelectorAll('*'),
    ].indexOf(one),
    shown: outlined && box.bottom <= innerHeight + 1 && box.top >= (sticks
      ? top - 1
      : -1),
    name: `${one.className} ${one.textContent.trim().slice(0, 30)}`,
  }
}

test('G38 details open and close by keyboard', async ({ page }) => {
  await open(page, MENUS.snacks)
  const summary = page.locator('article summary').first()
  await summary.focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('article .details__body').first()).toBeVisible()
  await page.keyboard.press('Space')
  await expect(page.locator('article .details__body').first()).toBeHidden()
})

async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width)
      return []
    return [
      ...document.querySelectorAll('body *'),
    ]
      .filter(one => !one.closest('.chips, .choice--colors') && one.getBoundingClientRect().right > width + 1)
      .map(one => `${one.tagName} ${one.getAttribute('class')} ${Math.round(one.getBoundingClientRect().right)}`)
      .slice(0, 8)
      .concat('the page scrolls sideways')
  })
}

test('G39 nothing scrolls sideways at 320 px', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 })
  for (const route of ROUTES) {
    await open(page, route)
    await unfold(page)
    expect(await sideways(page), route).toEqual([])
  }
})

// As a guest's own settings would do it; through the object model, which the content policy lets pass.
const LARGE = 'html { font-size: 212.5% !important }'
const WIDE = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
  p { margin-block-end: 2em !important }`

for (const [name, rules, widths] of [
  [
    'of twice the size',
    LARGE,
    [390, 1280],
  ],
  [
    'with wide spacing',
    WIDE,
    [320, 1280],
  ],
] as const) {
  for (const width of widths) {
    test(`G39 text ${name} fits at ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 })
      for (const path of PATHS) {
        await open(page, path)
        await unfold(page)
        await page.evaluate((text) => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync(text)
          document.adoptedStyleSheets = [sheet]
        }, rules)
        expect(await sideways(page), path).toEqual([])
        expect(await cutOff(page), path).toEqual([])
      }
    })
  }
}

/** Words that leave their own box sideways, or their bar. */
async function cutOff(page: Page): Promise<string[]> {
  return page.locator('.nav__link span, .serving__price, h1, h2, h3, .tile__title').evaluateAll(all => all
    .filter(one => one.checkVisibility())
    .filter((one) => {
      const box = one.getBoundingClientRect()
      return box.left < -1 || box.right > innerWidth + 1
    })
    .map(one => `${one.className} ${one.textContent}`))
}

test('G41 whoever wants no motion gets none', async ({ page }) => {
  for (const path of ['/', MENUS.wines]) {
    await open(page, path)
    const moving = await page.evaluate(() => [
      ...document.querySelectorAll('*'),
    ].filter((one) => {
      const style = getComputedStyle(one)
      return style.animationName !== 'none'
        || (style.transitionProperty !== 'all' && style.transitionProperty !== 'opacity' && style.transitionDuration !== '0s')
        || style.scrollBehavior === 'smooth'
    }).map(one => one.className))
    expect(moving).toEqual([])
  }
})

test.describe('with motion', () => {
  test.use({
    contextOptions: { reducedMotion: 'no-preference' },
  })

  test('G41 the question is asked at all: with motion the page scrolls softly', async ({ page }) => {
    await open(page, '/')
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe('smooth')
  })
})
