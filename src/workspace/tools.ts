/** A tool whose migrations this version reads and runs: which source reads its files and which history keeps its table. */
export interface Tool {
  /** Whether its migrations are SQL files, which we send, or code, which its own runtime executes in a child process. */
  kind: 'sql' | 'code'
  name: string
  /** Name of a member of src/sources. */
  source: string
  /** Name of a member of src/histories; it knows the default table. */
  history: string
  /** Sub-folders may hold migrations of one environment. False where the tool takes every sub-folder for a migration. */
  environmentFolders: boolean
  /** The names of the table's columns may be set: the tool is home-made and they differ from one copy to the next. */
  renamesColumns: boolean
  /** Keys that `runtime:` may have; only where the migrations are code (docs/guides/code-migrations.md). */
  runtimeKeys?: readonly string[]
}

const all: readonly Tool[] = [
  {
    kind: 'sql',
    name: 'golang-migrate',
    source: 'golang-migrate',
    history: 'golang-migrate',
    environmentFolders: true,
    renamesColumns: false,
  },
  // diesel_migrations/src/file_based_migrations.rs: any sub-folder with an up.sql is a migration, whatever its name.
  { kind: 'sql', name: 'diesel', source: 'diesel', history: 'diesel', environmentFolders: false, renamesColumns: false },
  { kind: 'sql', name: 'numbered', source: 'numbered', history: 'numbered', environmentFolders: true, renamesColumns: false },
  { kind: 'sql', name: 'stamped', source: 'stamped', history: 'stamped', environmentFolders: true, renamesColumns: true },
  {
    kind: 'code',
    name: 'typeorm',
    source: 'typeorm',
    history: 'typeorm',
    environmentFolders: false,
    renamesColumns: false,
    runtimeKeys: ['datasource', 'cwd', 'node', 'loader', 'variable'],
  },
  {
    kind: 'code',
    name: 'alembic',
    source: 'alembic',
    history: 'alembic',
    environmentFolders: false,
    renamesColumns: false,
    runtimeKeys: ['python', 'config', 'section', 'cwd', 'variable'],
  },
  { kind: 'sql', name: 'goose', source: 'goose', history: 'goose', environmentFolders: true, renamesColumns: false },
  { kind: 'sql', name: 'dbmate', source: 'dbmate', history: 'dbmate', environmentFolders: true, renamesColumns: false },
]

/** Every tool by the name that `tool:` takes. To add one: its source, its history, and a line above. */
export const tools: ReadonlyMap<string, Tool> = new Map(all.map((tool) => [tool.name, tool]))
