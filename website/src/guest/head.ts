import type { Locale, PageState } from '../shared/card.ts'
import { dictionary } from '../shared/i18n/index.ts'

export interface Head {
  title: string
  description: string
}

type Descriptions = Record<PageState['page'], (house: string) => string>

// Only the server writes these, so they stay out of the words that travel to browsers.
const DESCRIPTIONS: Record<Locale, Descriptions> = {
  de: {
    home: (house: string) => `${house}: spanische Weinbar in Münster. Öffnungszeiten, Adresse, Weinkarte, Getränke und Snacks.`,
    wines: (house: string) => `Die Weinkarte von ${house}: spanische Weine im Glas und in der Flasche mit Rebsorten, Herkunft und Preisen.`,
    drinks: (house: string) => `Die Getränkekarte von ${house}: Bier, Cocktails, Longdrinks und Alkoholfreies mit Preisen, Mengen und Allergenen.`,
    snacks: (house: string) => `Die Snackkarte von ${house}: Tapas, Tostadas und Süßes mit Preisen und Allergenen.`,
    not_found: () => 'Diese Seite gibt es nicht.',
  },
  en: {
    home: house => `${house}: Spanish wine bar in Münster. Opening hours, address, wines, drinks and snacks.`,
    wines: house => `The wine list of ${house}: Spanish wines by the glass and by the bottle, with grapes, origin and prices.`,
    drinks: house => `The drinks menu of ${house}: beer, cocktails, long drinks and alcohol-free, with prices, measures and allergens.`,
    snacks: house => `The snack menu of ${house}: tapas, tostadas and sweets, with prices and allergens.`,
    not_found: () => 'This page does not exist.',
  },
  es: {
    home: house => `${house}: bar de vinos español en Münster. Horario, dirección, vinos, bebidas y picoteo.`,
    wines: house => `La carta de vinos de ${house}: vinos españoles por copa y por botella, con uvas, origen y precios.`,
    drinks: house => `La carta de bebidas de ${house}: cerveza, cócteles, combinados y bebidas sin alcohol, con precios, medidas y alérgenos.`,
    snacks: house => `La carta de picoteo de ${house}: tapas, tostadas y dulces, con precios y alérgenos.`,
    not_found: () => 'Esta página no existe.',
  },
}

/** What the server writes into the document's head. */
export function head(state: PageState): Head {
  const house = state.house.name
  return {
    title: title(state),
    description: DESCRIPTIONS[state.locale][state.page](house),
  }
}

function title({ page, locale, house }: PageState): string {
  const t = dictionary(locale)
  if (page === 'not_found')
    return `${t.notFound.heading} – ${house.name}`
  return page === 'home'
    ? `${house.name} – ${t.pages.home.title}`
    : `${t.pages[page].title} – ${house.name}`
}
