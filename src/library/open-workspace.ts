import { adopt } from '../app/adopt.ts'
import { approve, type ApproveReport, type ApproveRequest } from '../app/approve.ts'
import { backup, type BackupReport, type BackupRequest } from '../app/backup.ts'
import { baseline } from '../app/baseline.ts'
import { clean, type CleanReport } from '../app/clean.ts'
import { config, type ConfigResult } from '../app/config.ts'
import { counts, type CountsRequest, type CountsResult } from '../app/counts.ts'
import { deps, type DepsResult } from '../app/deps.ts'
import { drop, type DropReport, type DropRequest } from '../app/drop.ts'
import type { EditReport } from '../app/edit-history.ts'
import { force } from '../app/force.ts'
import { health, type Health } from '../app/health.ts'
import { load } from '../app/load.ts'
import { type LockRow, locks } from '../app/locks.ts'
import { type LoggedRun, logs } from '../app/logs.ts'
import { mark } from '../app/mark.ts'
import { newMigration, type NewReport, type NewRequest } from '../app/new.ts'
import { plan, type PlanningRequest, type PlanResult } from '../app/plan.ts'
import { chooseRepair, repair, type RepairReport, type RepairRequest, type RepairResult } from '../app/repair.ts'
import type { Request, RunRequest } from '../app/request.ts'
import { restore, type RestoreReport, type RestoreRequest } from '../app/restore.ts'
import { run } from '../app/run.ts'
import { schema, type SchemaResult } from '../app/schema.ts'
import { seed, type SeedReport, type SeedRequest } from '../app/seed.ts'
import { status, type StatusResult } from '../app/status.ts'
import { tables, type TablesResult } from '../app/tables.ts'
import { validate, type ValidateResult } from '../app/validate.ts'
import { verify, type VerifyResult } from '../app/verify.ts'
import { wait, type WaitResult } from '../app/wait.ts'
import { outside, type Outside } from './outside.ts'
import { type Ran, ran } from './ran.ts'

/** Which workspace, and how its databases are reached. */
export interface OpenOptions extends Outside {
  /** The workspace file or its folder; default: looked for from `cwd` upwards, else services are detected. */
  file?: string
  /** A URL or DSN for every service, before anything the files or the environment say. */
  database?: string
  /** The workspace's embedded server for every service. */
  embedded?: boolean
  /** The environment whose migrations and policies hold; default: SKEIN_ENV of `env`. */
  environment?: string
}

/** Which services a call is about; none: all. */
export interface Selection {
  /** Names, aliases, short names or globs. */
  services?: readonly string[]
}

/** How a run behaves; times in milliseconds. What is left out is as on the command line. */
export type RunChoices = Selection & Omit<RunRequest, keyof Request>

/** How far `up` and `down` go. */
export interface Counted {
  /** Migrations of each service. Default: all for `up`, one for `down` and `redo`. */
  count?: number | 'all'
}

/** What can be waited for: that the server takes connections, that every migration of these files is applied, or one migration. */
export type WaitTarget = 'server' | 'schema' | `${string}@${string}`

/** A migration to be made. */
export interface NewWish extends Pick<NewRequest, 'type' | 'dryRun' | 'head' | 'merge'> {
  /** May be left out where there is one service. */
  service?: string
  /** In words: 'add user preferences'. */
  name: string
}

/**
 * A workspace opened for a program: one method for each verb of the command line, with the same meaning, returning data. Nothing is printed and the
 * process is never ended. A failing step is in the result (`exit`, `error`; {@link succeeded} makes it an exception); what stops a run before it
 * begins is thrown as a SkeinError. Each call opens its own connections and has closed them when it settles; calls may run at once.
 */
