import { expect, it } from 'vitest'
import { item, section, serving, wine } from '../fixtures/build.ts'
import { MENUS } from '../fixtures/menus.ts'
import { SUBSTANCES } from '../fixtures/substances.ts'
import { offer, offeredColors } from './offer.ts'

const wines = MENUS.find(menu => menu.menu === 'wines')?.sections ?? []
const snacks = MENUS.find(menu => menu.menu === 'snacks')?.sections ?? []

it('colours are for wines', () => {
  expect(offeredColors(wines, {})).toEqual(['red', 'white', 'rose', 'orange'])
  expect(offeredColors(snacks, {})).toEqual([])
})

it('a condition that all or none meet is not offered', () => {
  const sections = [
    section('snacks', 'a', 'A', [
      item('snack', 1, 'x', {
        diets: ['vegan'],
        new: true,
      }),
      item('snack', 2, 'y', {
        diets: ['vegan'],
      }),
    ]),
  ]
  const offered = offer(sections, {}, SUBSTANCES)
  expect([
    offered.diet,
    offered.new,
    offered.by_glass,
    offered.alcohol_free,
    offered.section,
  ]).toEqual([[], true, false, false, []])
})

it('what is set is always offered, or it could not be taken back', () => {
  const sections = [
    section('wines', 'a', 'A', [
      wine(1, 'x', 'red'),
    ]),
  ]
  const offered = offer(sections, {
    new: true,
    by_glass: true,
    max_price: 777,
    diet: ['keto'],
    without: ['eggs'],
  }, SUBSTANCES)
  expect([
    offered.new,
    offered.by_glass,
    offered.max_price,
    offered.diet,
  ]).toEqual([
    true,
    true,
    [777],
    ['keto'],
  ])
  expect(offered.without.map(group => group.code)).toEqual(['eggs', 'sulphites'])
  expect(offeredColors(sections, {
    color: ['white'],
  })).toEqual(['white'])
})

it('price limits divide the card', () => {
  const sections = [
    section('drinks', 'a', 'A', [
      item('drink', 1, 'x', {
        servings: [
          serving('glass', 200, 450),
        ],
      }),
      item('drink', 2, 'y', {
        servings: [
          serving('glass', 200, 800),
        ],
      }),
    ]),
  ]
  expect(offer(sections, {}, SUBSTANCES).max_price).toEqual([500, 700])
})
