import type { Filter } from './card.ts'
import { expect, it } from 'vitest'
import { formatQuery, parseQuery } from './query.ts'

const FULL: Filter = {
  q: 'rosé & mehr',
  color: ['red', 'rose'],
  section: ['tinto'],
  by_glass: true,
  max_price: 900,
  diet: ['vegan'],
  without: ['milk', 'nuts'],
  alcohol_free: true,
  new: true,
}

it('no filter is no query', () => {
  expect(formatQuery({})).toBe('')
  expect(formatQuery({ q: '  ', color: [] })).toBe('')
  expect(parseQuery('')).toEqual({})
})

it('what is written is read back', () => {
  expect(formatQuery(FULL)).toBe('?q=ros%C3%A9+%26+mehr&color=red&color=rose&section=tinto&by_glass=true&max_price=900&diet=vegan&without=milk&without=nuts&alcohol_free=true&new=true')
  expect(parseQuery(formatQuery(FULL))).toEqual(FULL)
})

it('an empty form is no filter', () => {
  expect(parseQuery('?q=&max_price=')).toEqual({})
})

it('unknown and broken values are no condition', () => {
  expect(parseQuery('?color=blue&max_price=cheap&by_glass=1&diet=raw&utm_source=x')).toEqual({})
  expect(parseQuery('?q=%E0%A4%A')).toEqual({ q: '%E0%A4%A' })
})

it('a repeated value counts once', () => {
  expect(parseQuery('?without=milk&without=milk')).toEqual({
    without: ['milk'],
  })
})
