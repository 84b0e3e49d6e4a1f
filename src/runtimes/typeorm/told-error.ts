import type { CodeFailure } from '../runtime.ts'

/** An error as typeorm-child/describe.mjs tells it. */
export interface ToldError {
  stage: CodeFailure['stage']
  name: string
  message: string
  code?: string
  sqlstate?: string
  detail?: string
  hint?: string
  statement?: string
  stack?: string
  /** Stack of the place that sent the query. */
  call?: string
  /** The file that was being loaded. */
  file?: string
}
