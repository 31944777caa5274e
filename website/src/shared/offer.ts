import type { Filter, Section, Substance, Wine } from './card.ts'
import { matches } from './filter.ts'
import { allergenGroups, groupState } from './substances.ts'

export interface Offer {
  alcohol_free: boolean
  by_glass: boolean
  diet: NonNullable<Filter['diet']>
  max_price: number[]
  new: boolean
  section: string[]
  without: Substance[]
}

const COLORS = ['red', 'white', 'rose', 'orange'] as const
const DIETS = ['vegetarian', 'vegan', 'keto'] as const
const LIMITS = [
  300,
  500,
  700,
  900,
  1200,
  1600,
  2400,
  3200,
]

/** The conditions worth offering: those that some items meet and others do not, and those that are set. */
export function offer(sections: Section[], filter: Filter, substances: Substance[]): Offer {
  const items = sections.flatMap(section => section.items)
  const limits = LIMITS.filter(limit => divides(sections, { max_price: limit }))
  if (filter.max_price !== undefined && !limits.includes(filter.max_price))
    limits.push(filter.max_price)
  return {
    alcohol_free: filter.alcohol_free === true || divides(sections, { alcohol_free: true }),
    by_glass: filter.by_glass === true || divides(sections, { by_glass: true }),
    diet: DIETS.filter(diet => filter.diet?.includes(diet) || divides(sections, {
      diet: [diet],
    })),
    max_price: limits.sort((a, b) => a - b),
    new: filter.new === true || divides(sections, { new: true }),
    section: sections.length > 1
      ? sections.map(section => section.slug)
      : [],
    without: allergenGroups(substances).filter(group => filter.without?.includes(group.code)
      || items.some(item => groupState(item.declarations, group.code) !== 'free')),
  }
}

export function offeredColors(sections: Section[], filter: Filter): Wine['color'][] {
  return COLORS.filter(color => filter.color?.includes(color) || divides(sections, {
    color: [color],
  }))
}

function divides(sections: Section[], one: Filter): boolean {
  const items = sections.flatMap(section => section.items)
  const count = items.filter(item => matches(item, one)).length
  return count > 0 && count < items.length
}
