import { SkeinError } from '../model/errors.ts'
import type { Failure } from '../model/run.ts'
import { isServerError, toFailure } from '../postgres/server-error.ts'
import type { ServerError } from '../postgres/session.ts'
import type { StopReason } from './deadline.ts'
import { explain } from './explain.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { OpenService } from './service-run.ts'

export interface SentText {
  /** What stood before the file's text in the message, and how many statements that was. */
  prefix?: string
  before?: number
  /** Where in the file's text the piece begins that was sent, and the number of its first statement (from 1). */
  start?: number
  first?: number
  /** How much of the file's text was sent before something of ours; default: all. */
  length?: number
  ms: number
  /** Set when we cancelled it. */
  stopped?: StopReason
}

/** A rejected message as the outcome of its step: code, file, line, column, statement, SQLSTATE, hint, and what to do next. */
export function describeFailure(
  service: OpenService,
  prepared: PreparedStep,
  error: unknown,
  sent: SentText,
): Exclude<Outcome, { kind: 'done' }> {
  const { ms } = sent
  if (isServerError(error)) {
    if (sent.stopped !== undefined && error.code === '57014') return stopped(prepared, sent)
    if (!connectionGone.has(error.code)) return { kind: 'failed', ms, failure: serverFailure(service, prepared, error, sent) }
    const message = `${prepared.step.id}: the connection was lost: ${error.message}`
    return { kind: 'lost', ms, failure: { code: 'SERVER-LOST', message, sqlstate: error.code, place: atFile(prepared) } }
  }
  const failure = toFailure(error)
  const blockers = error instanceof SkeinError ? (error.details.data?.['blockers'] as Failure['blockers']) : undefined
  if (blockers !== undefined) failure.blockers = blockers
  return {
    kind: error instanceof SkeinError ? kindOf(error) : 'failed',
    ms,
    failure: { place: atFile(prepared), ...failure, message: `${prepared.step.id}: ${failure.message}` },
  }
}

/** For statements of ours around a file: their errors have no place in it. Throws the error again. */
export function notOfFile(error: unknown): never {
  if (isServerError(error)) {
    delete error.position
    delete error.completed
  }
  throw error
}

function kindOf(error: SkeinError): 'lost' | 'interrupted' | 'deferred' | 'failed' {
  if (error.code === 'SERVER-LOST') return 'lost'
  if (error.code === 'INTERRUPTED') return 'interrupted'
  return error.exit === 6 ? 'deferred' : 'failed'
}

/** admin_shutdown, crash_shutdown, cannot_connect_now, idle timeouts, and the connection exceptions of class 08: the session is gone. */
const connectionGone = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25P04', '08000', '08003', '08006'])

function serverFailure(service: OpenService, prepared: PreparedStep, error: ServerError, sent: SentText): Failure {
  shift(error, prepared, sent)
  const prefix = sent.prefix ?? ''
  const failure = toFailure(error, {
    text: prefix + prepared.text,
    offset: prefix.length,
    length: sent.length ?? prepared.text.length,
    file: prepared.file ?? undefined,
    statements: prepared.facts.statements,
    before: sent.before ?? 0,
  })
  const told = explain(service, prepared, error, failure.statement?.index)
  return {
    ...failure,
    code: told.code ?? failure.code,
    message: `${prepared.step.id}: ${failure.message}${told.message === undefined ? '' : `. ${told.message}`}`,
    hint:
      told.hint ??
      failure.hint ??
      `mend ${prepared.file ?? 'the migration'} and run the same command again; nothing of this migration is left`,
  }
}

/** A piece of the file was sent: its positions and counts are moved to those of the file. */
function shift(error: ServerError, prepared: PreparedStep, sent: SentText): void {
  if (sent.start !== undefined && error.position !== undefined)
    error.position = String(Number(error.position) + Array.from(prepared.text.slice(0, sent.start)).length)
  if (sent.first !== undefined && error.completed !== undefined) error.completed += sent.first - 1
}

function stopped(prepared: PreparedStep, sent: SentText): Exclude<Outcome, { kind: 'done' }> {
  const place = atFile(prepared)
  if (sent.stopped === 'timeout') {
    const message = `${prepared.step.id}: the time given for a migration ran out after ${(sent.ms / 1000).toFixed(1)} s and it was cancelled; nothing of it is left`
    return {
      kind: 'deferred',
      ms: sent.ms,
      failure: { code: 'TIMEOUT', message, hint: 'give it more with --timeout (or MIGRATION_TIMEOUT), or make it smaller', place },
    }
  }
  const message = `${prepared.step.id}: cancelled by a signal; nothing of it is left`
  return { kind: 'interrupted', ms: sent.ms, failure: { code: 'INTERRUPTED', message, hint: 'run the same command again to go on', place } }
}

function atFile(prepared: PreparedStep): { file: string } | undefined {
  return prepared.file === null ? undefined : { file: prepared.file }
}
