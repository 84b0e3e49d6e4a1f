import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import type { Folder } from '../util/folder.ts'
import type { Making } from './new-files.ts'

/**
 * A layout: how one tool keeps migrations on disk. Files in, migrations out.
 *
 * To add one: make a folder beside the others with `index.ts` and `__fixtures__/` (real files of the tool), list it in `sources/index.ts`,
 * call `sourceContract` in its test. A source reads names and, where the layout demands it, small side files; it never opens a database, asks no
 * clock and no environment, and does not read SQL bodies (they are read when somebody needs them), unless up and down are parts of one file:
 * then `readAnnotated` reads each once, for what its comments say (read-annotated.ts).
 * What the tool ignores, it ignores, and says so in a finding of severity `note`. What the tool dies of is a finding of severity `error`.
 */
export interface Source {
  readonly name: string
  /** Loads what reading needs (a parser of the language), once; absent where nothing is needed. Called before `read`. */
  ready?(): Promise<void>
  /** The tool's own order of two versions: <0, 0, >0. golang-migrate numeric, Diesel bytewise. */
  compare(a: string, b: string): number
  /** How surely `folder` is in this layout, and by which files one can tell. 0 = not at all, 1 = some file fits, 2 = a file that only this layout has. */
  recognise(folder: Folder): Recognition
  /** The migrations of several folders merged into one history, in the tool's order. Throws SOURCE-UNREADABLE only. */
  read(folders: readonly Folder[], options?: SourceOptions): SourceReading
  /** The version as this tool would store it, from what a person types (`000001` → `1` for golang-migrate). Undefined: it cannot be one. */
  parseVersion(text: string): string | undefined
  /** How new files are called and put together; absent where the tool itself has to make them (Alembic). */
  readonly making?: Making
}

export interface Recognition {
  score: 0 | 1 | 2
  evidence: string[]
}

/** What the workspace says of a service beyond its folders. */
export interface SourceOptions {
  /** `runtime:` of the service. */
  runtime?: Readonly<Record<string, string>>
  /** Absolute root of the workspace: what labels are relative to. */
  root: string
}

export interface SourceReading {
  migrations: Migration[]
  findings: Finding[]
  /** Of a tool in code: what it says in its own program of table and transactions. */
  settings?: CodeSettings
  /** The order of two versions where only the files tell it (a graph of revisions): stands in for {@link Source.compare}. */
  compare?: (a: string, b: string) => number
}

/** What the program around migrations in code decides, as far as it can be read without running it. */
export interface CodeSettings {
  /** Names of the tool's table; undefined: the tool's default. */
  table?: string
  schema?: string
  /** TypeORM: migrationsTransactionMode. */
  transaction?: 'all' | 'each' | 'none'
  /** What is computed and so cannot be read: `migrationsTableName in src/data-source.ts`. Then the runtime is asked. */
  unread: readonly string[]
  /** Absolute paths of the files that decide: with the migrations themselves the key of what the runtime answered. */
  files: readonly string[]
}
