import { expect, it } from 'vitest'
import { dictionary } from './index.ts'

function leaves(value: unknown, path: string): string[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, child]) => leaves(child, `${path}.${key}`))
    : [path]
}

it('all languages have the same keys, lists of the same length included', () => {
  const german = leaves(dictionary('de'), '')
  expect(leaves(dictionary('en'), '')).toEqual(german)
  expect(leaves(dictionary('es'), '')).toEqual(german)
})

it('one and many are told apart', () => {
  expect(dictionary('de').filter.active(1)).toBe('1 Filter gesetzt')
  expect(dictionary('de').filter.active(3)).toBe('3 Filter gesetzt')
})
