/** A decimal number without its leading zeros: `000012` → `12`, `000` → `0`. */
export function decimal(digits: string): string {
  return digits.startsWith('0') ? digits.replace(/^0+(?=[0-9])/, '') : digits
}

/** Compares two decimal numbers of any length by their value, leading zeros or not. Exact where a JavaScript number is not. */
export function compareDecimals(a: string, b: string): number {
  const left = decimal(a)
  const right = decimal(b)
  if (left.length !== right.length) return left.length - right.length
  return left < right ? -1 : left > right ? 1 : 0
}

/** Is the decimal `digits` at most `limit` (both without leading zeros)? */
export function fits(digits: string, limit: string): boolean {
  return compareDecimals(digits, limit) <= 0
}
