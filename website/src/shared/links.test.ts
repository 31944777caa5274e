import { expect, it } from 'vitest'
import { localPath, pageLink, PATHS } from './links.ts'

it('German stands at the root, the others below their prefix', () => {
  expect(localPath(PATHS.home, 'de')).toBe('/')
  expect(localPath(PATHS.home, 'en')).toBe('/en/')
  expect(localPath(PATHS.wines, 'es')).toBe('/es/wein')
})

it('the filter travels with the language', () => {
  expect(pageLink('/wein', 'en', {
    color: ['red'],
    q: 'rioja',
  })).toBe('/en/wein?q=rioja&color=red')
})
