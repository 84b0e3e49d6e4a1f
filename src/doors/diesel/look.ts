import { adopt } from '../../app/adopt.ts'
import type { RunRequest } from '../../app/request.ts'
import { survey } from '../../app/survey.ts'
import type { Migration } from '../../model/migration.ts'
import type { Ports } from '../../model/ports.ts'

/** What every command works with: the request for app/, and where to speak. */
export interface Work {
  request: RunRequest
  ports: Ports
  stdout: (text: string) => void
  stderr: (text: string) => void
  /** A line of the tool's log: this query failed. */
  logged: (query: string, failed: { message: string; sqlstate?: string }) => string
}

/** The files and the table: what the tool looks at before each command. */
export interface Found {
  /** In the tool's order. */
  migrations: readonly Migration[]
  /** Versions of the table, the greatest first. */
  applied: readonly string[]
  /** The ledger says otherwise, in a way that it cannot explain. */
  astray: boolean
}

/** Reads files and table; locks and writes nothing. Throws what looking throws. */
export async function look({ request, ports }: Work): Promise<Found> {
  const found = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
  const [name] = found.loaded.selected
  const looked = found.looked.get(name ?? '')
  const problems = found.reconciled.get(name ?? '')?.problems ?? []
  return {
    migrations: looked?.loaded.migrations ?? [],
    applied: (looked?.snapshot.rows ?? []).map((row) => String(row['version'])).reverse(),
    astray: problems.some(({ code }) => code === 'REVERTED' || code === 'MIXED'),
  }
}

/**
 * The same, with the table taken at its word where the ledger says otherwise (the schema was dropped and made again, a row was written by hand): the tool
 * knows its table and nothing else. As `skein adopt` would, and the change stands in the ledger's audit chain.
 */
export async function lookAndAdopt(work: Work): Promise<Found> {
  const found = await look(work)
  if (found.astray) await adopt({ ...work.request, because: 'diesel: the table of the tool is what counts' }, work.ports)
  return found
}
