import { SkeinError } from '../model/errors.ts'
import { ident, literal } from '../postgres/quote.ts'
import type { IndexFacts, Statement } from '../sql/facts.ts'
import { findIndex, type FoundIndex } from './find-index.ts'
import { invalidCopy } from './left-behind.ts'
import { probeLock } from './probe-lock.ts'
import type { RunOptions } from './options.ts'
import type { PreparedStep } from './prepare-step.ts'
import { sameIndex } from './same-index.ts'
import type { OpenService } from './service-run.ts'
import { sleep } from './sleep.ts'
import { watchBuild } from './watch-build.ts'

/** Building again after an INVALID index was found is tried this often. */
const attempts = 3

/**
 * Creates, drops or rebuilds an index concurrently so that it can be told to do it again. Looks for the index by name first: absent → build;
 * valid and ours (a run was interrupted after it) → done; INVALID with a builder at work → wait; INVALID without one → drop it concurrently and
 * build again. `if not exists` never hides an INVALID index. Takes SHARE UPDATE EXCLUSIVE on the table, first for a moment under a short
 * lock_timeout on the schedule, then as long as the build takes. Throws INDEX-DIFFERS when a valid index of that name is another one.
 */
export async function buildIndex(
  service: OpenService,
  prepared: PreparedStep,
  statement: Statement,
  sql: string,
  inDoubt: boolean,
  options: RunOptions,
): Promise<void> {
  const facts = statement.indexFacts as IndexFacts
  const run = () => withProgress(service, prepared, options, () => service.session.simple(sql))
  if (facts.action !== 'create') {
    await probeLock(service, prepared, facts, options)
    if (facts.action === 'reindex' && inDoubt) await clearCopies(service, statement, options)
    await run()
    return
  }
  for (let attempt = 1; ; attempt++) {
    const found = await nobodyBuilds(service, prepared, facts, sql, options)
    if (found?.valid === true && (inDoubt || facts.ifNotExists)) {
      if (await sameIndex(service, facts, sql, found.oid)) return
      throw differs(found, prepared)
    }
    await probeLock(service, prepared, facts, options)
    // Looked at again: whoever had the lock until now may have finished it.
    const left = await findIndex(service, facts, sql)
    if (left?.valid === true && found?.valid === false) continue
    if (left?.valid === false) await dropInvalid(service, left, options)
    let failed: { error: unknown } | undefined
    try {
      await run()
    } catch (error) {
      failed = { error }
      if (service.session.closed) throw error
    }
    const made = await findIndex(service, facts, sql).catch((error: unknown) => {
      // A cancel that came too late for the build hits this look: what was built is built, and must be recorded.
      if (failed === undefined && (error as { code?: string }).code === '57014') return undefined
      throw error
    })
    if (failed === undefined && made?.valid !== false) return
    if (failed !== undefined && (made?.valid !== false || !worthRetrying(failed.error) || attempt >= attempts)) throw failed.error
    if (attempt >= attempts)
      throw new SkeinError('STEP-FAILED', {
        message: `the index ${made?.name ?? facts.name ?? ''} is INVALID after ${attempts} attempts`,
        hint: 'see the server log, then run the same command again',
      })
  }
}

/** The index as it is when nobody is at work on it: waits for another session's build, however long that takes. */
async function nobodyBuilds(
  service: OpenService,
  prepared: PreparedStep,
  facts: IndexFacts,
  sql: string,
  options: RunOptions,
): Promise<FoundIndex | undefined> {
  const started = options.now()
  for (;;) {
    const found = await findIndex(service, facts, sql)
    if (found?.valid !== false || found.buildingPid === null) return found
    const what = `pid ${found.buildingPid}, which is building ${found.name}`
    options.emit({ kind: 'waiting', service: service.name, step: prepared.step, what, blockers: [], ms: options.now() - started })
    await sleep(500, options.signal)
    if (options.signal.aborted) throw new SkeinError('INTERRUPTED', { message: `stopped while waiting for another build of ${found.name}` })
  }
}

async function dropInvalid(service: OpenService, found: Pick<FoundIndex, 'schema' | 'name'>, options: RunOptions): Promise<void> {
  options.emit({
    kind: 'warning',
    service: service.name,
    message: `${found.schema}.${found.name} is INVALID, left by a build that broke off: dropping it concurrently and building it again`,
  })
  await service.session.simple(`drop index concurrently if exists ${ident(found.schema)}.${ident(found.name)}`)
}

/** What an interrupted REINDEX CONCURRENTLY left: each has to go, or it is kept up to date by every write for ever. */
async function clearCopies(service: OpenService, statement: Statement, options: RunOptions): Promise<void> {
  for (let copy = await invalidCopy(service, statement); copy !== undefined; copy = await invalidCopy(service, statement))
    await dropInvalid(service, copy, options)
}

/** Lock and deadlock errors are worth another build; duplicates and syntax are not. */
function worthRetrying(error: unknown): boolean {
  const code = (error as { code?: string }).code
  return code === '40P01' || code === '55P03'
}

async function withProgress<T>(service: OpenService, prepared: PreparedStep, options: RunOptions, work: () => Promise<T>): Promise<T> {
  const watch = watchBuild(service, (phase, done, total, waitingFor) =>
    options.emit({ kind: 'progress', step: prepared.step, phase, done, total, waitingFor }),
  )
  try {
    return await work()
  } finally {
    watch.stop()
  }
}

function differs({ schema, name }: FoundIndex, prepared: PreparedStep): SkeinError {
  return new SkeinError('INDEX-DIFFERS', {
    message: `an index ${schema}.${name} exists already and is not the one that ${prepared.file ?? 'the migration'} describes`,
    hint: `compare: select pg_get_indexdef(${literal(`${ident(schema)}.${ident(name)}`)}::regclass); then rename or drop one of them`,
    place: prepared.file === null ? undefined : { file: prepared.file },
  })
}
