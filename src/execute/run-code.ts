import { closeJournal, markInDoubt, openJournal, type JournalKey } from '../ledger/journal.ts'
import { insertBodies, recordApplied, recordUndone } from '../ledger/write.ts'
import { SkeinError } from '../model/errors.ts'
import { acquire, release } from '../postgres/advisory.ts'
import { toFailure } from '../postgres/server-error.ts'
import type { CodeFailure, CodeResult, Runtime } from '../runtimes/runtime.ts'
import { codeChild, endChild, orphanKey } from './code-child.ts'
import { codeSession, describeCode } from './describe-code.ts'
import { historyText } from './keep-locks.ts'
import { keyPatience, lendKeys } from './lend-keys.ts'
import type { RunOptions } from './options.ts'
import type { Outcome } from './outcome.ts'
import type { PreparedStep } from './prepare-step.ts'
import { retryLocks } from './retry-locks.ts'
import type { OpenService } from './service-run.ts'
import { sleep } from './sleep.ts'

/** A child that was asked to stop has so long to say how it ended, in milliseconds. */
const cancelPatienceMs = 5_000

/**
 * Runs one migration in code in the service's child process, on the child's own connection. Before it a committed note of the intent; the tool's
 * row is written by the tool itself; ours joins the migration's transaction where there is one, and is written behind it otherwise, when the tool's
 * table shows the step. So table and ledger agree whoever is killed, and when. The tools' and service's keys are released meanwhile: the
 * program may take one of them itself. Tried again while locks are missing, where nothing of it is left.
 */
export async function runCode(service: OpenService, prepared: PreparedStep, options: RunOptions): Promise<Outcome> {
  const started = options.now()
  options.emit({ kind: 'step-started', step: prepared.step })
  const child = await codeChild(service, options).catch((error: unknown) => ({ error }))
  if ('error' in child) {
    const failure = toFailure(child.error)
    return {
      kind: 'failed',
      ms: options.now() - started,
      failure: { ...failure, message: `${prepared.step.id}: ${failure.message.replace(`${service.name}: `, '')}` },
    }
  }
  await release(service.session, service.toolKeys)
  const back = await lendKeys(service.neighbours)
  try {
    return await retryLocks(service, prepared, options, async (lockTimeoutMs, timeLeftMs) => {
      await note(service, prepared, options)
      const result = await attempt(service, prepared, { lockTimeoutMs, timeLeftMs }, options)
      const outcome = await settle(service, prepared, result, options, options.now() - started)
      const missed = !result.ok && ['55P03', '40P01', '40001'].includes(result.failure.sqlstate ?? '')
      return { ...outcome, retryable: missed && outcome.kind === 'failed' && !options.signal.aborted }
    })
  } finally {
    if (!service.session.closed) {
      await acquire(service.session, service.toolKeys, keyPatience(options))
      await back(options)
    }
  }
}

function keyOf(service: OpenService, prepared: PreparedStep): JournalKey {
  return { history: service.ledgerId, version: prepared.migration.version, direction: prepared.step.direction }
}

/**
 * "This is about to run in a child", committed: what a runner that is killed leaves as a question, never as a lie. Not flushed by itself: the
 * child's commit comes behind it in the log and takes it along, so that a crash of the server cannot keep that one and lose this.
 */
async function note(service: OpenService, prepared: PreparedStep, options: RunOptions): Promise<void> {
  const { session, ledgerSchema } = service
  const { up } = prepared.migration
  const text =
    prepared.step.direction === 'up' && up !== null
      ? session.query(insertBodies(ledgerSchema), [[up.sha256()], [up.raw().toString('utf8')]])
      : undefined
  const key = keyOf(service, prepared)
  const intent = session.simple(
    `begin;${openJournal(ledgerSchema, key, options.run, prepared.hash, 1)}${markInDoubt(ledgerSchema, key, 1)}commit`,
  )
  await Promise.all([text, intent])
}

async function attempt(
  service: OpenService,
  prepared: PreparedStep,
  limits: { lockTimeoutMs: number; timeLeftMs: number | undefined },
  options: RunOptions,
): Promise<CodeResult & { stopped?: 'timeout' | 'signal' }> {
  const child = await codeChild(service, options)
  const key = service.ownKey
  const watch = watchChild(service, child, limits.timeLeftMs, options.signal)
  const result = await child.run({
    version: prepared.migration.version,
    direction: prepared.step.direction,
    parent: {
      database: service.spec.database,
      pid: service.session.pid,
      classid: Number(BigInt.asUintN(64, key) >> 32n),
      objid: Number(BigInt.asUintN(32, key)),
    },
    orphanKey: orphanKey(service),
    session: codeSession(service, prepared, options, limits.lockTimeoutMs),
    ledger: ledgerRows(service, prepared, options),
  })
  const stopped = watch.end()
  // One that was killed, or died, has a successor for the next step.
  if (!result.ok && ['crash', 'cancelled', 'load', 'connect', 'elsewhere', 'orphan'].includes(result.failure.stage)) {
    const { backendPid } = child
    await endChild(service, { kill: true })
    await waitForBackend(service, backendPid)
  }
  return { ...result, stopped }
}

