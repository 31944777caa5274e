import { expect, it } from 'vitest'
import { formatMoney, formatRoundMoney } from './money.ts'

it('German and Spanish put the sign behind a no-break space', () => {
  expect(formatMoney(480, 'de')).toBe('4,80\u00A0€')
  expect(formatMoney(480, 'es')).toBe('4,80\u00A0€')
})

it('English puts the sign in front', () => {
  expect(formatMoney(480, 'en')).toBe('€4.80')
})

it('thousands are grouped and cents keep their zero', () => {
  expect(formatMoney(125005, 'de')).toBe('1.250,05\u00A0€')
  expect(formatMoney(125005, 'en')).toBe('€1,250.05')
  expect(formatMoney(0, 'de')).toBe('0,00\u00A0€')
})

it('a discount is negative', () => {
  expect(formatMoney(-150, 'de')).toBe('−1,50\u00A0€')
})

it('a limit drops zero cents only', () => {
  expect(formatRoundMoney(900, 'de')).toBe('9\u00A0€')
  expect(formatRoundMoney(900, 'en')).toBe('€9')
  expect(formatRoundMoney(950, 'de')).toBe('9,50\u00A0€')
})
