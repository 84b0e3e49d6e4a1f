import type { LedgerEntry, ServiceInput } from './input.ts'

type Partial = NonNullable<LedgerEntry['partial']>

/** Who says what of one history, before any policy: the tool's table and the ledger side by side. */
export interface Comparison {
  /** Neither side has seen a ledger for this history, and the tool's table has rows. */
  adoption: boolean
  /** What is in the database, by the best knowledge of both. */
  applied: ReadonlySet<string>
  /** In the tool's table, not in the ledger, and there is a file. */
  extra: string[]
  /** In the tool's table, in neither ledger nor files. */
  unknown: string[]
  /** In the ledger, and gone from the tool's table. */
  lost: string[]
  /** Stopped half-way, by the ledger's journal. */
  partial: ReadonlyMap<string, Partial>
  /** The tool's "broke off" mark, where it is not ours. */
  dirty?: { version: string | null }
  ledger: ReadonlyMap<string, LedgerEntry>
}

/**
 * Compares the tool's table with the ledger. A table of heads implies what these stand on, by the files: so a version whose file is gone is lost only
 * when nothing that ran after it is there, and none is while the table has a head without a file, which may stand on anything. A table that keeps only the latest version names one and implies the rest, so there
 * a version below the mark is neither lost when its file is gone, nor applied when its file came later than what the ledger has seen.
 * Throws nothing.
 */
export function compareHistories(input: ServiceInput): Comparison {
  const view = input.toolView
  const ledger = new Map((input.ledger ?? []).map((entry) => [entry.version, entry]))
  const tool = new Set([...view.applied.keys(), ...view.unknown])
  const foreign = view.dirty !== undefined && !isOurs(input, view.dirty.version)
  if (foreign && view.dirty?.version != null) tool.delete(view.dirty.version)

  const partial = stillPartial(input, ledger, tool)
  const settled = [...ledger.values()].filter((entry) => !partial.has(entry.version) && entry.partial?.direction !== 'up')
  const newest = greatest(
    settled.map((entry) => entry.version),
    input,
  )
  const mark = greatest(tool, input)
  const files = new Set(input.migrations.map((migration) => migration.version))

  const isSkipped = (version: string) =>
    input.keeps === 'latest-version' &&
    newest !== undefined &&
    view.applied.get(version)?.assumed === true &&
    input.compare(version, newest) < 0
  const settledVersions = new Set(settled.map((entry) => entry.version))
  const more = foreign ? [] : [...tool].filter((version) => !settledVersions.has(version) && !partial.has(version) && !isSkipped(version))
  const newestSeq = Math.max(0, ...settled.filter((entry) => tool.has(entry.version)).map((entry) => entry.seq))
  const isImplied = ({ version, seq }: LedgerEntry) => view.unknown.length > 0 || (!files.has(version) && seq < newestSeq)
  const isLost = (entry: LedgerEntry) => {
    if (input.keeps === 'latest-version') return mark === undefined || input.compare(entry.version, mark) > 0
    return !tool.has(entry.version) && !(input.keeps === 'heads' && isImplied(entry))
  }
  const lost = foreign ? [] : settled.filter(isLost).map((entry) => entry.version)

  const gone = new Set(lost)
  const applied = foreign
    ? new Set([...tool].filter((version) => settledVersions.has(version) || !isSkipped(version)))
    : new Set([...settled.map((entry) => entry.version).filter((version) => !gone.has(version)), ...more])
  for (const [version, { direction }] of partial) {
    if (direction === 'up') applied.delete(version)
    else applied.add(version)
  }
  return {
    adoption: ledger.size === 0 && tool.size > 0,
    applied,
    extra: more.filter((version) => files.has(version)),
    unknown: more.filter((version) => !files.has(version)),
    lost,
    partial,
    dirty: foreign ? view.dirty : undefined,
    ledger,
  }
}

/**
 * The mark is ours when the ledger's journal has a step that explains it. golang-migrate v4.19.1 (migrate.go, runMigrations) marks the
 * version that an up goes to and the one that a down goes back to; an out-of-order up leaves its row at the greatest version.
 */
function isOurs(input: ServiceInput, marked: string | null): boolean {
  return (input.ledger ?? []).some(({ version, partial }) => {
    if (partial === undefined) return false
    if (marked === null) return partial.direction === 'down'
    const difference = input.compare(marked, version)
    if (partial.direction === 'down') return difference < 0 || isAbove(input, marked)
    return difference === 0 || (difference > 0 && isAbove(input, marked))
  })
}

/** The marked version is the greatest that the ledger has as applied, so the mark only says "busy". */
function isAbove(input: ServiceInput, marked: string): boolean {
  const settled = (input.ledger ?? []).filter((entry) => entry.partial === undefined).map((entry) => entry.version)
  return greatest(settled, input) === marked
}

/** Journal entries that the tool's table does not contradict: a row that names the version says that its up was finished elsewhere, a missing one that its down was. */
function stillPartial(
  input: ServiceInput,
  ledger: ReadonlyMap<string, LedgerEntry>,
  tool: ReadonlySet<string>,
): ReadonlyMap<string, Partial> {
  const partial = new Map<string, Partial>()
  for (const [version, entry] of ledger) {
    if (entry.partial === undefined) continue
    const named = tool.has(version) && input.toolView.applied.get(version)?.assumed !== true
    const finished = input.toolView.dirty === undefined && (entry.partial.direction === 'up' ? named : !tool.has(version))
    if (!finished) partial.set(version, entry.partial)
  }
  return partial
}

function greatest(versions: Iterable<string>, input: Pick<ServiceInput, 'compare'>): string | undefined {
  let found: string | undefined
  for (const version of versions) if (found === undefined || input.compare(version, found) > 0) found = version
  return found
}
