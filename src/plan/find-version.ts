import { SkeinError } from '../model/errors.ts'
import { nearest } from '../util/nearest.ts'
import { shortList } from './short-list.ts'

interface Named {
  version: string
  id: string
}

/**
 * The one migration that `text` means: its version, its id, its number with other leading zeros, or a beginning of either that
 * fits only one. Throws VERSION-UNKNOWN, with the nearest version or the several that fit.
 */
export function findVersion<Row extends Named>(service: string, rows: readonly Row[], text: string): Row {
  const fits = matching(rows, text)
  const [first, second] = fits
  if (first !== undefined && second === undefined) return first
  const guess = nearest(
    text,
    rows.flatMap((row) => [row.version, row.id]),
  )
  const several =
    fits.length > 1 ? `: it could be ${shortList(fits.map((row) => row.version))}` : guess === undefined ? '' : ` (did you mean ${guess}?)`
  throw new SkeinError('VERSION-UNKNOWN', {
    message: `${service} has no version ${text}${several}`,
    hint: rows.length === 0 ? `${service} has no migrations` : `skein status ${service} lists its versions`,
    service,
    version: text,
  })
}

/** All that `text` can mean, by the first way of reading it that finds something. */
export function matching<Row extends Named>(rows: readonly Row[], text: string): Row[] {
  const number = plainNumber(text)
  const ways: ((row: Row) => boolean)[] = [
    (row) => row.version === text,
    (row) => row.id === text,
    (row) => number !== undefined && plainNumber(row.version) === number,
    (row) => row.version.startsWith(`${text}_`) || row.id.startsWith(`${text}_`),
    (row) => text !== '' && (row.version.startsWith(text) || row.id.startsWith(text)),
  ]
  for (const way of ways) {
    const fits = rows.filter(way)
    if (fits.length > 0) return fits
  }
  return []
}

function plainNumber(text: string): string | undefined {
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : undefined
}
