/**
 * Compares two texts as their UTF-8 bytes compare: Rust's and Go's order of strings, and PostgreSQL's in the C locale.
 * JavaScript's `<` differs where an astral character meets U+E000–U+FFFF: surrogates are smaller as UTF-16, greater as UTF-8.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = weight(a.charCodeAt(index)) - weight(b.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Moves surrogates behind all other code units. */
function weight(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
