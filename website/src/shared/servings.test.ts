import type { Serving } from './card.ts'
import { expect, it } from 'vitest'
import { choices, needsUnitWord, sharedAge, soldOutKind } from './servings.ts'

function serving(unit: Serving['unit'], volume_ml: number | null, label: string | null = null): Serving {
  return {
    id: unit,
    unit,
    label,
    volume_ml,
    weight_g: null,
    price_cents: 100,
    alcohol: 'none',
    sold_out: false,
    sold_out_until: null,
  }
}

it('an age is shared only when all have it', () => {
  expect(sharedAge([
    { min_age: 16 },
    { min_age: 16 },
  ])).toBe(16)
  expect(sharedAge([
    { min_age: 16 },
    { min_age: 18 },
  ])).toBeNull()
  expect(sharedAge([
    { min_age: null },
    { min_age: 18 },
  ])).toBeNull()
  expect(sharedAge([])).toBeNull()
})

it('a bottle beside glasses is called a bottle, a small bottle alone is its volume', () => {
  const glass = serving('glass', 200)
  const bottle = serving('bottle', 750)
  expect(needsUnitWord(bottle, [glass, bottle])).toBe(true)
  expect(needsUnitWord(glass, [glass, bottle])).toBe(false)
  expect(needsUnitWord(bottle, [bottle])).toBe(true)
  expect(needsUnitWord(serving('bottle', 330), [
    serving('bottle', 330),
  ])).toBe(false)
})

it('what has neither measure nor label needs the word once there are two', () => {
  const plate = serving('plate', null)
  expect(needsUnitWord(plate, [plate])).toBe(false)
  expect(needsUnitWord(plate, [
    plate,
    serving('portion', null),
  ])).toBe(true)
  expect(needsUnitWord(serving('plate', null, 'mit Serrano'), [plate, plate])).toBe(false)
})

it('sold out until a moment is today, without one it is for now', () => {
  expect(soldOutKind({ sold_out: false, sold_out_until: null })).toBeNull()
  expect(soldOutKind({ sold_out: true, sold_out_until: '2026-11-24T03:00:00Z' })).toBe('today')
  expect(soldOutKind({ sold_out: true, sold_out_until: null })).toBe('for_now')
})

it('alternatives of one choice stand together', () => {
  const parts = [
    { id: 'a', choice: null },
    { id: 'b', choice: 1 },
    { id: 'c', choice: null },
    { id: 'd', choice: 1 },
  ]
  expect(choices(parts).map(group => group.map(part => part.id).join())).toEqual(['a', 'b,d', 'c'])
})
