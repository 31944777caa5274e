import type { Locale } from '../card.ts'
import type { Dictionary } from './index.ts'

/** For browsers: only the language of the page travels. The server has them all, see index.ts. */
export function loadDictionary(locale: Locale): Promise<Dictionary> {
  switch (locale) {
    case 'de': return import('./de.ts').then(module => module.de)
    case 'en': return import('./en.ts').then(module => module.en)
    case 'es': return import('./es.ts').then(module => module.es)
  }
}
