import { createHash } from 'node:crypto'
import { historyNamed } from '../../src/histories/index.ts'
import type { History, HistoryRow } from '../../src/histories/history.ts'
import type { Migration, SqlFile } from '../../src/model/migration.ts'
import { type Node, orderOf, parentsOf } from '../../src/sources/alembic/order.ts'
import { byPosition } from '../../src/sources/by-position.ts'
import { sources } from '../../src/sources/index.ts'

/** Every tool that is walked, and how it writes the version of its n-th file (0 to 9). */
export const versionOf: Readonly<Record<string, (slot: number) => string>> = {
  'golang-migrate': String,
  numbered: String,
  stamped: (slot) => `2024010100000${slot}_0000000${slot}_t`,
  diesel: (slot) => `2024010100000${slot}`,
  goose: (slot) => String(slot + 1),
  dbmate: (slot) => `2024010100000${slot}`,
  typeorm: (slot) => `T170000000000${slot}`,
  alembic: (slot) => `r${slot}`,
}

export const toolNames = Object.keys(versionOf)

/** A file of a service: how often it was edited, and of a revision what it stands on. */
export interface File {
  slot: number
  edition: number
  hollow: boolean
  /** By slot; the last one as depends_on where there are two. */
  parents: readonly number[]
}

/** The files as the tool's source would give them, in its own order. */
export function migrationsOf(tool: string, files: readonly File[]): Migration[] {
  const version = versionOf[tool] ?? String
  const sorted = files.toSorted((a, b) => a.slot - b.slot)
  const made = new Map(sorted.map((file) => [version(file.slot), migrationOf(version(file.slot), file)]))
  if (tool !== 'alembic') return [...made.values()]
  const nodes = sorted.map(({ slot, parents }): Node => {
    const names = parents.map(version)
    return { revision: version(slot), downs: names.slice(0, 1), depends: names.slice(1) }
  })
  return orderOf(nodes).flatMap((node) => {
    const migration = made.get(node.revision)
    return migration === undefined ? [] : [{ ...migration, parents: parentsOf(node) }]
  })
}

/** The order of versions, as the tool's source has it. */
export function compareOf(tool: string, migrations: readonly Migration[]): (a: string, b: string) => number {
  const source = sources.get(tool)
  return tool === 'alembic' || source === undefined ? byPosition(migrations) : (a, b) => source.compare(a, b)
}

export function historyOf(tool: string): History {
  return historyNamed(tool)
}

/** What tells a row from the others, by whichever name the tool has for it. */
export function keyOf(row: HistoryRow): string {
  return String(row.name !== undefined && row.version === undefined ? row.name : (row.version ?? row.version_id ?? row.version_num))
}

/** Rows as the tool's `select` returns them: goose and TypeORM by their ids, the others by their versions. */
export function asRead(tool: string, rows: readonly HistoryRow[]): HistoryRow[] {
  if (tool === 'goose' || tool === 'typeorm') return [...rows]
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function migrationOf(version: string, { edition, hollow }: File): Migration {
  const down = inMemory(`${version}.down.sql`, hollow ? '' : `drop table t${edition}`)
  return {
    version,
    name: 't',
    id: `${version}_t`,
    up: inMemory(`${version}.up.sql`, `create table t${edition} ()`),
    down,
    sending: 'split',
  }
}

function inMemory(file: string, content: string): SqlFile {
  return {
    kind: 'sql',
    file,
    path: `/${file}`,
    raw: () => Buffer.from(content),
    text: () => content,
    sha256: () => createHash('sha256').update(`${file} ${content}`).digest('hex'),
    forget: () => {},
  }
}
