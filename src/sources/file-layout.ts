import type { Direction, Sending } from '../model/migration.ts'
import type { Severity } from '../model/finding.ts'
import type { Remark } from './rules.ts'

/** The name of a migration's file, understood. */
export interface MigrationName {
  kind: 'migration'
  version: string
  /** `create_users`. */
  title: string
  /** The name up to its direction: `000001_create_users`. */
  base: string
  direction: Direction
  /** Oddities of the name that stop nothing. */
  remarks: readonly Remark[]
}

/** What a file's name says to a layout that keeps each direction in a file of its own. */
export type ParsedName =
  | MigrationName
  /** The tool would choke on it. */
  | { kind: 'refused'; remark: Remark }
  /** The tool leaves it alone; `why` where a person may have meant it otherwise. */
  | { kind: 'ignored'; why?: string; remedy?: string }

/** A layout with one file for each direction, all in one folder: what the shared reader needs to know of it. */
export interface FileLayout {
  /** Who reads the files, as the subject of a sentence. */
  readonly tool: string
  readonly sending: Sending
  parse(name: string): ParsedName
  compare(a: string, b: string): number
  /** A folder with a migration's name: golang-migrate passes it over, other runners try to read it. */
  readonly folderSeverity: Severity
  /** A down without an up: golang-migrate takes the missing up as an empty migration. */
  readonly orphanSeverity: Severity
  readonly orphanMeans: string
  readonly missingDownMeans: string
}
