import type { Locale } from './card.ts'

// A no-break space keeps the sign on the line of its number.
const NO_BREAK_SPACE = '\u00A0'

/**
 * Formats integer cents as a price. Our own formatter, because the page is rendered in an engine without `Intl` and must come
 * out the same in the browser.
 */
export function formatMoney(cents: number, locale: Locale): string {
  const sign = cents < 0
    ? '−'
    : ''
  const absolute = Math.abs(cents)
  const whole = group(String(Math.floor(absolute / 100)), locale === 'en'
    ? ','
    : '.')
  const fraction = String(absolute % 100).padStart(2, '0')
  return locale === 'en'
    ? `${sign}€${whole}.${fraction}`
    : `${sign}${whole},${fraction}${NO_BREAK_SPACE}€`
}

/** A price limit in a select: "9 €" where the cents are zero. */
export function formatRoundMoney(cents: number, locale: Locale): string {
  if (cents % 100 !== 0)
    return formatMoney(cents, locale)
  const whole = group(String(cents / 100), locale === 'en'
    ? ','
    : '.')
  return locale === 'en'
    ? `€${whole}`
    : `${whole}${NO_BREAK_SPACE}€`
}

function group(digits: string, separator: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, separator)
}
