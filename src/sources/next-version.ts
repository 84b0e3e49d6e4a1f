import { compareDecimals, decimal } from './decimal.ts'

/** How the first of all is numbered: with so many digits, or by the time. */
export type FirstNumber = number | 'stamp'

/**
 * The number of the next migration, in the style of the greatest one there is and greater than it: a count keeps its width (`000008` → `000009`), 14 digits are
 * a time in UTC, ten are Unix seconds, eight a day. `taken`: the digits as names have them. Pure.
 */
export function nextNumber(taken: readonly string[], moment: Date, first: FirstNumber): string {
  const greatest = taken.toSorted((a, b) => compareDecimals(decimal(a), decimal(b)) || a.length - b.length).at(-1)
  if (greatest === undefined) return first === 'stamp' ? stampAt(moment) : '1'.padStart(first, '0')
  if (/^[0-9]{14}$/.test(greatest) && !greatest.startsWith('00')) return stampAfter(greatest, moment)
  const after = String(BigInt(greatest) + 1n).padStart(greatest.length, '0')
  const now = /^1[0-9]{9}$/.test(greatest)
    ? String(Math.floor(moment.getTime() / 1000))
    : /^(?:19|20)[0-9]{6}$/.test(greatest)
      ? stampAt(moment).slice(0, 8)
      : '0'
  return compareDecimals(decimal(now), decimal(greatest)) > 0 ? now : after
}

/** `20240101120000`, in UTC. */
export function stampAt(moment: Date): string {
  return moment.toISOString().replace(/\D/g, '').slice(0, 14)
}

/** The time as 14 digits, a second after `greatest` where that is not over yet. */
export function stampAfter(greatest: string, moment: Date): string {
  const now = stampAt(moment)
  if (now > greatest) return now
  const time = timeOf(greatest)
  return time === undefined ? String(BigInt(greatest) + 1n).padStart(14, '0') : stampAt(new Date(time.getTime() + 1000))
}

/** The moment that 14 digits name; undefined for the 32nd of a month. */
export function timeOf(stamp: string): Date | undefined {
  const time = new Date(stamp.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z'))
  return Number.isNaN(time.getTime()) || stampAt(time) !== stamp ? undefined : time
}
