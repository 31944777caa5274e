import type { House, Locale } from './card.ts'

const NO_BREAK_SPACE = '\u00A0'

export interface OpeningRow {
  from: number
  to: number
  /** Empty: closed. */
  spans: { opens: string, closes: string }[]
}

/** The week in rows: neighbouring days with the same hours share one. */
export function openingRows(hours: House['opening_hours']): OpeningRow[] {
  const rows: OpeningRow[] = []
  for (let day = 1; day <= 7; day++) {
    const spans = hours
      .filter(span => span.day === day)
      .map(({ opens, closes }) => ({ opens, closes }))
      .sort((a, b) => a.opens < b.opens
        ? -1
        : 1)
    const last = rows.at(-1)
    if (last && signature(last.spans) === signature(spans))
      last.to = day
    else
      rows.push({ from: day, to: day, spans })
  }
  return rows
}

function signature(spans: OpeningRow['spans']): string {
  return spans.map(span => `${span.opens}-${span.closes}`).join()
}

/** A time of day as people of that language write it. `text` is "HH:MM"; of a longer timestamp its clock part is taken. */
export function formatClock(text: string, locale: Locale): string {
  const [hour = 0, minute = 0] = clockParts(text)
  if (locale === 'en') {
    const half = hour < 12
      ? 'am'
      : 'pm'
    return `${hour % 12 || 12}${minutes(minute, ':')}${NO_BREAK_SPACE}${half}`
  }
  return locale === 'de'
    ? `${hour}${minutes(minute, ':')}${NO_BREAK_SPACE}Uhr`
    : `${hour}:${String(minute).padStart(2, '0')}${NO_BREAK_SPACE}h`
}

/** The end of an evening: midnight closes a day, it does not begin one. */
export function formatClosing(text: string, locale: Locale): string {
  const isMidnight = clockParts(text).every(part => part === 0)
  if (isMidnight && locale !== 'es') {
    return locale === 'de'
      ? `24${NO_BREAK_SPACE}Uhr`
      : 'midnight'
  }
  return formatClock(text, locale)
}

/** "17–1 Uhr": the unit stands once. */
export function formatSpan(opens: string, closes: string, locale: Locale): string {
  const from = formatClock(opens, locale)
  return locale === 'en'
    ? `${from} – ${formatClosing(closes, locale)}`
    : `${from.split(NO_BREAK_SPACE)[0]}–${formatClosing(closes, locale)}`
}

function clockParts(text: string): number[] {
  const clock = /(\d{1,2}):(\d{2})/.exec(text)
  return clock === null
    ? []
    : [
        Number(clock[1]),
        Number(clock[2]),
      ]
}

function minutes(minute: number, separator: string): string {
  return minute === 0
    ? ''
    : `${separator}${String(minute).padStart(2, '0')}`
}
