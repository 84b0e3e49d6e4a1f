const least = -(2n ** 63n)
const greatest = 2n ** 63n - 1n

/**
 * One entry of `lock_keys:` as the argument of pg_advisory_lock(bigint): an integer, or a text in decimal or `0x` form where YAML's numbers lose digits.
 * Hexadecimal goes up to 64 bit and wraps as a bigint does (programs print such keys unsigned). A text instead of a key says what is wrong.
 */
export function parseLockKey(key: number | string): bigint | string {
  if (typeof key === 'number') return BigInt(key)
  const text = key.trim()
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt.asIntN(64, BigInt(text))
  if (!/^[+-]?\d{1,20}$/.test(text)) return 'must be an integer of at most 64 bit, in decimal or as 0x…'
  const value = BigInt(text.replace(/^\+/, ''))
  return value < least || value > greatest ? `is outside ${least} … ${greatest}` : value
}