export interface OpenWorkspace {
  /** Absolute folder. */
  readonly root: string
  /** Names in the order of the files. */
  readonly services: readonly string[]
  /** What is applied, pending, broken, for each service. Locks and writes nothing. */
  status(selection?: Selection): Promise<StatusResult>
  /** What `up` (or the verb given) would do, in which order and why. Locks and writes nothing. */
  plan(choices?: RunChoices & Counted & Pick<PlanningRequest, 'version'> & { verb?: PlanningRequest['verb'] }): Promise<PlanResult>
  /** Applies what is pending, in dependency order. */
  up(choices?: RunChoices & Counted & Pick<PlanningRequest, 'given'>): Promise<Ran>
  /** Takes back the last migration of each service, or `count` of them. Asks nobody. */
  down(choices?: RunChoices & Counted): Promise<Ran>
  /** Up or down to a version of one service; null for before the first. */
  goto(choices: RunChoices & { version: string | null }): Promise<Ran>
  /** Takes back and applies again. */
  redo(choices?: RunChoices & Counted): Promise<Ran>
  /** All the way down, and up again. */
  reset(choices?: RunChoices): Promise<Ran>
  /** Says of the plan of `up`, or of the given one, that it may run where the environment wants approvals. Runs nothing. */
  approve(choices: RunChoices & Counted & Omit<ApproveRequest, keyof RunRequest | 'verb'>): Promise<ApproveReport>
  /** Everything that is wrong with the files, without a database. */
  validate(selection?: Selection): Promise<ValidateResult>
  /** Every applied migration against its file. */
  verify(selection?: Selection): Promise<VerifyResult>
  /** Says where a service stands, without running anything. */
  force(choices: RunChoices & { version: string | null; because?: string }): Promise<EditReport>
  /** Says of one migration that it is applied, or not. */
  mark(choices: RunChoices & { version: string; as: 'applied' | 'not-applied'; because?: string }): Promise<EditReport>
  /** Everything up to a version is taken as applied. */
  baseline(choices: RunChoices & { version: string; because?: string }): Promise<EditReport>
  /** What the tool applied is taken into the ledger. */
  adopt(choices?: RunChoices & { because?: string }): Promise<EditReport>
  /** Which migrations and services stand on which, with what dependencies.json says of them. Needs no database. */
  deps(selection?: Selection): Promise<DepsResult>
  /** What is in force for each service, and where each value came from; secrets are masked. Needs no database. */
  config(selection?: Selection): Promise<ConfigResult>
  /** Makes the files of a new migration; `dryRun` only tells what they would be. Never overwrites. */
  newMigration(wish: NewWish): Promise<NewReport>
  /** Every broken state, with evidence and choices. */
  repair(selection?: Selection): Promise<RepairResult>
  /** Carries out one choice for one broken state. */
  chooseRepair(choices: RunChoices & Omit<RepairRequest, keyof RunRequest>): Promise<RepairReport>
  /** Drops what the migrations of the services made. Asks nobody; `dryRun` shows what would go. */
  drop(choices: RunChoices & Omit<DropRequest, keyof RunRequest>): Promise<DropReport>
  /** Who holds or waits for migration locks. */
  locks(selection?: Selection): Promise<{ locks: LockRow[] }>
  /** What ran, when, by whom. */
  logs(selection?: Selection & { limit?: number }): Promise<{ runs: LoggedRun[] }>
  /** Waits until the databases answer. */
  wait(selection?: Selection & { waitMs?: number }): Promise<WaitResult>
  /**
   * Waits until what a program needs is there, all of it where several are named; 60 s unless `waitMs` says otherwise. A migration (`auth@3`) names its service
   * itself. Throws what was lacking when the time is over (PENDING, CONNECT-*), and at once what does not mend itself.
   */
  waitFor(what: WaitTarget | readonly WaitTarget[], selection?: Selection & { waitMs?: number }): Promise<WaitResult>
  /** Whether programs of these files can work, service by service; for readiness and metrics. Unreachable is an answer too. Locks and writes nothing. */
  health(selection?: Selection): Promise<Health>
  /** Runs the seeds of services; unchanged ones only with `force`. */
  seed(choices?: RunChoices & Pick<SeedRequest, 'set' | 'force'>): Promise<SeedReport>
  /** Deletes all rows of the tables that the migrations of the services made. Asks nobody; `dryRun` counts. */
  clean(choices?: RunChoices & { because?: string }): Promise<CleanReport>
  /** One file for each database of the services, by pg_dump, read back before it gets its name. */
  backup(choices?: Selection & Omit<BackupRequest, keyof Request>): Promise<BackupReport>
  /** Puts a backup in the place of a database. Asks nobody; `dryRun` only looks at file and database. */
  restore(choices: Selection & Omit<RestoreRequest, keyof Request>): Promise<RestoreReport>
  /** The tables and views of the services, and whose migration made each. */
  tables(selection?: Selection & { all?: boolean }): Promise<TablesResult>
  /** How many rows they have, exact unless `estimate`. */
  counts(choices?: Selection & Omit<CountsRequest, keyof Request>): Promise<CountsResult>
  /** What tables (these, or all of the services) are made of: columns, keys, indexes, and the migrations that made and changed them. */
  schema(selection?: Selection & { tables?: readonly string[]; all?: boolean }): Promise<SchemaResult>
}

