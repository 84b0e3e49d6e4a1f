import type { Names } from '../../app/names.ts'

/** A word that could stand at the cursor. One that ends in `@` or `=` is gone on with, without a blank. */
export interface Candidate {
  value: string
  about?: string
}

/** What could stand at the cursor: words, or the names of files. */
export type Completion = readonly Candidate[] | 'files'

/** The names of the workspace, or undefined where there is none that can be read: then only verbs and options are known. */
export type AskNames = () => Promise<Names | undefined>
