import type { Filter } from './card.ts'

// Written by hand, because the page is rendered in an engine without URLSearchParams.

const COLORS = ['red', 'white', 'rose', 'orange'] as const
const DIETS = ['vegetarian', 'vegan', 'keto'] as const

/** The query of a filter, with its question mark; empty for no filter. The order is fixed, so that equal filters share an address. */
export function formatQuery(filter: Filter): string {
  const pairs: [string, string][] = [
    ...(filter.q?.trim()
      ? [
          [
            'q',
            filter.q.trim(),
          ] as [string, string],
        ]
      : []),
    ...list('color', filter.color),
    ...list('section', filter.section),
    ...flag('by_glass', filter.by_glass),
    ...(filter.max_price === undefined
      ? []
      : [
          [
            'max_price',
            String(filter.max_price),
          ] as [string, string],
        ]),
    ...list('diet', filter.diet),
    ...list('without', filter.without),
    ...flag('alcohol_free', filter.alcohol_free),
    ...flag('new', filter.new),
  ]
  return pairs.length === 0
    ? ''
    : `?${pairs.map(([name, value]) => `${name}=${encode(value)}`).join('&')}`
}

/** Reads a query as the server does: empty and unknown values are no condition. */
export function parseQuery(query: string): Filter {
  return parsePairs(query.replace(/^\?/, '').split('&').filter(part => part !== '').map((part) => {
    const [name = '', ...value] = part.split('=')
    return [
      decode(name),
      decode(value.join('=')),
    ]
  }))
}

export function parsePairs(pairs: [string, string][]): Filter {
  const all = (name: string): string[] => [
    ...new Set(pairs.filter(pair => pair[0] === name && pair[1] !== '').map(pair => pair[1])),
  ]
  const one = (name: string): string => all(name)[0] ?? ''
  const isSet = (name: string): true | undefined => one(name) === 'true'
    ? true
    : undefined
  const filter: Filter = {
    q: one('q').trim() === ''
      ? undefined
      : one('q'),
    color: some(COLORS.filter(color => all('color').includes(color))),
    section: some(all('section')),
    by_glass: isSet('by_glass'),
    max_price: /^\d{1,7}$/.test(one('max_price'))
      ? Number(one('max_price'))
      : undefined,
    diet: some(DIETS.filter(diet => all('diet').includes(diet))),
    without: some(all('without')),
    alcohol_free: isSet('alcohol_free'),
    new: isSet('new'),
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}

function some<T>(values: T[]): T[] | undefined {
  return values.length > 0
    ? values
    : undefined
}

function list(name: string, values: string[] | undefined): [string, string][] {
  return (values ?? []).map(value => [name, value])
}

function flag(name: string, value: boolean | undefined): [string, string][] {
  return value
    ? [
        [name, 'true'],
      ]
    : []
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+')
}

/** A broken escape in a shared link must not break the page. */
function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  }
  catch {
    return spaced
  }
}
