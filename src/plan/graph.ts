import type { Need } from '../model/service.ts'
import type { Reconciled } from './reconciled.ts'

/** A point in a chain (`Graph.services`, by number): 0 is its start, 1…n its migrations in order, n + 1 its end (everything applied). */
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
 * service that needs it, or to the one migration. Services stand by name, so that the order in which they came makes no difference. A service whose
 * order is a graph itself (Alembic) stands there once for each of its branches, joined by edges of their own.
 */
export interface Graph {
  services: readonly Reconciled[]
  /** By chain and position - 1: the place in the service's whole list. */
  listed: readonly (readonly number[])[]
  /** The services by name, with all their branches. */
  wholes: ReadonlyMap<string, Reconciled>
  /** The chains of each service, by name. */
  index: ReadonlyMap<string, readonly number[]>
  needs: ReadonlyMap<string, readonly Need[]>
  /** See {@link Fleet}. */
  absent: ReadonlySet<string>
  /** By service and position: what must be behind us. */
  waits: ReadonlyMap<number, readonly Edge[]>[]
  /** The same edges by where they come from. */
  frees: ReadonlyMap<number, readonly Edge[]>[]
}
