import type { Need } from '../model/service.ts'
import type { Reconciled } from './reconciled.ts'

/** A point in a service's chain: 0 is its start, 1…n its migrations in order, n + 1 its end (everything applied). */
export interface Place {
  service: number
  position: number
}

/** `from` must be behind us before `to` may be. */
export interface Edge {
  from: Place
  to: Place
  need: Need
}

/**
 * Everything that order depends on, whatever is applied: each service is a chain (its tool's order), needs are edges between chains.
 * A need on a whole service leads from that service's end, one on a version from that migration; it leads to the start of the
 * service that needs it, or to the one migration. Services stand by name, so that the order in which they came makes no difference.
 */
export interface Graph {
  services: readonly Reconciled[]
  index: ReadonlyMap<string, number>
  needs: ReadonlyMap<string, readonly Need[]>
  /** See {@link Fleet}. */
  absent: ReadonlySet<string>
  /** By service and position: what must be behind us. */
  waits: ReadonlyMap<number, readonly Edge[]>[]
  /** The same edges by where they come from. */
  frees: ReadonlyMap<number, readonly Edge[]>[]
}
