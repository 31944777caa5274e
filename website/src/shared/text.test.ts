import { describe, expect, it } from 'vitest'
import { fold, highlight, terms } from './text.ts'

describe('fold', () => {
  it('drops marks and case', () => {
    expect(fold('Rosé')).toBe('rose')
    expect(fold('MÜNSTER')).toBe('munster')
    expect(fold('Castaño')).toBe('castano')
  })

  it('writes ß as ss, the capital one too', () => {
    expect(fold('Süßwein')).toBe('susswein')
    expect(fold('GROẞ')).toBe('gross')
  })

  it('reads composed and decomposed letters alike', () => {
    expect(fold('e\u0301')).toBe(fold('é'))
  })
})

it('a search is its words', () => {
  expect(terms('  Rosé  Rioja ')).toEqual(['rose', 'rioja'])
  expect(terms('  ')).toEqual([])
})

describe('highlight', () => {
  it('keeps the original spelling', () => {
    expect(highlight('Ein Rosé aus', ['rose'])).toEqual([
      { text: 'Ein ', hit: false },
      { text: 'Rosé', hit: true },
      { text: ' aus', hit: false },
    ])
  })

  it('marks the ß that a doubled s found', () => {
    expect(highlight('Süß!', ['suss'])).toEqual([
      { text: 'Süß', hit: true },
      { text: '!', hit: false },
    ])
  })

  it('joins hits that overlap', () => {
    expect(highlight('banana', ['ana'])).toEqual([
      { text: 'b', hit: false },
      { text: 'anana', hit: true },
    ])
    expect(highlight('Rioja', ['rio', 'oja'])).toEqual([
      { text: 'Rioja', hit: true },
    ])
  })

  it('keeps a combining mark with its letter', () => {
    expect(highlight('Rose\u0301 x', ['rose'])).toEqual([
      { text: 'Rose\u0301', hit: true },
      { text: ' x', hit: false },
    ])
  })

  it('is one piece without a search', () => {
    expect(highlight('Tinto', [])).toEqual([
      { text: 'Tinto', hit: false },
    ])
    expect(highlight('', ['a'])).toEqual([])
  })

  it('never loses a character', () => {
    const text = 'Añejo 12 años – “für Gäste”, 🍷 rosé'
    expect(highlight(text, ['a', 'rose', '🍷']).map(segment => segment.text).join('')).toBe(text)
  })
})
