import { canonical } from './canonical.ts'
import type { CatalogueRow, Json } from './kind.ts'
import { rowKey, sorted } from './order.ts'

/** One thing that is not as it was. */
export interface Difference {
  kind: string
  identity: string
  change: 'added' | 'removed' | 'changed'
  /** `order`: only the order of a table's columns, which nobody can restore after dropping one in the middle; `*`, COPY and INSERT without names see it. */
  severity: 'object' | 'order'
  /** For `changed`: the facts that differ, before and after; null where there was none. */
  facts: Record<string, { before: Json; after: Json }>
}

/**
 * What differs between two catalogues, ordered by kind and identity. The place of a column counts among those that both have: one that is
 * missing moves no other. Order-only differences are of kind `column order`, one for each table. Pure.
 */
export function compare(before: readonly CatalogueRow[], after: readonly CatalogueRow[]): Difference[] {
  const [were, are] = [byKey(before), byKey(after)]
  const found: Difference[] = []
  for (const row of sorted([...before, ...after.filter((one) => !were.has(rowKey(one)))])) {
    const [was, is] = [were.get(rowKey(row)), are.get(rowKey(row))]
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'
    const facts = was === undefined || is === undefined ? {} : changedFacts(was, is)
    if (change !== 'changed' || Object.keys(facts).length > 0)
      found.push({ kind: row.kind, identity: row.identity, change, severity: 'object', facts })
  }
  return [...found, ...movedColumns(before, after)]
}

function byKey(rows: readonly CatalogueRow[]): Map<string, CatalogueRow> {
  return new Map(rows.map((row) => [rowKey(row), row]))
}

function changedFacts(was: CatalogueRow, is: CatalogueRow): Difference['facts'] {
  const facts: Difference['facts'] = {}
  for (const name of new Set([...Object.keys(was.facts), ...Object.keys(is.facts)])) {
    if (was.kind === 'column' && name === 'position') continue // see movedColumns
    const [before, after] = [was.facts[name] ?? null, is.facts[name] ?? null]
    if (canonical(before) !== canonical(after)) facts[name] = { before, after }
  }
  return facts
}

function movedColumns(before: readonly CatalogueRow[], after: readonly CatalogueRow[]): Difference[] {
  const [were, are] = [columnsByTable(before), columnsByTable(after)]
  const found: Difference[] = []
  for (const [table, columns] of were) {
    const now = are.get(table)?.filter((column) => columns.includes(column)) ?? []
    const then = columns.filter((column) => now.includes(column))
    if (then.join('\0') === now.join('\0')) continue
    found.push({
      kind: 'column order',
      identity: table,
      change: 'changed',
      severity: 'order',
      facts: { columns: { before: then, after: now } },
    })
  }
  return found
}

/** The columns of each table in their order. */
function columnsByTable(rows: readonly CatalogueRow[]): Map<string, string[]> {
  const columns = rows.filter((row) => row.kind === 'column').sort((a, b) => Number(a.facts.position) - Number(b.facts.position))
  const tables = new Map<string, string[]>()
  for (const { schema, table, identity } of columns) {
    const name = `${schema}.${table}`
    const list = tables.get(name) ?? []
    list.push(identity)
    tables.set(name, list)
  }
  return tables
}
