import { relative } from 'node:path'

interface NewView {
  files: { path: string; file: string; text: string }[]
}

/** The paths that `new` made, one a line, as one can type them here. */
export function humanNew(view: NewView, cwd: string): string {
  return view.files.map(({ path }) => `${relative(cwd, path)}\n`).join('')
}

interface NewWords extends NewView {
  dryRun: boolean
  service: string
  changed: string[]
  notes: string[]
}

/** What `new` has to say besides, for stderr: what else it changed, and for a dry run what would be written. */
export function wordsOfNew(view: NewWords): string {
  const lines = [
    ...view.notes,
    ...view.changed.map((file) => `${view.dryRun ? 'would add' : 'added'} an entry to ${file}`),
    ...(view.dryRun ? view.files.flatMap(({ file, text }) => [`--- ${file}`, text.replace(/\n$/, '')]) : []),
    ...(view.dryRun ? ['nothing was written: --dry-run'] : []),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
