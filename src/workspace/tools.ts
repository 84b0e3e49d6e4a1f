/** A tool whose migrations this version reads and runs: which source reads its files and which history keeps its table. */
export interface SqlTool {
  kind: 'sql'
  name: string
  /** Name of a member of src/sources. */
  source: string
  /** Name of a member of src/histories; it knows the default table. */
  history: string
  /** Sub-folders may hold migrations of one environment. False where the tool takes every sub-folder for a migration. */
  environmentFolders: boolean
  /** The names of the table's columns may be set: the tool is home-made and they differ from one copy to the next. */
  renamesColumns: boolean
}

/** A tool that is known by name and files, so that it can be named, but not run by this version. */
export interface KnownTool {
  kind: 'code' | 'later'
  name: string
  /** Why not, as the end of the sentence "this version cannot run …". */
  why: string
}

const all: readonly (SqlTool | KnownTool)[] = [
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
  { kind: 'code', name: 'typeorm', why: 'its migrations are TypeScript or JavaScript and need the service’s own runtime' },
  { kind: 'code', name: 'alembic', why: 'its migrations are Python and need the service’s own env.py' },
  { kind: 'later', name: 'goose', why: 'its annotated files are not read yet' },
  { kind: 'later', name: 'dbmate', why: 'its files with up and down in one are not read yet' },
]

/** Every tool by the name that `tool:` takes. To add one: its source, its history, and a line above. */
export const tools: ReadonlyMap<string, SqlTool | KnownTool> = new Map(all.map((tool) => [tool.name, tool]))

/** The tools that this version runs, in the order of the table. */
export const sqlTools: readonly SqlTool[] = all.filter((tool) => tool.kind === 'sql')
