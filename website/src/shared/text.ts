export interface Segment {
  text: string
  hit: boolean
}

/** What two spellings share: no marks, no case, ß as ss. The server folds in the same way. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').replaceAll('æ', 'ae').replaceAll('ø', 'o')
}

/** The folded words of a search. */
export function terms(query: string): string[] {
  return fold(query).split(/\s+/).filter(term => term !== '')
}

/** Cuts a text into hits and the rest, in the original spelling, so that the template can put each hit into a `<mark>`. */
export function highlight(text: string, words: string[]): Segment[] {
  if (words.length === 0) {
    return [
      { text, hit: false },
    ]
  }
  const { folded, origins } = foldWithOrigins(text)
  const marked = new Set<number>()
  for (const word of words.filter(one => one !== '')) {
    for (const at of occurrences(folded, word)) {
      for (const origin of origins.slice(at, at + word.length))
        marked.add(origin)
    }
  }
  return segments(text, marked)
}

function occurrences(text: string, word: string): number[] {
  const found: number[] = []
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    found.push(at)
  return found
}

/** The folded text, and for each of its characters the place in the original it came from. */
function foldWithOrigins(text: string): { folded: string, origins: number[] } {
  let folded = ''
  const origins: number[] = []
  for (const [index, character] of [...text].entries()) {
    for (const part of fold(character)) {
      folded += part
      for (let unit = 0; unit < part.length; unit++)
        origins.push(index)
    }
  }
  return { folded, origins }
}

function segments(text: string, marked: Set<number>): Segment[] {
  const result: Segment[] = []
  for (const [index, character] of [...text].entries()) {
    const last = result.at(-1)
    // A combining mark stays with the letter before it.
    const hit = /^\p{M}$/u.test(character)
      ? (last?.hit ?? false)
      : marked.has(index)
    if (last?.hit === hit)
      last.text += character
    else
      result.push({ text: character, hit })
  }
  return result
}
