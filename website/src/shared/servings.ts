import type { Item, Serving } from './card.ts'

/** The smallest age that holds for a whole section, so that it needs saying only once; null where its items differ. */
export function sharedAge(items: Pick<Item, 'min_age'>[]): 16 | 18 | null {
  const first = items[0]?.min_age ?? null
  return items.every(item => item.min_age === first)
    ? first
    : null
}

// From here on a bottle is for the table and is called one even when it stands alone.
const BIG_BOTTLE_ML = 700

/** Whether the word for the vessel is needed to tell a serving from its sisters; a volume alone says enough for a single glass. */
export function needsUnitWord(serving: Serving, servings: Serving[]): boolean {
  const measured = serving.volume_ml !== null || serving.weight_g !== null
  if (!measured && serving.label === null)
    return servings.length > 1
  const isVessel = serving.unit === 'bottle' || serving.unit === 'carafe'
  return isVessel && ((serving.volume_ml ?? 0) >= BIG_BOTTLE_ML || servings.some(other => other.unit !== serving.unit))
}

/** "today" when it is known to come back, else "for now". */
export function soldOutKind(thing: { sold_out: boolean, sold_out_until: string | null }): 'today' | 'for_now' | null {
  if (!thing.sold_out)
    return null
  return thing.sold_out_until === null
    ? 'for_now'
    : 'today'
}

/** Parts of a bundle: fixed ones alone, alternatives of one choice together, in the order of the card. */
export function choices<P extends { choice: number | null }>(parts: P[]): P[][] {
  const groups: P[][] = []
  const byChoice = new Map<number, P[]>()
  for (const part of parts) {
    const known = part.choice === null
      ? undefined
      : byChoice.get(part.choice)
    if (known) {
      known.push(part)
      continue
    }
    const group = [part]
    groups.push(group)
    if (part.choice !== null)
      byChoice.set(part.choice, group)
  }
  return groups
}
