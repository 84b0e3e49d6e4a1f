import type { Failure } from '../model/run.ts'

/** What became of one step. */
export type Outcome =
  | { kind: 'done'; ms: number }
  /** Rolled back, or never begun: nothing of it is left. */
  | { kind: 'failed'; ms: number; failure: Failure }
  /** A lock or the given time was not to be had; nothing of it is left, unless `left`: then the journal knows. */
  | { kind: 'deferred'; ms: number; failure: Failure; left?: true }
  /** Some of its statements are committed; the journal knows which. */
  | { kind: 'partial'; ms: number; failure: Failure }
  /** Stopped by a signal; nothing of it is left unless the journal says so. */
  | { kind: 'interrupted'; ms: number; failure: Failure; left?: true }
  /** The connection went while it ran: see recover.ts. */
  | { kind: 'lost'; ms: number; failure: Failure }
