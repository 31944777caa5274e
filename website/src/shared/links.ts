import type { Filter, Locale, PageState } from './card.ts'
import { formatQuery } from './query.ts'

export const LOCALES = ['de', 'en', 'es'] as const satisfies readonly Locale[]

export type PageName = Exclude<PageState['page'], 'not_found'>

export const PATHS: Readonly<Record<PageName, string>> = {
  home: '/',
  wines: '/wein',
  drinks: '/getraenke',
  snacks: '/snacks',
}

/** German has no prefix, the other languages have theirs; the paths behind it are the same. */
export function localPath(path: string, locale: Locale): string {
  return locale === 'de'
    ? path
    : `/${locale}${path}`
}

/** The same page in another language, with the same filter. */
export function pageLink(path: string, locale: Locale, filter: Filter): string {
  return `${localPath(path, locale)}${formatQuery(filter)}`
}
