import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SkeinError } from '../../model/errors.ts'

/** One change to the files of a workspace. Paths are absolute, `label` is for messages. */
export type Change =
  | { kind: 'make'; path: string; label: string; text: string }
  | { kind: 'replace'; path: string; label: string; before: string; text: string }
  /** A file or a folder. */
  | { kind: 'move'; path: string; to: string; label: string }
  /** A file that another program made: taken away again when something fails behind it. */
  | { kind: 'made'; path: string; label: string }

/** Carries out all of the changes, or none: what was done is undone when a later one fails. Never overwrites. Throws FILE-EXISTS, SOURCE-UNREADABLE. */
export function carryOut(changes: readonly Change[]): void {
  const undo: (() => void)[] = []
  for (const change of changes) {
    try {
      apply(change, undo)
    } catch (cause) {
      for (const back of undo.toReversed()) back()
      throw cause instanceof SkeinError ? cause : refused(change, cause as NodeJS.ErrnoException)
    }
  }
}

function apply(change: Change, undo: (() => void)[]): void {
  const { path } = change
  if (change.kind === 'made') {
    undo.push(() => rmSync(path, { force: true }))
  } else if (change.kind === 'make') {
    makeFolder(dirname(path), undo)
    writeFileSync(path, change.text, { flag: 'wx' })
    undo.push(() => rmSync(path, { force: true }))
  } else if (change.kind === 'replace') {
    if (readFileSync(path, 'utf8') !== change.before)
      throw new SkeinError('SOURCE-UNREADABLE', {
        message: `${change.label} was changed meanwhile; nothing was written`,
        hint: 'run it again',
      })
    undo.push(() => writeFileSync(path, change.before))
    writeFileSync(path, change.text)
  } else {
    // A rename replaces silently.
    if (existsSync(change.to)) throw Object.assign(new Error(change.to), { code: 'EEXIST' })
    renameSync(path, change.to)
    undo.push(() => renameSync(change.to, path))
  }
}

/** Makes a folder and those above it, and remembers each that was not there. */
function makeFolder(path: string, undo: (() => void)[]): void {
  if (existsSync(path)) return
  makeFolder(dirname(path), undo)
  mkdirSync(path)
  undo.push(() => rmdirSync(path))
}

function refused({ label }: Change, cause: NodeJS.ErrnoException): SkeinError {
  if (cause.code === 'EEXIST')
    return new SkeinError('FILE-EXISTS', {
      message: `${label} is there already; nothing was written`,
      hint: 'give it another name',
      place: { file: label },
      cause,
    })
  return new SkeinError('SOURCE-UNREADABLE', {
    message: `${label} cannot be written: ${cause.code ?? cause.message}; nothing was written`,
    hint: 'check the permissions of its folder',
    place: { file: label },
    cause,
  })
}
