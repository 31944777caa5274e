import { describe, expect, it } from 'vitest'
import { item, picture } from '../fixtures/build.ts'
import { altOf, sizes, srcset, tenth } from './picture.ts'

const NICHE = [
  { from: 60, width: 102, height: 215 },
  { from: 0, width: 85, height: 185 },
]

describe('srcset', () => {
  it('names every file with its width', () => {
    const { sources } = picture('a', 700, 500)
    expect(srcset(sources, 'webp')).toBe('/media/a-320.webp 320w, /media/a-640.webp 640w')
    expect(srcset(sources, 'jpeg')).toBe('/media/a-320.jpg 320w, /media/a-640.jpg 640w')
  })
})

describe('sizes', () => {
  it('counts what is cut off at the sides', () => {
    expect(sizes({ width: 1500, height: 2000 }, NICHE)).toBe('(min-width: 60rem) 162px, 139px')
    expect(sizes({ width: 2000, height: 2000 }, NICHE)).toBe('(min-width: 60rem) 215px, 185px')
  })

  it('is the box where only the top and the bottom are cut off', () => {
    expect(sizes({ width: 1000, height: 3000 }, NICHE)).toBe('(min-width: 60rem) 102px, 85px')
  })

  it('asks for no more pixels than a slow line carries, whatever the shape', () => {
    const whole = [
      { from: 30, width: 9999, height: 0 },
      { from: 0, width: 9999, height: 0 },
    ]
    for (const [width, height] of [
      [1000, 1000],
      [3000, 300],
      [300, 3000],
      [1500, 2000],
    ] as const) {
      const [wide = 0, phone = 0] = [
        ...sizes({ width, height }, whole).matchAll(/(\d+)px/g),
      ].map(match => Number(match[1]))
      expect(phone * phone * height / width).toBeCloseTo(320 * 320, -4)
      expect(wide * wide * height / width).toBeCloseTo(480 * 480, -4)
    }
  })
})

it('a focal point stands in the nearest tenth', () => {
  expect([0, 4, 5, 32, 50, 96, 100].map(tenth)).toEqual([0, 0, 1, 3, 5, 10, 10])
})

describe('what a picture shows', () => {
  it('is told', () => {
    expect(altOf(item('snack', 1, 'Oliven', {
      picture: picture('a', 640, 480),
    }))).toBe('Gemalt für den Versuch')
  })

  it('is silent where it would only repeat the name', () => {
    expect(altOf(item('snack', 1, 'Oliven', {
      picture: picture('a', 640, 480, { alt: 'Oliven' }),
    }))).toBe('')
    expect(altOf(item('snack', 1, 'Oliven'))).toBe('')
  })
})
