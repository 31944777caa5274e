import type { Page } from '@playwright/test'
import type { Card, Item, Locale, MenuName } from '../../src/shared/card.ts'
import { expect } from './test.ts'

export const LOCALES = ['de', 'en', 'es'] as const satisfies Locale[]
export const MENUS = { wines: '/wein', drinks: '/getraenke', snacks: '/snacks' } as const satisfies Record<MenuName, string>
export const MENU_NAMES = ['wines', 'drinks', 'snacks'] as const satisfies MenuName[]
export const LOST = '/keller'

/** Every page of the site in every language. */
export const ROUTES = LOCALES.flatMap(locale => [
  '/',
  ...Object.values(MENUS),
  LOST,
].map(path => address(path, locale)))

export function address(path: string, locale: Locale): string {
  return locale === 'de'
    ? path
    : `/${locale}${path}`
}

export async function fetchCard(page: Page, locale: Locale): Promise<Card> {
  const answer = await page.request.get(`/api/v1/card?locale=${locale}`)
  expect(answer.status()).toBe(200)
  return await answer.json() as Card
}

export function itemsOf(card: Card, menu: MenuName): Item[] {
  return card.menus.filter(one => one.menu === menu).flatMap(one => one.sections).flatMap(section => section.items)
}

/** Opens a page and waits until the browser has taken it over, late parts included. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await alive(page)
}

export async function alive(page: Page): Promise<void> {
  await page.waitForFunction(() => '__vue_app__' in (document.getElementById('app') ?? {}))
  if (await page.locator('form.filter').count() > 0)
    await page.locator('form.filter--live').waitFor()
  await page.waitForLoadState('networkidle')
}

/** The slugs of the items that are hits, in the page's order; what stands under "on request" is not among them. */
export async function hits(page: Page): Promise<string[]> {
  return page.locator('article').evaluateAll(articles => articles.filter(one => !one.closest('#ask')).map(one => one.id))
}

export async function asked(page: Page): Promise<string[]> {
  return page.locator('#ask article').evaluateAll(articles => articles.map(one => one.id))
}

export function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
