import { expect, it } from 'vitest'
import { dictionary } from './index.ts'
import { loadDictionary } from './load.ts'

it('the browser gets the words that the server has', async () => {
  for (const locale of ['de', 'en', 'es'] as const)
    expect(await loadDictionary(locale)).toBe(dictionary(locale))
})