/** Our row and the end of the note, for one transaction. */
function ledgerRows(service: OpenService, prepared: PreparedStep, options: RunOptions): string {
  const { migration, step } = prepared
  const { ledgerSchema: schema, ledgerId } = service
  const row =
    step.direction === 'up'
      ? recordApplied(schema, ledgerId, {
          version: migration.version,
          name: migration.id,
          kind: 'executed',
          hash: prepared.hash,
          down: null,
          environment: migration.environment,
          run: options.run,
        })
      : recordUndone(schema, ledgerId, migration.version, 'executed', options.run)
  return `${row}${closeJournal(schema, keyOf(service, prepared))}`
}

/** What became of it, by what the child says and, where that is not all, by the tool's table. */
async function settle(
  service: OpenService,
  prepared: PreparedStep,
  result: CodeResult & { stopped?: 'timeout' | 'signal' },
  options: RunOptions,
  ms: number,
): Promise<Outcome> {
  const { session, ledgerSchema } = service
  const recorded = result.ok && result.recorded
  if (recorded) service.state.advance({ migration: prepared.migration, direction: prepared.step.direction })
  if (recorded || (await isDone(service, prepared))) {
    if (!recorded) await session.simple(`begin;${ledgerRows(service, prepared, options)}commit`)
    return { kind: 'done', ms }
  }
  await session.simple(`begin;set local synchronous_commit = on;${closeJournal(ledgerSchema, keyOf(service, prepared))}commit`)
  return describeCode(service, prepared, result.ok ? unrecorded(service) : result.failure, { ms, stopped: result.stopped })
}

/** It says that all went well, and the tool's table does not show it. */
function unrecorded(service: OpenService): CodeFailure {
  return {
    stage: 'elsewhere',
    name: 'NotRecorded',
    message: `it ran, and ${service.table.schema}.${service.table.table} does not show it: the program keeps its history in another table`,
    hint: `name the table that the program uses: table: in skein.yaml, under services.${service.name}`,
  }
}

/** By the tool's table, read on our own connection: is the step done? Then the tracked state moves on. */
async function isDone(service: OpenService, prepared: PreparedStep): Promise<boolean> {
  const { history, state } = service
  const step = { migration: prepared.migration, direction: prepared.step.direction }
  const rows = history.parse(await historyText(service))
  const { undo } = state.advance(step)
  // Of a graph the applied set is long to tell; that the heads are those of the step is seen at once.
  if (history.keeps === 'heads' && JSON.stringify(rows) === JSON.stringify(state.rows)) return true
  const { applied } = history.applied({ exists: true, rows }, service.migrations)
  if (applied.has(step.migration.version) === (step.direction === 'up')) return true
  undo()
  return false
}

/** Cancels what the child's connection is doing when the time is up or a signal comes; a child that says nothing to that is killed. */
function watchChild(
  service: OpenService,
  child: Runtime,
  timeLeftMs: number | undefined,
  signal: AbortSignal,
): { end: () => 'timeout' | 'signal' | undefined } {
  let why: 'timeout' | 'signal' | undefined
  let killer: NodeJS.Timeout | undefined
  const stop = (reason: 'timeout' | 'signal') => {
    if (why !== undefined) return
    why = reason
    const pid = child.backendPid
    if (pid !== undefined) service.session.query('select pg_cancel_backend($1::int)', [pid]).catch(() => undefined)
    killer = setTimeout(() => void child.kill(), pid === undefined ? 0 : cancelPatienceMs)
  }
  const timer = timeLeftMs === undefined ? undefined : setTimeout(() => stop('timeout'), timeLeftMs)
  const onAbort = () => stop('signal')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return {
    end: () => {
      clearTimeout(timer)
      clearTimeout(killer)
      signal.removeEventListener('abort', onAbort)
      return why
    },
  }
}

/** A killed child's backend may still be rolling back, or even committing: nobody judges before it is gone. */
async function waitForBackend(service: OpenService, pid: number | undefined): Promise<void> {
  if (pid === undefined || service.session.closed) return
  await service.session.query('select pg_terminate_backend($1::int)', [pid]).catch(() => undefined)
  for (;;) {
    const [row] = await service.session.query('select 1 from pg_stat_activity where pid = $1::int', [pid])
    if (row === undefined) return
    await sleep(50, new AbortController().signal)
  }
}

/** Throws CODE-UNSUPPORTED: a plan in one transaction has no place for another process. */
export function refuseCodeInOne(prepared: PreparedStep): never {
  throw new SkeinError('CODE-UNSUPPORTED', {
    message: `--single-transaction is not possible: ${prepared.step.id} is code and runs on a connection of its own`,
    hint: 'leave --single-transaction away: each migration is a transaction of its own then',
  })
}
