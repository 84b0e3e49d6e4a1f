import type { Sending } from '../model/migration.ts'
import type { Cut } from '../util/file-piece.ts'
import type { Remark } from './rules.ts'

/** What a file's name says to a layout that keeps both directions in one file. */
export type AnnotatedName =
  /** `base` is the name without its ending: `00001_create_users`. */
  | { kind: 'migration' | 'code'; version: string; title: string; base: string }
  /** The tool would choke on it. */
  | { kind: 'refused'; remark: Remark }
  /** The tool leaves it alone; `why` where a person may have meant it otherwise. */
  | { kind: 'ignored'; why?: string; remedy?: string }

/** A remark on a line of the file, counted from 1. */
export type LineRemark = Remark & { line: number }

/** What the annotations of a file say. */
export interface Annotated {
  /** Undefined where the tool could not make sense of the file: then some remark is an error. */
  parts?: { up: Cut; down?: Cut; sending: Sending; downSending?: Sending }
  remarks: readonly LineRemark[]
}

/** A layout with up and down in one file, told apart by comments: what the shared reader needs to know of it. */
export interface AnnotatedLayout {
  /** Who reads the files, as the subject of a sentence. */
  readonly tool: string
  name(name: string): AnnotatedName
  /** Reads the annotations out of a file's text, one character for each byte. Pure. `tool` dies of what is a remark of severity `error`. */
  annotations(text: string): Annotated
  compare(a: string, b: string): number
  readonly missingDownMeans: string
  /** What to say of a migration in code; only where `name` tells of some. */
  code?(label: string): Remark
}
