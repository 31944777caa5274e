import type { Declaration, Item, Substance } from './card.ts'

export type GroupState = 'contains' | 'traces' | 'free' | 'unknown'

/**
 * The members that the law lists for two of the 14 groups. Written out, because the legend of a card may carry only those that
 * occur, and "free of almonds" must never pass for "free of nuts".
 */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  gluten: [
    'gluten_wheat',
    'gluten_rye',
    'gluten_barley',
    'gluten_oats',
    'gluten_spelt',
    'gluten_kamut',
  ],
  nuts: [
    'almond',
    'hazelnut',
    'walnut',
    'cashew',
    'pecan',
    'brazil_nut',
    'pistachio',
    'macadamia',
  ],
}

/** The 14 groups, in the legend's order. */
export function allergenGroups(substances: Substance[]): Substance[] {
  return substances.filter(substance => substance.kind === 'allergen' && substance.group === null)
}

/** What is known about one group: any member decides for "contains", only all of them (or the group itself) for "free". */
export function groupState(declarations: Declaration[], group: string): GroupState {
  return stateAmong(byCode(declarations), group)
}

type States = ReadonlyMap<string, Declaration['state']>

function byCode(declarations: Declaration[]): States {
  return new Map(declarations.map(declaration => [declaration.substance, declaration.state]))
}

function stateAmong(states: States, group: string): GroupState {
  const members = MEMBERS[group] ?? []
  const family = [group, ...members].map(code => states.get(code))
  if (family.includes('contains'))
    return 'contains'
  if (family.includes('traces'))
    return 'traces'
  const [itself, ...rest] = family
  if (itself === 'free' || (rest.length > 0 && rest.every(state => state === 'free')))
    return 'free'
  return 'unknown'
}

export interface Declared {
  contains: Substance[]
  traces: Substance[]
  additives: Substance[]
  ingredients: Substance[]
  unknown: Substance[]
  /** No group of the 14 is declared at all. */
  undeclared: boolean
}

/** Sorts what an item declares into what its details say, each list in the legend's order. */
export function declared(declarations: Declaration[], substances: Substance[]): Declared {
  const states = byCode(declarations)
  const having = (kind: Substance['kind'], state: Declaration['state']): Substance[] =>
    substances.filter(substance => substance.kind === kind && states.get(substance.code) === state)
  const groups = allergenGroups(substances)
  const unknown = groups.filter(group => stateAmong(states, group.code) === 'unknown')
  return {
    contains: withoutCoveredGroups(having('allergen', 'contains')),
    traces: withoutCoveredGroups(having('allergen', 'traces')),
    additives: having('additive', 'contains'),
    ingredients: having('ingredient', 'contains'),
    unknown,
    undeclared: groups.length > 0 && unknown.length === groups.length,
  }
}

/** "Wheat (gluten)" says more than "gluten": a group is left out beside its member. */
function withoutCoveredGroups(list: Substance[]): Substance[] {
  const named = new Set(list.map(substance => substance.group))
  return list.filter(substance => !named.has(substance.code))
}

/** The codes that stand behind a name on the card; traces in brackets. */
export function marks(item: Pick<Item, 'declarations'>, substances: Substance[]): string[] {
  const { contains, traces, additives } = declared(item.declarations, substances)
  return [
    ...contains.map(substance => substance.mark ?? ''),
    ...traces.map(substance => substance.mark === null
      ? ''
      : `(${substance.mark})`),
    ...additives.map(substance => substance.mark ?? ''),
  ].filter(mark => mark !== '')
}
