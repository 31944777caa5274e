// The JSON that the server publishes (GET /api/v1/card?locale=de) and the state a page is rendered from.
// Property names are snake_case as the API has them. Money: integer cents. Measures: integer millilitres or grams.

export type Locale = 'de' | 'en' | 'es'
export type MenuName = 'wines' | 'drinks' | 'snacks'
export type Alcohol = 'none' | 'fermented' | 'distilled' // JuSchG: none / from 16 / from 18
export type Diet = 'vegetarian' | 'vegan' | 'keto'

export interface Card {
  revision: number // rises with every change
  as_of: string // RFC 3339 UTC: the moment this card was decided for
  locale: Locale
  currency: 'EUR'
  house: House
  notifications: Notification[] // active now, highest priority first
  menus: Menu[] // wines, drinks, snacks, in this order
  substances: Substance[] // the complete legend: the 14 EU groups, and everything else that occurs
}
export interface Menu { menu: MenuName, sections: Section[] }
export interface Section { id: string, slug: string, menu: MenuName, name: string, description: string | null, untranslated: string[], items: Item[] }

export interface Item {
  id: string
  kind: 'wine' | 'drink' | 'snack'
  number: number // the printed list number; unique within its kind, never shifts
  slug: string // stable link: /wein#slug
  name: string
  name_lang: string | null // BCP 47 language of the name where it is not the card's ('es' for "Tortilla Española")
  description: string | null // one or two sentences
  story: string | null // longer text, in the details
  note: string | null // partner note, "contains pips", …
  untranslated: string[] // which of name/description/story/note/characteristics are still German on an en/es card
  new: boolean
  diets: Diet[]
  alcohol: Alcohol
  min_age: 16 | 18 | null
  sold_out: boolean // true when every serving is sold out
  sold_out_until: string | null // RFC 3339, null = until further notice
  servings: Serving[] // at least one
  declarations: Declaration[] // no row for a substance = UNKNOWN, never free
  add_ons: Part[] // can be ordered with it at their own price
  components: Part[] // a bundle's parts; parts with the same `choice` number are alternatives
  wine: Wine | null // only for kind wine
  picture: Picture | null
}
export interface Serving {
  id: string
  unit: 'glass' | 'carafe' | 'bottle' | 'can' | 'cup' | 'shot' | 'plate' | 'portion' | 'piece'
  label: string | null // what tells it from its sisters: "alkoholfrei", "mit Serrano"
  volume_ml: number | null
  weight_g: number | null
  price_cents: number
  alcohol: Alcohol
  sold_out: boolean
  sold_out_until: string | null
}
export interface Declaration { substance: string, state: 'contains' | 'traces' | 'free' }
export interface Part { id: string, slug: string, name: string, name_lang: string | null, choice: number | null, price_cents: number | null, diets: Diet[], declarations: Declaration[], sold_out: boolean }
export interface Wine {
  color: 'red' | 'white' | 'rose' | 'orange'
  category: 'still' | 'semi_sparkling' | 'sparkling' | 'fortified' | 'dessert' | 'dealcoholised'
  producer: string | null
  vintage: number | null
  grapes: { variety: string, percent: number | null }[]
  country: string | null // ISO 3166-1 alpha-2
  region: string | null
  appellation: string | null
  quality: string | null
  sweetness: 'brut_nature' | 'extra_brut' | 'brut' | 'extra_dry' | 'dry' | 'off_dry' | 'medium_sweet' | 'sweet' | null
  body: number | null
  acidity: number | null
  tannin: number | null // 1–5
  characteristics: string | null // localized style words, "trocken, elegant, rund"
  serving_temperature_c: number | null
}
// Without one, a bottle is drawn. The focal point, in per cent from the left and the top, must not be cut off.
export interface Picture { id: string, alt: string, width: number, height: number, color: string, focal_x: number, focal_y: number, src: string, sources: PictureSource[] }
export interface PictureSource { width: number, webp: string, jpeg: string } // the smallest first
export interface Substance {
  code: string // 'gluten', 'gluten_wheat', 'milk', 'sulphites', 'colouring', 'pork' …
  kind: 'allergen' | 'additive' | 'ingredient'
  group: string | null // 'gluten' for 'gluten_wheat', 'nuts' for 'almond', else null
  mark: string | null // short code on the card: a … n (a1 …) for allergens, 1 … for additives
  name: string // localized
}
export interface Notification { id: string, title: string, message: string, tone: 'info' | 'success' | 'warning' | 'error', pages: ('home' | MenuName)[], priority: number, until: string | null, untranslated: string[] }
export interface House {
  name: string
  tagline: string | null
  introduction: string | null
  untranslated: string[]
  street: string
  postal_code: string
  locality: string
  country: string
  phone: string | null
  email: string | null
  time_zone: string
  opening_hours: { day: 1 | 2 | 3 | 4 | 5 | 6 | 7, opens: string, closes: string }[] // ISO weekday; "17:00"; closes <= opens means after midnight
  open: { now: true, until: string } | { now: false, opens: { day: number, at: string, today: boolean } } | null // decided by the server in the bar's zone
}

// What the server hands to the page and embeds as <script type="application/json" id="state">.
export interface PageState {
  page: 'home' | 'wines' | 'drinks' | 'snacks' | 'not_found'
  path: string // '/wein' without the language prefix
  locale: Locale
  filter: Filter
  revision: number
  as_of: string
  house: House
  notifications: Notification[] // only those for this page
  sections: Section[] // of this page's menu, unfiltered; empty on home and not_found
  substances: Substance[]
}
// The names are the query parameters of the page AND of the API: ?color=red&by_glass=true&q=rioja&without=gluten&without=milk
export interface Filter {
  q?: string
  color?: ('red' | 'white' | 'rose' | 'orange')[]
  section?: string[] // slugs
  by_glass?: boolean // has an available serving of unit glass
  max_price?: number // cents: some available serving costs at most this
  diet?: Diet[] // all of them
  without?: string[] // the 14 allergen groups
  alcohol_free?: boolean // some serving with alcohol none
  new?: boolean
}
