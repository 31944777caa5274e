import type { Declaration, Substance } from './card.ts'
import { describe, expect, it } from 'vitest'
import { allergenGroups, declared, groupState, marks } from './substances.ts'

function substance(code: string, mark: string | null, group: string | null = null, kind: Substance['kind'] = 'allergen'): Substance {
  return { code, kind, group, mark, name: code }
}

const LEGEND = [
  substance('gluten', 'a'),
  substance('gluten_wheat', 'a1', 'gluten'),
  substance('milk', 'g'),
  substance('nuts', 'h'),
  substance('almond', 'h1', 'nuts'),
  substance('colouring', '1', null, 'additive'),
  substance('pork', null, null, 'ingredient'),
]

function rows(state: Declaration['state'], ...codes: string[]): Declaration[] {
  return codes.map(code => ({ substance: code, state }))
}

const NUTS = [
  'almond',
  'hazelnut',
  'walnut',
  'cashew',
  'pecan',
  'brazil_nut',
  'pistachio',
  'macadamia',
]

describe('groupState', () => {
  it('no row is unknown, never free', () => {
    expect(groupState([], 'milk')).toBe('unknown')
    expect(groupState(rows('free', 'gluten'), 'milk')).toBe('unknown')
  })

  it('a member decides for its group', () => {
    expect(groupState(rows('contains', 'gluten_wheat'), 'gluten')).toBe('contains')
    expect(groupState(rows('traces', 'almond'), 'nuts')).toBe('traces')
  })

  it('one free member does not free the group, all of them do', () => {
    expect(groupState(rows('free', 'almond'), 'nuts')).toBe('unknown')
    expect(groupState(rows('free', ...NUTS.slice(1)), 'nuts')).toBe('unknown')
    expect(groupState(rows('free', ...NUTS), 'nuts')).toBe('free')
    expect(groupState(rows('free', 'nuts'), 'nuts')).toBe('free')
  })

  it('contains outweighs traces, and both outweigh a free group', () => {
    expect(groupState([
      ...rows('free', 'nuts'),
      ...rows('traces', 'almond'),
    ], 'nuts')).toBe('traces')
    expect(groupState([
      ...rows('traces', 'nuts'),
      ...rows('contains', 'almond'),
    ], 'nuts')).toBe('contains')
  })
})

it('the groups are those without a group above them', () => {
  expect(allergenGroups(LEGEND).map(group => group.code)).toEqual(['gluten', 'milk', 'nuts'])
})

describe('declared', () => {
  it('is undeclared without a single group', () => {
    expect(declared([], LEGEND).undeclared).toBe(true)
    expect(declared(rows('contains', 'colouring'), LEGEND).undeclared).toBe(true)
    expect(declared(rows('free', 'milk'), LEGEND).undeclared).toBe(false)
  })

  it('sorts by what is said', () => {
    const result = declared([
      ...rows('contains', 'pork', 'colouring', 'gluten', 'gluten_wheat'),
      ...rows('traces', 'almond'),
    ], LEGEND)
    expect(result.contains.map(s => s.code)).toEqual(['gluten_wheat'])
    expect(result.traces.map(s => s.code)).toEqual(['almond'])
    expect(result.additives.map(s => s.code)).toEqual(['colouring'])
    expect(result.ingredients.map(s => s.code)).toEqual(['pork'])
    expect(result.unknown.map(s => s.code)).toEqual(['milk'])
  })
})

it('marks put traces in brackets and leave out what has no mark', () => {
  const declarations = [
    ...rows('contains', 'gluten_wheat', 'pork', 'colouring'),
    ...rows('traces', 'almond'),
    ...rows('free', 'milk'),
  ]
  expect(marks({ declarations }, LEGEND)).toEqual(['a1', '(h1)', '1'])
})
