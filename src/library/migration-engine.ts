import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import type { PlanningRequest } from '../app/plan.ts'
import type { RunRequest } from '../app/request.ts'
import { run } from '../app/run.ts'
import { status, type StatusService } from '../app/status.ts'
import { verify, type VerifyResult } from '../app/verify.ts'
import { parseDuration } from '../util/duration.ts'
import { SkeinError } from '../model/errors.ts'
import { outside, type Outside } from './outside.ts'
import { type Ran, ran } from './ran.ts'

/** One service for which no workspace file is needed. */
export interface EngineOptions extends Outside {
  /** Its name, and what the service column of a shared table says. Default: after the folder. */
  service?: string
  /** Folder of the migrations, or a file:// URL (relative ones as golang-migrate writes them: file://migrations). */
  path: string
  /** A URL or DSN; default: DATABASE_URL, DB_*, PG* of `env`. */
  database?: string
  /** Default: told from the files. */
  tool?: string
  /** [schema.]name of the tool's table; default: the tool's own. */
  table?: string
}

/** How an engine runs. */
export interface EngineConfig {
  /** Only plan: nothing is locked, run or written. Default false. */
  dryRun?: boolean
  /** Each migration in a transaction of its own, where its statements allow it. False: statement by statement, each committed by itself, and resumed behind the last good one after a failure. Default true. */
  useTransactions?: boolean
  /** Longest time for one migration, in milliseconds or as '10m'. Default: no limit. */
  migrationTimeout?: number | string
}

/** Where a service stands. */
export interface EngineStatus {
  service: string
  /** The greatest applied version as the tool counts it; null before the first. */
  currentVersion: string | null
  applied: number
  pending: number
  state: StatusService['state']
  /** Whole, as `skein status --json` has it. */
  details: StatusService
}

/**
 * Migrations of one service, run from its own program. Every method opens its own connections; nothing to do is an empty result and never an
 * exception. A failing step is in the result; what stops a run before it begins is thrown as a SkeinError.
 */
export class MigrationEngine {
  readonly #options: EngineOptions
  readonly #config: EngineConfig

  constructor(options: EngineOptions, config: EngineConfig = {}) {
    this.#options = options
    this.#config = config
  }

  /** The same engine with other settings; this one stays as it is. */
  withConfig(config: EngineConfig): MigrationEngine {
    return new MigrationEngine(this.#options, { ...this.#config, ...config })
  }

  /** Applies all pending migrations, or the next `count`. */
  up(count?: number): Promise<Ran> {
    return this.#run({ verb: 'up', count })
  }

  /** Takes back the last migration, or the last `count`. */
  down(count: number | 'all' = 1): Promise<Ran> {
    return this.#run({ verb: 'down', count })
  }

  /** Up or down to a version; null for before the first. */
  goto(version: string | number | null): Promise<Ran> {
    return this.#run({ verb: 'goto', version: version === null ? null : String(version) })
  }

  /** Throws CONNECT-*, AUTH-FAILED and their like when the database cannot be asked. */
  async getStatus(): Promise<EngineStatus> {
    const { services } = await status(this.#request(), outside(this.#options))
    const [details] = services
    if (details === undefined) throw new SkeinError('SERVICE-UNKNOWN', { message: `there are no migrations in ${this.#options.path}` })
    if (details.error !== null) throw new SkeinError(details.error.code, details.error)
    const { name, current, applied, pending, state } = details
    return { service: name, currentVersion: current, applied, pending, state, details }
  }

  /** Every applied migration against its file. */
  verify(): Promise<VerifyResult> {
    return verify(this.#request(), outside(this.#options))
  }

  /** For health checks: true when the database answers, nothing is pending and nothing is broken. Never throws. */
  async isUpToDate(): Promise<boolean> {
    try {
      const { state, pending } = await this.getStatus()
      return state === 'up-to-date' && pending === 0
    } catch {
      return false
    }
  }

  async #run(asked: Pick<PlanningRequest, 'verb' | 'count' | 'version'>): Promise<Ran> {
    return ran(await run({ ...this.#request(), ...asked }, outside(this.#options)))
  }

  #request(): RunRequest {
    const { path, database, tool, table, service, cwd } = this.#options
    const { dryRun, useTransactions, migrationTimeout } = this.#config
    return {
      adhoc: {
        path: folderOf(path, cwd ?? process.cwd()),
        tool,
        table: tableOf(table),
        name: service,
        inTransactions: useTransactions !== false,
      },
      services: [],
      database,
      dryRun,
      timeoutMs: milliseconds(migrationTimeout),
    }
  }
}

function tableOf(text: string | undefined): { schema?: string; table: string } | undefined {
  const [first, second, ...more] = text?.split('.') ?? []
  if (first === undefined) return undefined
  if (first === '' || second === '' || more.length > 0)
    throw new SkeinError('USAGE', { message: `table: ${text} is no name of a table`, hint: "write it as 'table' or 'schema.table'" })
  return second === undefined ? { table: first } : { schema: first, table: second }
}

function folderOf(path: string, cwd: string): string {
  if (!path.startsWith('file://')) return resolve(cwd, path)
  return path.startsWith('file:///') ? fileURLToPath(path) : resolve(cwd, path.slice('file://'.length))
}

function milliseconds(time: number | string | undefined): number | undefined {
  if (typeof time !== 'string') return time
  const parsed = parseDuration(time)
  if (parsed !== undefined) return parsed
  throw new SkeinError('USAGE', {
    message: `migrationTimeout: ${time} is no duration`,
    hint: "write it as '90s', '10m' or in milliseconds",
  })
}
