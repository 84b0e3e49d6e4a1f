import type { Emit } from '../model/run.ts'

export interface ProgressDisplay {
  emit: Emit
  /** Ends a live display before anything else is written. */
  end(): Promise<void>
}
