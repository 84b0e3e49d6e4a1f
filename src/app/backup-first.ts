import { resolve } from 'node:path'
import { recordBackup } from '../ledger/backups.ts'
import type { Step } from '../model/plan.ts'
import type { Ports } from '../model/ports.ts'
import type { Demand } from '../model/service.ts'
import type { Session } from '../postgres/session.ts'
import { type BackedUp, backupDatabase, byDatabase, fileNames, toolsFor } from './backup.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import { reaches, risksOf } from './step-risk.ts'
import type { Survey } from './survey.ts'

/** What the backups are taken for. */
export interface Occasion {
  run: string
  verb: string
  digest: string
  /** Every service that is changed. */
  services: readonly string[]
  /** What is run there; undefined for what has no steps and destroys data: drop, clean. */
  steps?: readonly Step[]
}

/** A backup, and the ledgers of its database. */
export interface FirstBackup extends BackedUp {
  /** One service for each ledger. */
  ledgers: { service: string; schema: string }[]
}

/**
 * Backs up each database, one file for each, before anything is changed in it: those asked for, else those whose environment demands it of what is to be
 * run. The caller holds the services' locks. Throws what `backup` throws, and then nothing was run; files of other databases that are whole stay.
 */
export async function backupFirst(found: Survey, wish: RunRequest, occasion: Occasion, ports: Ports): Promise<FirstBackup[]> {
  const wanted = await wantedDatabases(found, wish, occasion)
  const changes = (one: Looked) => Number(occasion.services.includes(one.loaded.service.name))
  // Before anything is written: all databases have their tools.
  const groups = byDatabase([...found.looked.values()])
    .filter((group) => group.some((one) => wanted.has(one.target.id)))
    // By the role of one that is changed, where roles differ.
    .map((group) => group.toSorted((a, b) => changes(b) - changes(a)))
    .map((group) => ({ group, tools: toolsFor(group, wish.pgBin, ports) }))
  const folder = backupFolder(wish, ports)
  const { run, verb, digest, services } = occasion
  const names = fileNames(
    groups.map(({ group }) => `${(group[0] as Looked).target.database}-${run.slice(0, 8)}`),
    'custom',
  )
  const made: FirstBackup[] = []
  for (const [at, { group, tools }] of groups.entries()) {
    const file = resolve(folder, names[at] as string)
    const plan = { tools, file, format: 'custom', schemaOnly: false, about: { before: { run, verb, digest } } } as const
    const one = await backupDatabase(group, plan, ports)
    const ledgers = group.map(({ loaded: { service } }) => ({ service: service.name, schema: service.ledgerSchema }))
    const changed = ledgers.filter(({ service }) => services.includes(service))
    made.push({ ...one, ledgers: changed.filter((each, at) => changed.findIndex(({ schema }) => schema === each.schema) === at) })
  }
  return made
}

/** Where such backups lie: absolute. */
export function backupFolder({ backupDir }: Pick<RunRequest, 'backupDir'>, { cwd, env }: Pick<Ports, 'cwd' | 'env'>): string {
  return resolve(cwd, backupDir ?? (env['SKEIN_BACKUP_DIR'] || '.'))
}

/** Writes into the ledgers which file holds what was there before the run. `sessions` by the service's name. */
export async function linkBackups(
  backups: readonly FirstBackup[],
  { run, verb, digest }: Occasion,
  sessions: ReadonlyMap<string, Session>,
  { host }: Pick<Ports, 'host'>,
): Promise<void> {
  for (const { ledgers, file, bytes, sha256, madeAt } of backups)
    for (const { service, schema } of ledgers) {
      const entry = recordBackup(schema, { run, verb, digest, file, bytes, sha256, madeAt, host })
      await (sessions.get(service) as Session).simple(`begin;set local synchronous_commit = on;${entry}commit`)
    }
}

/** Ids of the databases. */
async function wantedDatabases(found: Survey, wish: RunRequest, { services, steps }: Occasion): Promise<Set<string>> {
  const ids = (names: readonly string[]) => new Set(names.map((name) => (found.looked.get(name) as Looked).target.id))
  if (wish.backup === true) return ids(services)
  return ids(steps === undefined ? services.filter((name) => demandOf(found, name) !== undefined) : await demandsBackup(found, steps))
}

/** The services with a step so risky that the environment in force demands a backup before it. */
export async function demandsBackup(found: Survey, steps: readonly Step[]): Promise<string[]> {
  const candidates = steps.filter((step) => demandOf(found, step.service) !== undefined)
  if (candidates.length === 0) return []
  const risks = await risksOf(found, candidates)
  const risky = candidates.filter((step) => reaches(risks.get(step.id) ?? 'high', demandOf(found, step.service)?.from ?? 'low'))
  return [...new Set(risky.map((step) => step.service))]
}

function demandOf(found: Survey, service: string): Demand | undefined {
  return found.looked.get(service)?.loaded.service.demands?.backup
}
