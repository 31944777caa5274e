import { expect, it } from 'vitest'
import { formatVolume, formatWeight } from './measure.ts'

it('wine comes in litres', () => {
  expect(formatVolume(100, 'de')).toBe('0,1\u00A0l')
  expect(formatVolume(200, 'en')).toBe('0.2\u00A0l')
  expect(formatVolume(750, 'es')).toBe('0,75\u00A0l')
  expect(formatVolume(1000, 'de')).toBe('1\u00A0l')
  expect(formatVolume(375, 'de')).toBe('0,375\u00A0l')
})

it('spirits come in centilitres', () => {
  expect(formatVolume(40, 'de')).toBe('4\u00A0cl')
  expect(formatVolume(25, 'de')).toBe('2,5\u00A0cl')
  expect(formatVolume(25, 'en')).toBe('2.5\u00A0cl')
})

it('a plate is weighed', () => {
  expect(formatWeight(250, 'de')).toBe('250\u00A0g')
  expect(formatWeight(1200, 'de')).toBe('1,2\u00A0kg')
})
