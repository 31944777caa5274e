import type { Item, PictureSource } from './card.ts'

/** From this width of the window on (rem), a picture fills a box of this size (px). */
export interface Box { from: number, width: number, height: number }

// A phone's line may be slow: no more pixels than a square of this side has, and at twice the density a file of 640 will do.
const SIDE_ON_PHONES = 320
const SIDE = 480

export function srcset(sources: PictureSource[], format: 'webp' | 'jpeg'): string {
  return sources.map(source => `${source[format]} ${source.width}w`).join(', ')
}

/**
 * How wide the whole picture is drawn, so that a browser can choose the file: of a picture that fills a box and is cut off at the
 * sides, more is drawn than the box is wide. The boxes of the widest windows come first.
 */
export function sizes(picture: { width: number, height: number }, boxes: Box[]): string {
  const ratio = picture.width / picture.height
  const within = (side: number, drawn: number): number => Math.ceil(Math.min(drawn, side * Math.sqrt(ratio)))
  return boxes.map(({ from, width, height }) => {
    const drawn = Math.max(width, height * ratio)
    return from > 0
      ? `(min-width: ${from}rem) ${within(SIDE, drawn)}px`
      : `${within(SIDE_ON_PHONES, drawn)}px`
  }).join(', ')
}

/** Where the focal point is, in tenths: the content policy forbids styles on elements, so there is a class for each. */
export function tenth(percent: number): number {
  return Math.round(percent / 10)
}

/** What a picture shows. Where nobody has said it, the card gives the item's name, which stands beside it already. */
export function altOf({ name, picture }: Pick<Item, 'name' | 'picture'>): string {
  return picture === null || picture.alt === name
    ? ''
    : picture.alt
}
