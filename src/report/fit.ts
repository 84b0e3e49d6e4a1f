import { stripVTControlCharacters } from 'node:util'

/** How many places a text takes on a terminal, colours aside; a wide character counts as one. */
export function shownWidth(text: string): number {
  return stripVTControlCharacters(text).length
}

/** A text of at most `width` places: its beginning and `…`. Colours end where they ended. */
export function cut(text: string, width: number): string {
  if (shownWidth(text) <= width) return text
  let left = width - 1
  let ended = false
  return pieces(text)
    .map((piece) => {
      if (piece.startsWith('\u001b')) return piece
      if (ended) return ''
      const part = piece.slice(0, left)
      left -= part.length
      ended = part.length < piece.length || left === 0
      return ended ? `${part}…` : part
    })
    .join('')
}

/** A line as lines of at most `width` places, broken at blanks; words that are longer than a line stay whole. Colours go on over the break. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || shownWidth(last) + 1 + shownWidth(word) > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** Lines of prose and of lists for a terminal of that many columns: what is longer goes on below, two places further in. */
export function wrapLines(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (shownWidth(line) <= width ? line : hanging(line, width)))
    .join('\n')
}

function hanging(line: string, width: number): string {
  const plain = stripVTControlCharacters(line)
  const indent = ' '.repeat((/^ */.exec(plain)?.[0].length ?? 0) + 2)
  // Blanks at the beginning may stand behind a colour; they are no places to break at.
  const start = line.search(/[^ ]/)
  const [first = '', ...rest] = wrap(line.slice(start), width - indent.length)
  return [`${line.slice(0, start)}${first}`, ...rest.map((one) => `${indent}${one}`)].join('\n')
}

/** Colour codes, and what stands between them. */
function pieces(text: string): string[] {
  // oxlint-disable-next-line no-control-regex
  return text.split(/(\u001b\[[\d;]*m)/).filter((piece) => piece !== '')
}
