import { expect, it } from 'vitest'
import { pageState } from '../fixtures/card.ts'
import { head } from './head.ts'

it('the home page leads with the name of the house, the menus with their own', () => {
  expect(head(pageState('home', 'de')).title).toBe('Casa Vazquez – Weinbar in Münster')
  expect(head(pageState('wines', 'de')).title).toBe('Wein – Casa Vazquez')
  expect(head(pageState('not_found', 'en')).title).toBe('An empty glass – Casa Vazquez')
})

it('every page has a description of its own', () => {
  const pages = [
    'home',
    'wines',
    'drinks',
    'snacks',
    'not_found',
  ] as const
  expect(new Set(pages.map(page => head(pageState(page, 'es')).description)).size).toBe(pages.length)
})
