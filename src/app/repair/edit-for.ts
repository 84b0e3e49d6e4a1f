import { SkeinError } from '../../model/errors.ts'
import type { HistoryRow } from '../../histories/history.ts'
import { qualified } from '../../postgres/quote.ts'
import { adoptEdit } from '../adopt.ts'
import type { Edit } from '../edit-history.ts'
import { forcedEdit } from '../force.ts'
import type { Looked } from '../look.ts'
import { markEdit } from '../mark.ts'
import type { Survey } from '../survey.ts'
import { differences } from './apart.ts'
import { previousVersion } from './broken-off.ts'
import { fileFor } from './files.ts'
import type { BrokenState, ChoiceName } from './state.ts'

/**
 * What a choice writes, from what holds under the lock. `target` is the version that `force` goes to (null: nothing). Throws USAGE when the state is
 * gone meanwhile, VERSION-UNKNOWN.
 */
export function editFor(found: Survey, state: BrokenState, name: ChoiceName, target: string | null): Edit {
  const looked = found.looked.get(state.service) as Looked
  const nothing: Edit = { service: state.service, add: [], remove: [], tool: false, details: { choice: name, about: state.subject } }
  const as = name === 'mark-applied' ? 'applied' : 'not-applied'
  const version = state.subject ?? ''
  const index = state.index === undefined ? '' : qualified(state.index.schema, state.index.name)
  switch (name) {
    case 'force':
      return { ...forcedEdit(found, state.service, target), details: nothing.details }
    case 'mark-applied':
    case 'mark-not-applied':
      return { ...marked(found, looked, state, as), details: nothing.details }
    case 'accept':
      return { ...nothing, restate: [version], tool: looked.applied.applied.get(version)?.checksum !== undefined }
    case 'follow-tool':
      return { ...nothing, ...adoptEdit(looked), tool: false }
    case 'follow-ledger':
      return { ...nothing, ...asLedger(looked) }
    case 'rebuild-index':
      return { ...nothing, alone: `reindex index concurrently ${index}` }
    case 'drop-invalid-index':
      return { ...nothing, alone: `drop index concurrently if exists ${index}` }
    case 'restore':
    case 'resume':
      return nothing
  }
}

function marked(found: Survey, looked: Looked, state: BrokenState, as: 'applied' | 'not-applied'): Edit {
  const version = state.subject as string
  if (state.kind === 'partial') {
    if (looked.ledger?.journal.some((row) => row.version === version) === true) return markEdit(found, { version, as })
    throw stateGone(state)
  }
  if (state.kind === 'dirty') {
    if (looked.applied.dirty === undefined) throw stateGone(state)
    return forcedEdit(found, state.service, as === 'applied' ? version : previousVersion(looked, version))
  }
  return forgotten(looked, version)
}

/**
 * A version without a file leaves table and ledger. A table of one row that names it falls back to the version before it; one of heads, whose place
 * it took, to what the ledger still has.
 */
function forgotten(looked: Looked, version: string): Edit {
  const { history, loaded } = looked
  const inTool = looked.applied.applied.has(version) || looked.applied.unknown.includes(version)
  const edit: Edit = { service: loaded.service.name, add: [], remove: [version], tool: inTool }
  if (!inTool) return edit
  if (history.keeps === 'heads') return { ...edit, rows: headsWithout(looked, version) }
  if (history.keeps !== 'latest-version') return edit
  const before = previousVersion(looked, version)
  const applied = new Map(before === null ? [] : [[before, { assumed: false }]])
  return { ...edit, rows: history.rows({ applied, unknown: [] }, loaded.migrations) }
}

/** A head without a file says nothing of what it stood on, so the ledger does. */
function headsWithout({ history, applied, loaded, ledger }: Looked, version: string): HistoryRow[] {
  const here = new Set(loaded.migrations.map((one) => one.version))
  const wanted = new Map(applied.applied)
  for (const row of ledger?.applied ?? [])
    if (here.has(row.version) && !wanted.has(row.version)) wanted.set(row.version, { assumed: false })
  wanted.delete(version)
  return history.rows({ applied: wanted, unknown: applied.unknown.filter((one) => one !== version) }, loaded.migrations)
}

/** The tool's table from the ledger; what the table has besides goes. */
function asLedger(looked: Looked): Edit {
  const { history, loaded } = looked
  const recorded = looked.ledger?.applied.map((row) => row.version) ?? []
  const edit: Edit = {
    service: loaded.service.name,
    add: differences(looked).ledgerOnly.map(({ version }) => ({ version, kind: 'forced' })),
    remove: differences(looked).toolOnly,
    tool: true,
  }
  if (history.keeps !== 'latest-version') return edit
  const applied = new Map(recorded.map((version) => [version, { assumed: false }]))
  return { ...edit, rows: history.rows({ applied, unknown: [] }, loaded.migrations) }
}

/** What `restore` writes, and the hash of the stored text: the changed file itself; or the missing one, and its down where that is gone too. */
export function restoredFiles(found: Survey, state: BrokenState): { path: string; hash: string }[] {
  const looked = found.looked.get(state.service) as Looked
  const row = found.reconciled.get(state.service)?.migrations.find((one) => one.version === state.subject)
  const here = looked.loaded.migrations.find((one) => one.version === state.subject)
  if (row?.entry?.hash == null) return []
  const up = here?.up?.path ?? fileFor(looked, row)?.path
  const down = here?.down == null && state.kind !== 'changed' ? fileFor(looked, row, 'down')?.path : undefined
  return [
    ...(up === undefined ? [] : [{ path: up, hash: row.entry.hash }]),
    ...(down === undefined || row.entry.downHash === undefined ? [] : [{ path: down, hash: row.entry.downHash }]),
  ]
}

/** USAGE: what was looked at before the lock does not hold under it. */
export function stateGone(state: BrokenState): SkeinError {
  return new SkeinError('USAGE', {
    message: `${state.service}: ${state.subject} is not ${state.kind} any more; nothing was done`,
    hint: `skein repair ${state.service} shows what is left`,
    service: state.service,
  })
}
