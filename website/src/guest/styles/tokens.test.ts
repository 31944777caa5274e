import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8')
const tokens = new Map([
  ...css.matchAll(/--([\w-]+): light-dark\((#\w{6})\w*, (#\w{6})\w*\);/g),
].map(([, name, light, dark]) => [
  name,
  { light, dark },
]))

// Every text colour with every ground it stands on.
const PAIRS: [text: string, ground: string][] = [
  ...[
    'text',
    'muted',
    'gold',
    'accent',
    'out',
    'open',
  ].flatMap(text => [
    'ground',
    'ground-low',
    'raised',
    'glow',
    'bar',
  ].map((ground): [string, string] => [text, ground])),
  ['badge-text', 'badge-ground'],
  ['mark-text', 'mark-ground'],
]

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map(value => value <= 0.04045
      ? value / 12.92
      : ((value + 0.055) / 1.055) ** 2.4)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [
    luminance(one),
    luminance(other),
  ].sort((a, b) => a - b)
  return (bright + 0.05) / (dark + 0.05)
}

it('black on white is 21 to 1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
})

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  it.each(PAIRS)('%s can be read on %s', (text, ground) => {
    const foreground = tokens.get(text)?.[theme] ?? ''
    const background = tokens.get(ground)?.[theme] ?? ''
    expect(foreground).toMatch(/^#\w{6}$/)
    expect(background).toMatch(/^#\w{6}$/)
    expect(contrast(foreground, background)).toBeGreaterThanOrEqual(4.5)
  })
})
