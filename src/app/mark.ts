import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { findMigration } from '../sources/find-migration.ts'
import { editHistory, type Edit, type EditReport } from './edit-history.ts'
import { onlyService } from './force.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import type { Survey } from './survey.ts'

export interface MarkRequest extends RunRequest {
  version: string
  as: 'applied' | 'not-applied'
  because?: string
}

/**
 * Says of one migration that it is applied, or that it is not, in tool's table and ledger, without running it; a half-done record of it goes. Where
 * the tool keeps only the latest version, or heads, only the end (or the next) can be said: anything else would change what the table says of others;
 * the refusal names the tool's own command.
 * Takes the service's locks. Throws USAGE, VERSION-UNKNOWN.
 */
export async function mark(request: MarkRequest, ports: Ports): Promise<EditReport> {
  return editHistory('mark', request, ports, (found) => [markEdit(found, request)])
}

/** What {@link mark} writes. Throws USAGE, VERSION-UNKNOWN. */
export function markEdit(found: Survey, request: Pick<MarkRequest, 'version' | 'as'>): Edit {
  const name = onlyService(found)
  const looked = found.looked.get(name) as Looked
  const { source, migrations } = looked.loaded
  const rows = found.reconciled.get(name)?.migrations ?? []
  const known = rows.find((row) => row.version === request.version || row.id === request.version)?.version
  const version = known ?? findMigration(source, migrations, request.version).version
  const applied = looked.applied.applied.has(version) || looked.applied.unknown.includes(version)
  if (looked.history.keeps === 'latest-version') refuseUnsayable(looked, name, version, request.as)
  if (looked.history.keeps === 'heads') refuseBetweenHeads(looked, name, version, request.as)
  const edit: Edit = { service: name, add: [], remove: [], tool: true }
  // What the tool's table implies below a version has to be in the ledger, or it would pass for a late file from now on.
  for (const one of found.reconciled.get(name)?.toRecord ?? []) if (one.version !== version) edit.add.push(one)
  // What the tool took back leaves the ledger now: behind a newer entry nobody could tell any more that it was the last one.
  for (const one of found.reconciled.get(name)?.reverted ?? []) if (one !== version) edit.remove.push(one)
  if (request.as === 'applied') edit.add.push({ version, kind: 'forced' })
  else edit.remove.push(version)
  if (looked.history.marksDirty) edit.rows = latestRow(looked, version, request.as)
  else edit.tool = applied !== (request.as === 'applied')
  return edit
}

/** golang-migrate's one row says "everything up to here": only its end can be moved. */
function refuseUnsayable(looked: Looked, name: string, version: string, as: MarkRequest['as']): void {
  const order = looked.loaded.migrations.map((one) => one.version)
  const current = currentVersion(looked)
  const at = order.indexOf(version)
  const now = current === null ? -1 : order.indexOf(current)
  const movable = as === 'applied' ? at <= now + 1 : at >= now
  if (movable) return
  throw new SkeinError('USAGE', {
    message: `${looked.table.table} keeps one row, the latest version, and cannot say that ${version} alone is ${as === 'applied' ? 'applied' : 'not applied'}`,
    hint: `say where the service stands as a whole: skein force ${name} VERSION${toolsOwn(looked)}`,
    service: name,
  })
}

/** Heads stand for everything below them: read back, they must say exactly what was meant. */
function refuseBetweenHeads(looked: Looked, name: string, version: string, as: MarkRequest['as']): void {
  const { history, applied, loaded, table } = looked
  const wanted = new Map(applied.applied)
  if (as === 'applied') wanted.set(version, wanted.get(version) ?? { assumed: false })
  else wanted.delete(version)
  const { migrations } = loaded
  const rows = history.rows({ applied: wanted, unknown: applied.unknown.filter((one) => one !== version) }, migrations)
  const said = history.applied({ exists: true, rows }, migrations).applied
  if (said.size === wanted.size && [...wanted.keys()].every((one) => said.has(one))) return
  throw new SkeinError('USAGE', {
    message: `${table.table} keeps the heads, and cannot say that ${version} alone is ${as === 'applied' ? 'applied' : 'not applied'}`,
    hint: `say where the service stands as a whole: skein force ${name} VERSION${toolsOwn(looked)}`,
    service: name,
  })
}

/** The tool's own way to say it, for those who have it at hand. */
function toolsOwn(looked: Looked): string {
  const command = looked.history.forceCommand?.(looked.table, 'VERSION')
  return command === undefined ? '' : `; ${looked.loaded.service.tool} itself says that with: ${command}`
}

function latestRow(looked: Looked, version: string, as: MarkRequest['as']) {
  const { source, migrations } = looked.loaded
  const current = currentVersion(looked)
  const order = migrations.map((one) => one.version)
  const before = order[order.indexOf(version) - 1] ?? null
  const isBeyond = current !== null && source.compare(current, version) > 0
  const isShort = current === null || source.compare(current, version) < 0
  const target = as === 'applied' ? (isBeyond ? current : version) : isShort ? current : before
  return looked.history.rows({ applied: target === null ? new Map() : new Map([[target, { assumed: false }]]), unknown: [] }, migrations)
}

function currentVersion(looked: Looked): string | null {
  const named = [...looked.applied.applied].find(([, row]) => !row.assumed)?.[0] ?? looked.applied.unknown[0]
  return named ?? looked.applied.dirty?.version ?? null
}
