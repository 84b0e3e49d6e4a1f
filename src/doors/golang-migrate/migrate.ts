import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { PlanningRequest } from '../../app/plan.ts'
import type { RunRequest } from '../../app/request.ts'
import { run } from '../../app/run.ts'
import type { Stand } from '../../app/stand.ts'
import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import type { Failure, RunEvent, StepResult } from '../../model/run.ts'
import type { Command } from './argv.ts'
import { goDuration, type Log, migrationFailed, stepName } from './print.ts'
import { Fatal } from './fatal.ts'
import { pieceThatFailed } from './multi-statement.ts'

export interface Work {
  request: RunRequest
  ports: Ports
  log: Log
}

type Migrating = Extract<Command, { name: 'up' | 'down' | 'goto' }>

/**
 * Up, down and goto, with golang-migrate's answers to what it finds at the ends of the way. Throws Fatal with what the tool says, and what app/run throws.
 * Source: golang-migrate v4.19.1 migrate.go (Up, Down, Steps, Migrate, read, readUp, readDown).
 */
export async function migrate(command: Migrating, found: Stand, work: Work): Promise<void> {
  const { log } = work
  const limit = 'limit' in command ? command.limit : undefined
  if (limit === 0) return log.line('no change')
  refuseDirty(command, found)
  if (found.version !== null) mustExist(found.version, found, log)
  if (command.name === 'goto') {
    mustExist(command.version, found, log)
    if (found.version === command.version) return log.line('no change')
    await carryOut({ ...work.request, verb: 'goto', version: command.version }, found, work)
    return
  }
  if (command.name === 'up' && found.version === null && found.versions.length === 0) throw new Fatal('error: first .: file does not exist')
  const count = command.name === 'down' ? (limit ?? 'all') : limit
  const done =
    found.version === null && command.name === 'down' ? 0 : await carryOut({ ...work.request, verb: command.name, count }, found, work)
  if (limit === undefined && done === 0) return log.line('no change')
  if (limit !== undefined && done === 0) throw new Fatal('error: file does not exist')
  if (limit !== undefined && done < limit) throw new Fatal(`error: limit ${limit - done} short`)
}

/** Runs it and returns how many migrations were run. */
async function carryOut(request: PlanningRequest, found: Stand, { ports, log }: Work): Promise<number> {
  const asked: PlanningRequest = { ...request, allowHollow: true, ignoreDependants: true }
  const report = await run(asked, { ...ports, emit: (event) => told(event, log) }).catch((error: unknown) => {
    if (!(error instanceof SkeinError)) throw error
    if (error.code === 'NOTHING-TO-UNDO') return undefined
    if (error.code === 'DIRTY' || error.code === 'PARTIAL') throw dirty(found.version ?? '-1')
    throw error
  })
  const steps = report?.run?.steps ?? []
  const failed = steps.find((step) => step.error !== undefined && step.outcome !== 'skipped')
  if (failed?.error !== undefined) throw new Fatal(`error: ${whatFailed(failed, failed.error, request)}`)
  return steps.filter((step) => step.outcome === 'done').length
}

function whatFailed(failed: StepResult, error: Failure, request: PlanningRequest): string {
  const text = textOf(failed, request)
  if (request.adhoc?.inTransactions !== false) return migrationFailed(error, failed.step, text)
  const piece = pieceThatFailed(text, error)
  return migrationFailed({ ...error, server: piece.server }, failed.step, piece.text)
}

function told(event: RunEvent, log: Log): void {
  if (event.kind === 'step-started' && log.verbose) {
    log.line(`${event.step.file === undefined ? 'Scheduled' : 'Start buffering'} ${stepName(event.step)}`)
    if (event.step.file !== undefined) log.line(`Read and execute ${stepName(event.step)}`)
  }
  if (event.kind === 'step-done') {
    const name = stepName(event.step)
    log.line(log.verbose ? `Finished ${name} (read 0s, ran ${goDuration(event.ms)})` : `${name} (${goDuration(event.ms)})`)
  }
  if (event.kind === 'warning') log.line(event.message)
}

/** Dirty stops everything; but what Skein itself left half-way (the row is dirty, the ledger knows how far it got) an up goes on with, as is its way. */
function refuseDirty(command: Migrating, found: Stand): void {
  if (!found.dirty) return
  const resumable = command.name === 'up' && !found.problems.includes('DIRTY')
  if (!resumable) throw dirty(found.version ?? '-1')
}

function dirty(version: string): Fatal {
  return new Fatal(`error: Dirty database version ${version}. Fix and force version.`)
}

/** The tool says it twice, the first time without a line's end (migrate.go, versionExists: logErr). */
function mustExist(version: string, found: Stand, log: Log): void {
  if (found.versions.includes(version)) return
  const said = `error: no migration found for version ${version}: read down for version ${version} .: file does not exist`
  if (log.verbose) log.line(said)
  throw new Fatal(log.verbose ? said : `${said}${said}`)
}

/** The text that was sent, which the tool's message holds as a whole. */
function textOf({ step }: StepResult, request: PlanningRequest): string {
  if (step.file === undefined || request.adhoc === undefined) return ''
  try {
    return readFileSync(join(request.adhoc.path, basename(step.file)), 'utf8')
  } catch {
    return ''
  }
}
