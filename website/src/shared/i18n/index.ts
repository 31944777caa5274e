import type { Locale } from '../card.ts'
import type { Dictionary } from './de.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'

export type { Dictionary }

const DICTIONARIES: Readonly<Record<Locale, Dictionary>> = { de, en, es }

export function dictionary(locale: Locale): Dictionary {
  return DICTIONARIES[locale]
}
