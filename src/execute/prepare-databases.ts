import { checkLedger, ensureLedger } from '../ledger/ensure.ts'
import { closeJournals } from '../ledger/journal.ts'
import { startRun } from '../ledger/runs.ts'
import { insertBodies, recordApplied, recordUndone, setEnvironment, upsertHistory, type AppliedRow } from '../ledger/write.ts'
import type { Kind } from '../model/state.ts'
import { ident } from '../postgres/quote.ts'
import { asRefusal } from '../postgres/server-error.ts'
import { checkRights } from './check-rights.ts'
import type { RunOptions } from './options.ts'
import type { OpenService } from './service-run.ts'

/** What a service's ledger must learn before the first step: what others did meanwhile, or what was there before us. */
export interface SeenChanges {
  record: readonly AppliedRow[]
  undone: readonly { version: string; kind: Kind }[]
  /** Texts by hash, of the files that are adopted. */
  bodies: ReadonlyMap<string, string>
  /** Notes of migrations in code that a killed run left: with this they are settled. */
  settled: boolean
}

/**
 * Makes what the first write needs: the ledger, the service's row in it, the tool's table exactly as the tool makes it; notes the run; writes what
 * was seen but not recorded. Each service in one transaction, committed synchronously. Missing rights are found before the first write. Throws LEDGER-DENIED,
 * PERMISSION-DENIED, READ-ONLY.
 */
export async function prepareDatabases(
  open: readonly OpenService[],
  digest: string,
  steps: number,
  seen: ReadonlyMap<string, SeenChanges>,
  options: RunOptions,
): Promise<void> {
  try {
    await prepare(open, digest, steps, seen, options)
  } catch (error) {
    throw asRefusal(error, 'the ledger or a history table could not be written')
  }
}

async function prepare(
  open: readonly OpenService[],
  digest: string,
  steps: number,
  seen: ReadonlyMap<string, SeenChanges>,
  options: RunOptions,
): Promise<void> {
  for (const service of open) {
    await checkRights(service)
    await checkLedger(service.session, service.ledgerSchema)
  }
  const noted = new Set<string>()
  for (const service of open) {
    const { session, ledgerSchema } = service
    await ensureLedger(session, { schema: ledgerSchema, systemIdentifier: service.systemIdentifier, environment: service.environment })
    const [row] = await session.query<{ id: number }>(upsertHistory(ledgerSchema), [
      service.key,
      service.table.schema,
      service.name,
      service.tool,
    ])
    service.ledgerId = row?.id ?? 0
    await createTable(service)
    await writeSeen(service, seen.get(service.name), options)
    const place = `${service.target} ${ledgerSchema}`
    if (noted.has(place)) continue
    noted.add(place)
    if (service.environment !== undefined) await session.simple(setEnvironment(ledgerSchema, service.environment))
    const here = open
      .filter((one) => `${one.target} ${one.ledgerSchema}` === place)
      .map((one) => ({ service: one.name, schema: one.table.schema }))
    await session.query(startRun(ledgerSchema), [
      options.run,
      options.verb,
      digest,
      JSON.stringify(here),
      steps,
      options.osUser,
      options.host,
      options.program,
    ])
  }
}

async function createTable({ session, history, table, tableExists }: OpenService): Promise<void> {
  if (tableExists) return
  const schema =
    history.makesSchema === true && !(await schemaExists(session, table.schema)) ? [`create schema ${ident(table.schema)}`] : []
  await session.simple([...schema, ...history.create(table)].join(';\n'))
}

/** IF NOT EXISTS would ask for the right to make one even where it is there. */
async function schemaExists(session: OpenService['session'], schema: string): Promise<boolean> {
  const [row] = await session.query<{ there: boolean }>('select exists (select from pg_namespace where nspname = $1) as there', [schema])
  return row?.there === true
}

async function writeSeen(service: OpenService, seen: SeenChanges | undefined, options: RunOptions): Promise<void> {
  if (seen === undefined || (seen.record.length === 0 && seen.undone.length === 0 && !seen.settled)) return
  const { session, ledgerSchema, ledgerId } = service
  if (seen.bodies.size > 0) await session.query(insertBodies(ledgerSchema), [[...seen.bodies.keys()], [...seen.bodies.values()]])
  const rows = [
    ...seen.undone.map((one) => recordUndone(ledgerSchema, ledgerId, one.version, one.kind, options.run)),
    ...seen.record.map((row) => recordApplied(ledgerSchema, ledgerId, { ...row, run: options.run })),
    ...(seen.settled ? [closeJournals(ledgerSchema, ledgerId)] : []),
  ]
  await session.simple(`begin;set local synchronous_commit = on;${rows.join('')}commit`)
}
