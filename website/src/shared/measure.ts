import type { Locale } from './card.ts'

const NO_BREAK_SPACE = '\u00A0'

/** Below 100 ml a bar thinks in centilitres, above in litres. */
export function formatVolume(millilitres: number, locale: Locale): string {
  return millilitres < 100
    ? `${decimal(millilitres / 10, locale)}${NO_BREAK_SPACE}cl`
    : `${decimal(millilitres / 1000, locale)}${NO_BREAK_SPACE}l`
}

/** Grams up to a kilogram. */
export function formatWeight(grams: number, locale: Locale): string {
  return grams < 1000
    ? `${grams}${NO_BREAK_SPACE}g`
    : `${decimal(grams / 1000, locale)}${NO_BREAK_SPACE}kg`
}

/** At most three decimals, no trailing zeros. */
function decimal(value: number, locale: Locale): string {
  const text = value.toFixed(3).replace(/\.?0+$/, '')
  return locale === 'en'
    ? text
    : text.replace('.', ',')
}
