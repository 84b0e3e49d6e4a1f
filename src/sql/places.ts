/** Line and column of a place in a text, both 1-based; columns count characters (code points), as PostgreSQL and editors do. */
export interface LineColumn {
  line: number
  column: number
}

/** Where a UTF-16 index stands. */
export function placeAt(text: string, offset: number): LineColumn {
  return placer(text)(offset)
}

/** The UTF-16 index of the code point with that number (0-based): what the parser's cursor, and a server's `position` less one, count in. */
export function offsetOfCodePoint(text: string, index: number): number {
  let offset = 0
  for (let left = index; left > 0 && offset < text.length; left--) offset += width(text, offset)
  return offset
}

/** Answers {@link placeAt} for offsets that only grow, going through the text once. */
export function placer(text: string): (offset: number) => LineColumn {
  let line = 1
  let lineStart = 0
  return (offset) => {
    for (let end = text.indexOf('\n', lineStart); end !== -1 && end < offset; end = text.indexOf('\n', lineStart)) {
      line++
      lineStart = end + 1
    }
    return { line, column: codePoints(text, lineStart, offset) + 1 }
  }
}

/** Turns UTF-8 byte offsets that only grow into UTF-16 indexes, going through the text once. */
export function byteOffsets(text: string): (bytes: number) => number {
  let offset = 0
  let passed = 0
  return (bytes) => {
    while (passed < bytes && offset < text.length) {
      const code = text.codePointAt(offset) ?? 0
      passed += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
      offset += code < 0x10000 ? 1 : 2
    }
    return offset
  }
}

function codePoints(text: string, start: number, end: number): number {
  let count = 0
  for (let offset = start; offset < end; offset += width(text, offset)) count++
  return count
}

function width(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) < 0x10000 ? 1 : 2
}
