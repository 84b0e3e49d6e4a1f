import type { Migration } from '../model/migration.ts'
import type { Folder } from '../util/folder.ts'

/** How a layout's files are made and renamed. A source has one unless only the tool itself can make its files (Alembic). */
export interface Making {
  /** Extensions of files that hold a migration as a whole, without dots; empty where each direction has a file of its own. */
  readonly whole: readonly string[]
  /** How a new migration is called, in the style of those around it. Throws USAGE where it cannot be one. */
  draft(around: Around, wanted: Wanted): Draft
  /** What in a folder belongs to migrations; also what reading leaves out because the version is taken. Throws SOURCE-UNREADABLE. */
  parts(folder: Folder): Part[]
  /** A part under the number of `draft`: its new name, and its new text where the number stands in it too. */
  renamed(part: Part, draft: Draft, text: string): { name: string; text: string }
}

/** What lies around a new migration. */
export interface Around {
  /** All migrations of the service, of every environment, in the tool's order. */
  all: readonly Migration[]
  /** Absolute paths of the service's folders. */
  paths: readonly string[]
  options: { runtime?: Readonly<Record<string, string>>; root: string }
}

export interface Wanted {
  /** In lower case, at least one: `add`, `user`, `preferences`. */
  words: readonly string[]
  moment: Date
  /** Eight random hexadecimal digits. */
  unique: string
}

export interface Draft {
  version: string
  /** As a {@link Migration} has it. */
  id: string
  /** The number as names have it: `000009`. */
  label: string
  /** The tool can run CREATE INDEX CONCURRENTLY. */
  concurrently: boolean
  /** TypeORM: the name of the class. */
  className?: string
  files(body: Body): NewFile[]
}

/** What a migration does. */
export type Body =
  | {
      up: string
      down: string
      /** It cannot run in a transaction. */
      alone: boolean
      /** One sentence for the head of the file; undefined where a template says its own. */
      description?: string
    }
  /** The text of the whole file. */
  | { whole: string }

export interface NewFile {
  /** Relative to the folder, forward slashes. */
  name: string
  text: string
}

/** A file of a migration, or its folder. */
export interface Part {
  name: string
  /** What no two migrations may share. */
  key: string
  version: string
  id: string
  holds: 'up' | 'down' | 'both'
}

/** Words as the titles around spell them: `add_user` unless the last ones are `add-user`. */
export function titleLike(words: readonly string[], titles: readonly string[]): string {
  const last = titles.findLast((title) => /[-_]/.test(title))
  return words.join(last !== undefined && /-/.test(last) && !/_/.test(last) ? '-' : '_')
}

/** The up or the down with its sentence on top; a comment alone where there is nothing else. */
export function described(body: Extract<Body, { up: string }>, direction: 'up' | 'down'): string {
  const text = body[direction]
  if (body.description === undefined) return text
  return direction === 'up' ? `-- ${body.description}\n${text}` : text === '' ? `-- ${takenBack(body.description)}\n` : text
}

/** `Take back: add user preferences` */
export function takenBack(description: string): string {
  return `Take back: ${description.slice(0, 1).toLowerCase()}${description.slice(1)}`
}
