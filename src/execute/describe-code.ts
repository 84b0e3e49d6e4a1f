import type { ErrorCode } from '../model/errors.ts'
import type { CodeFile } from '../model/migration.ts'
import { literal } from '../postgres/quote.ts'
import type { CodeFailure } from '../runtimes/runtime.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import { asFilesRun } from './session-identity.ts'
import { autocommitSettings, sessionSettings } from './session-settings.ts'
import type { OpenService } from './service-run.ts'

/** Code that says one of these commits by itself; a lock_timeout would then leave an INVALID index behind rather than nothing. */
const commitsItself = /\bconcurrently\b|\bautocommit_block\b|\btransaction\s*[:=]\s*false\b|\.commit\(\)|\bcommitTransaction\(/i

/** Whether a migration in code is one transaction, as far as its text tells: a policy of its own, or a commit on its way, say otherwise. */
export function isAtomicCode(body: CodeFile, mode: 'all' | 'each' | 'none' | undefined): boolean {
  return (body.transaction ?? mode !== 'none') && !commitsItself.test(body.raw().toString('utf8'))
}

/** What the child's session is told before the migration runs: our timeouts, the service's search_path and role. */
export function codeSession(service: OpenService, prepared: PreparedStep, options: RunOptions, lockTimeoutMs: number): string {
  const version = service.session.version
  const body = prepared.step.direction === 'up' ? prepared.migration.up : prepared.migration.down
  const alone = body !== null && commitsItself.test(body.raw().toString('utf8'))
  const path = service.schema ?? service.spec.searchPath
  return [
    `set application_name = ${literal(`${options.program} ${service.name} child`)}`,
    // The program decides what its commits are worth; the default of its connection is on.
    sessionSettings(version, options, lockTimeoutMs).replace(/set synchronous_commit = '[^']*';/, ''),
    ...(alone ? [autocommitSettings(version)] : []),
    ...(path === undefined ? [] : [`select set_config('search_path', ${literal(path)}, false)`]),
    asFilesRun(service, { local: false }),
  ]
    .filter((each) => each !== '')
    .map((each) => (each.endsWith(';') ? each : `${each};`))
    .join('')
}

const codes: Readonly<Partial<Record<CodeFailure['stage'], ErrorCode>>> = {
  load: 'RUNTIME-INVALID',
  connect: 'CONNECT-FAILED',
  elsewhere: 'DATASOURCE-ELSEWHERE',
  orphan: 'LOCK-HELD',
  crash: 'RUNTIME-FAILED',
}

const hints: Readonly<Partial<Record<CodeFailure['stage'], string>>> = {
  elsewhere:
    'let the program connect to the database that it is given: DATABASE_URL, PG* or DB_* in its environment, or runtime: { variable: … }',
  connect: 'the program is given DATABASE_URL, PG* and DB_* in its environment: let it read one of them',
  ledger: 'the user that the program connects as may not write the ledger: grant it what `skein` was granted, or connect as the same user',
}

/** A failure in the child as the outcome of its step. */
export function describeCode(
  service: OpenService,
  prepared: PreparedStep,
  failure: CodeFailure,
  { ms, stopped }: { ms: number; stopped?: 'timeout' | 'signal' },
): Outcome {
  const { id } = prepared.step
  const place = failure.place ?? (prepared.file === null ? undefined : { file: prepared.file })
  if (stopped === 'signal' && (failure.sqlstate === '57014' || failure.stage === 'cancelled' || failure.stage === 'crash')) {
    const message = `${id}: cancelled by a signal; ${left(service, prepared)}`
    return { kind: 'interrupted', ms, failure: { code: 'INTERRUPTED', message, hint: 'run the same command again to go on', place } }
  }
  if (stopped === 'timeout') {
    const message = `${id}: the time given for a migration ran out after ${(ms / 1000).toFixed(1)} s and it was stopped; ${left(service, prepared)}`
    const hint = 'give it more with --timeout (or MIGRATION_TIMEOUT), or make it smaller'
    return { kind: 'deferred', ms, failure: { code: 'TIMEOUT', message, hint, place } }
  }
  const named = failure.stage === 'migrate' && failure.name !== '' && failure.name !== 'Error' ? `${failure.name}: ` : ''
  return {
    kind: 'failed',
    ms,
    failure: {
      code: codes[failure.stage] ?? 'STEP-FAILED',
      message: `${id}: ${named}${failure.message}`,
      hint:
        failure.hint ??
        hints[failure.stage] ??
        `mend ${prepared.file ?? 'the migration'} and run the same command again; ${left(service, prepared)}`,
      sqlstate: failure.sqlstate,
      detail: failure.detail,
      place,
      ...(failure.statement === undefined ? {} : { statement: { index: 1, of: 1, text: firstLine(failure.statement) } }),
    },
  }
}

/** What the tool's table was asked for before anybody says so. */
function left(service: OpenService, { step }: PreparedStep): string {
  const { table } = service.table
  return step.direction === 'up'
    ? `${table} does not have it, and what was in its transaction is not left`
    : `${table} still has it, and what was in its transaction was not taken back`
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] as string
}
