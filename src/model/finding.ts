import type { Place } from './errors.ts'

export type Severity = 'error' | 'warning' | 'note'

/** Something a check has to say about a file, a statement or a table: data, never an exception. */
export interface Finding {
  /** Stable code, AREA-WHAT, e.g. SOURCE-DUPLICATE. Listed in docs/reference/findings.md. */
  rule: string
  severity: Severity
  message: string
  /** What to do about it. */
  remedy?: string
  service?: string
  version?: string
  place?: Place
}
