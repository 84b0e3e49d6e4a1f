import { createHash } from 'node:crypto'
import { canonical } from './canonical.ts'
import type { CatalogueRow } from './kind.ts'
import { sorted } from './order.ts'

/** A catalogue in short. Equal totals: equal catalogues. Only prints of one PostgreSQL major version can be equal. */
export interface Fingerprint {
  /** SHA-256 as hex of all rows. */
  total: string
  /** One SHA-256 per row, ordered by kind and identity. */
  rows: readonly { kind: string; identity: string; hash: string }[]
}

/** The fingerprint of a catalogue; the order of the rows does not matter. Pure. */
export function fingerprint(rows: readonly CatalogueRow[]): Fingerprint {
  const total = createHash('sha256')
  const hashed = sorted(rows).map(({ kind, identity, facts }) => {
    const text = canonical([kind, identity, facts])
    total.update(`${text}\n`)
    return { kind, identity, hash: createHash('sha256').update(text).digest('hex') }
  })
  return { total: total.digest('hex'), rows: hashed }
}
