import type { Filter, Item, Section, Serving } from './card.ts'
import { groupState } from './substances.ts'
import { fold, terms } from './text.ts'

export interface Hits {
  /** Only sections with hits, each with its hits. */
  sections: Section[]
  /** Match everything else, but their data for an allergen to avoid is incomplete: never among the hits. */
  ask: Item[]
  shown: number
  total: number
}

/** All conditions together (AND); what cannot be answered for an allergen goes to `ask`. */
export function applyFilter(sections: Section[], filter: Filter): Hits {
  const ask: Item[] = []
  const hits: Section[] = []
  const words = terms(filter.q ?? '')
  for (const section of sections) {
    if (filter.section?.length && !filter.section.includes(section.slug))
      continue
    const items: Item[] = []
    for (const item of section.items) {
      if (!matches(item, filter) || !containsAll(searchText(item, section), words))
        continue
      const avoids = avoidance(item, filter.without ?? [])
      if (avoids === 'free')
        items.push(item)
      else if (avoids === 'unknown')
        ask.push(item)
    }
    if (items.length > 0)
      hits.push({ ...section, items })
  }
  return {
    sections: hits,
    ask,
    shown: countItems(hits),
    total: countItems(sections),
  }
}

export function countItems(sections: Section[]): number {
  return sections.reduce((sum, section) => sum + section.items.length, 0)
}

/** How many conditions are set; each chosen value counts. */
export function countActive(filter: Filter): number {
  const lists = [
    filter.color,
    filter.section,
    filter.diet,
    filter.without,
  ]
  const flags = [
    filter.by_glass,
    filter.alcohol_free,
    filter.new,
    filter.max_price !== undefined,
    terms(filter.q ?? '').length > 0,
  ]
  return lists.reduce((sum, list) => sum + (list?.length ?? 0), 0) + flags.filter(Boolean).length
}

/** Everything but the search and the allergens. */
export function matches(item: Item, filter: Filter): boolean {
  const available = item.servings.filter(isAvailable)
  const limit = filter.max_price
  return (!filter.color?.length || (item.wine !== null && filter.color.includes(item.wine.color)))
    && (!filter.by_glass || available.some(serving => serving.unit === 'glass'))
    && (limit === undefined || available.some(serving => serving.price_cents <= limit))
    && (filter.diet ?? []).every(diet => item.diets.includes(diet))
    && (!filter.alcohol_free || item.servings.some(serving => serving.alcohol === 'none'))
    && (!filter.new || item.new)
}

function isAvailable(serving: Serving): boolean {
  return !serving.sold_out
}

function avoidance(item: Item, without: string[]): 'free' | 'unknown' | 'present' {
  const states = without.map(group => groupState(item.declarations, group))
  if (states.includes('contains') || states.includes('traces'))
    return 'present'
  return states.includes('unknown')
    ? 'unknown'
    : 'free'
}

/** Fields are joined by a line break, which no search word holds, so that no word matches across two fields. */
function searchText(item: Item, section: Section): string {
  const { wine } = item
  return fold([
    item.name,
    item.description,
    section.name,
    wine?.characteristics,
    ...(wine?.grapes.map(grape => grape.variety) ?? []),
    wine?.producer,
    wine?.region,
    wine?.appellation,
    wine?.quality,
  ].filter(field => field != null).join('\n'))
}

function containsAll(text: string, words: string[]): boolean {
  return words.every(word => text.includes(word))
}
