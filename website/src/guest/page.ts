import type { ComputedRef, InjectionKey } from 'vue'
import type { Locale, PageState } from '../shared/card.ts'
import type { Dictionary } from '../shared/i18n/index.ts'
import { computed, inject } from 'vue'
import { localPath } from '../shared/links.ts'
import { terms } from '../shared/text.ts'

/** What every part of a page can reach. */
export interface Page {
  state: PageState
  locale: Locale
  t: Dictionary
  /** The folded words of the search, to be marked in texts. */
  words: ComputedRef<string[]>
  /** A path in this page's language. */
  to: (path: string) => string
}

export const PAGE: InjectionKey<Page> = Symbol('page')

export function createPage(state: PageState, t: Dictionary): Page {
  return {
    state,
    locale: state.locale,
    t,
    words: computed(() => terms(state.filter.q ?? '')),
    to: path => localPath(path, state.locale),
  }
}

export function usePage(): Page {
  const page = inject(PAGE)
  if (!page)
    throw new Error('a part was used outside a page')
  return page
}

/** The language of a text that may still be German on a translated page. */
export function languageOf(thing: { untranslated: string[] }, field: string): 'de' | undefined {
  return thing.untranslated.includes(field)
    ? 'de'
    : undefined
}
