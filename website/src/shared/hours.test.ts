import { expect, it } from 'vitest'
import { formatClock, formatClosing, formatSpan, openingRows } from './hours.ts'

it('neighbouring days with equal hours share a row, closed days too', () => {
  const evening = { opens: '17:00', closes: '23:00' }
  const late = { opens: '17:00', closes: '01:00' }
  expect(openingRows([
    { day: 3, ...evening },
    { day: 4, ...evening },
    { day: 5, ...late },
    { day: 6, ...late },
  ])).toEqual([
    { from: 1, to: 2, spans: [] },
    {
      from: 3,
      to: 4,
      spans: [evening],
    },
    {
      from: 5,
      to: 6,
      spans: [late],
    },
    { from: 7, to: 7, spans: [] },
  ])
})

it('two spans of a day stay together, in order', () => {
  expect(openingRows([
    { day: 7, opens: '18:00', closes: '22:00' },
    { day: 7, opens: '11:00', closes: '14:00' },
  ]).at(-1)?.spans.map(span => span.opens)).toEqual(['11:00', '18:00'])
})

it('the clock is read as in each language', () => {
  expect(formatClock('17:00', 'de')).toBe('17\u00A0Uhr')
  expect(formatClock('17:30', 'de')).toBe('17:30\u00A0Uhr')
  expect(formatClock('17:00', 'en')).toBe('5\u00A0pm')
  expect(formatClock('00:30', 'en')).toBe('12:30\u00A0am')
  expect(formatClock('01:00', 'es')).toBe('1:00\u00A0h')
})

it('a span names the unit once', () => {
  expect(formatSpan('17:00', '01:00', 'de')).toBe('17–1\u00A0Uhr')
  expect(formatSpan('17:00', '01:00', 'en')).toBe('5\u00A0pm – 1\u00A0am')
  expect(formatSpan('17:00', '01:00', 'es')).toBe('17:00–1:00\u00A0h')
})

it('midnight closes a day', () => {
  expect(formatClosing('00:00', 'de')).toBe('24\u00A0Uhr')
  expect(formatClosing('00:00', 'en')).toBe('midnight')
  expect(formatClosing('00:30', 'de')).toBe('0:30\u00A0Uhr')
  expect(formatSpan('17:00', '00:00', 'de')).toBe('17–24\u00A0Uhr')
})