/** Opens a workspace: reads and checks skein.yaml, or detects the services. Throws what the files deserve; connects nowhere. */
export async function openWorkspace(options: OpenOptions = {}): Promise<OpenWorkspace> {
  const { file, database, embedded, environment } = options
  const ports = outside(options)
  const common = { file, database, embedded, environment }
  const asked = <Choices extends Selection>(choices: Choices | undefined) => ({
    ...(choices as Choices),
    ...common,
    services: choices?.services ?? [],
  })
  const running = async (verb: PlanningRequest['verb'], choices: Selection | undefined) =>
    ran(await run({ ...asked(choices), verb }, ports))
  const { workspace } = await load(asked(undefined), ports)
  return {
    root: workspace.root,
    services: workspace.services.map((service) => service.name),
    status: (selection) => status(asked(selection), ports),
    plan: (choices) => plan({ verb: 'up', ...asked(choices) }, ports),
    up: (choices) => running('up', choices),
    down: (choices) => running('down', choices),
    goto: (choices) => running('goto', choices),
    redo: (choices) => running('redo', choices),
    reset: (choices) => running('reset', choices),
    validate: (selection) => validate(asked(selection), ports),
    verify: (selection) => verify(asked(selection), ports),
    force: (choices) => force(asked(choices), ports),
    mark: (choices) => mark(asked(choices), ports),
    baseline: (choices) => baseline(asked(choices), ports),
    adopt: (choices) => adopt(asked(choices), ports),
    deps: (selection) => deps(asked(selection), ports),
    config: (selection) => config(asked(selection), ports),
    newMigration: ({ service, ...wish }) =>
      newMigration({ ...wish, ...common, services: [], words: service === undefined ? [] : [service], moment: new Date() }, ports),
    repair: (selection) => repair(asked(selection), ports),
    chooseRepair: (choices) => chooseRepair(asked(choices), ports),
    drop: (choices) => drop(asked(choices), ports),
    locks: (selection) => locks(asked(selection), ports),
    logs: (selection) => logs(asked(selection), ports),
    wait: (selection) => wait({ waitMs: 60_000, ...asked(selection) }, ports),
    waitFor: (what, selection) => wait({ waitMs: 60_000, ...asked(selection), waitFor: typeof what === 'string' ? [what] : what }, ports),
    health: (selection) => health(asked(selection), ports),
    seed: (choices) => seed(asked(choices), ports),
    clean: (choices) => clean(asked(choices), ports),
    approve: (choices) => approve(asked(choices), ports),
    backup: (choices) => backup(asked(choices), ports),
    restore: (choices) => restore(asked(choices), ports, async () => {}),
    tables: (selection) => tables(asked(selection), ports),
    counts: (choices) => counts(asked(choices), ports),
    schema: (selection) => schema({ ...asked(selection), words: selection?.tables ?? [] }, ports),
  }
}
