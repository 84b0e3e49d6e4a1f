import { createHash } from 'node:crypto'
import { opendirSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { CodeFile, SqlFile } from '../model/migration.ts'

export interface Entry {
  name: string
  type: 'file' | 'folder' | 'other'
}

/** A folder as sources see it: names, sub-folders, files. Symbolic links are followed inside the workspace only; others are listed as `other`. */
export interface Folder {
  /** Absolute path. */
  readonly path: string
  /** Relative to the workspace, forward slashes, for messages. */
  readonly label: string
  readonly name: string
  /** Sorted bytewise by name. Throws SOURCE-UNREADABLE. */
  entries(): Entry[]
  folder(name: string): Folder
  file(name: string): SqlFile
  /** A small side file as text (metadata.toml …). Throws SOURCE-UNREADABLE. */
  text(name: string): string
  /** Bytes of a file, without reading it. Throws SOURCE-UNREADABLE. */
  size(name: string): number
}

/** Opens a folder. `workspace` is the absolute root that links may not leave. Throws nothing: reading does. */
export function openFolder(path: string, workspace: string): Folder {
  const label = relativeLabel(path, workspace)
  // Joined once: a folder of ten thousand migrations asks for twenty thousand files.
  const [below, labelled] = [join(path, sep), labelOf(label, '')]
  let listed: Entry[] | undefined
  return {
    path,
    label,
    name: basename(path),
    entries: () => (listed ??= list(path, label, workspace)),
    folder: (name) => openFolder(join(path, name), workspace),
    file: (name) => sqlFile(below + name, labelled + name),
    text: (name) => readBytes(join(path, name), labelOf(label, name)).toString('utf8'),
    size: (name) => sizeOf(join(path, name), labelOf(label, name)),
  }
}

/** Throws SOURCE-UNREADABLE when a folder could not be listed; costs the same however much is in it. */
export function checkFolder(path: string, workspace: string): void {
  try {
    opendirSync(path).closeSync()
  } catch (cause) {
    throw unreadable(relativeLabel(path, workspace), cause)
  }
}

/** The label of something called `name` in the folder labelled `folder`: `./x` is just `x`. */
export function labelOf(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`
}

/** `path` relative to `workspace` with forward slashes; the path itself when it lies outside. */
export function relativeLabel(path: string, workspace: string): string {
  const label = relative(workspace, path).split(sep).join('/')
  return label === '' ? '.' : label.startsWith('../') ? path : label
}

/** A file of SQL that is read when first needed. */
export function sqlFile(path: string, file: string): SqlFile {
  return new FileOnDisk(path, file)
}

/** A file of code: its text is for whoever reads it statically, never for a server. Two migrations may share one. */
export function codeFile(file: SqlFile, { opaque, hollow, transaction }: Pick<CodeFile, 'opaque' | 'hollow' | 'transaction'>): CodeFile {
  return {
    kind: 'code',
    file: file.file,
    path: file.path,
    opaque,
    hollow,
    transaction,
    raw: () => file.raw(),
    sha256: () => file.sha256(),
  }
}

/** A class, because there may be twenty thousand of them: closures for each would take five times as long. */
class FileOnDisk implements SqlFile {
  readonly kind = 'sql'
  readonly path: string
  readonly file: string
  #bytes: Buffer | undefined
  #hash: string | undefined

  constructor(path: string, file: string) {
    this.path = path
    this.file = file
  }

  raw(): Buffer {
    if (this.#bytes !== undefined) return this.#bytes
    const bytes = readBytes(this.path, this.file)
    // What was hashed for a plan is what must run.
    if (this.#hash !== undefined && digest(bytes) !== this.#hash) throw changedMeanwhile(this.file)
    this.#bytes = bytes
    return bytes
  }

  text(): string {
    return this.raw().toString('utf8')
  }

  /** Does not keep what it reads: of ten thousand applied files nobody asks for more than the hash. */
  sha256(): string {
    return (this.#hash ??= digest(this.#bytes ?? readBytes(this.path, this.file)))
  }

  forget(): void {
    this.#bytes = undefined
  }
}

function list(path: string, label: string, workspace: string): Entry[] {
  let names
  try {
    names = readdirSync(path, { withFileTypes: true })
  } catch (cause) {
    throw unreadable(label, cause)
  }
  const entries = names.map((entry): Entry => {
    if (entry.isFile()) return { name: entry.name, type: 'file' }
    if (entry.isDirectory()) return { name: entry.name, type: 'folder' }
    if (entry.isSymbolicLink()) return { name: entry.name, type: followed(join(path, entry.name), workspace) }
    return { name: entry.name, type: 'other' }
  })
  return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function followed(path: string, workspace: string): Entry['type'] {
  try {
    const target = realpathSync(path)
    const root = realpathSync(workspace)
    if (target !== root && !target.startsWith(root + sep)) return 'other'
    const stat = statSync(target)
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other'
  } catch {
    return 'other'
  }
}

function readBytes(path: string, file: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function changedMeanwhile(file: string): SkeinError {
  return new SkeinError('SOURCE-UNREADABLE', {
    message: `${file} was changed while it was being used`,
    hint: 'run the same command again when nobody writes to it',
    place: { file },
  })
}

function sizeOf(path: string, file: string): number {
  try {
    return statSync(path).size
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

/** SOURCE-UNREADABLE in plain words: what the system said of a file or folder that `file` names. */
export function unreadable(file: string, cause: unknown): SkeinError {
  const code = (cause as NodeJS.ErrnoException).code
  const why =
    code === 'EACCES'
      ? 'permission denied'
      : code === 'EISDIR'
        ? 'it is a folder'
        : code === 'ENOENT'
          ? 'it does not exist'
          : String(code ?? (cause instanceof Error ? cause.message : cause))
  return new SkeinError('SOURCE-UNREADABLE', {
    message: `${file} cannot be read: ${why}`,
    hint: 'check the path and its permissions',
    place: { file },
    cause,
  })
}
