import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Migration } from '../model/migration.ts'

/** A file newer than this may be written again without its times showing it. */
const settledMs = 2_000

type Body = NonNullable<Migration['up']>
/** Size, inode, time of the last write, time of the last change of anything, SHA-256. */
type Seen = [size: number, inode: number, mtimeMs: number, ctimeMs: number, hash: string]

/** Hashes of files that are applied already, kept between runs. */
export interface HashCache {
  /** The SHA-256 of a file's bytes: the remembered one while nothing that the file system tells of the file is different, else read now. */
  of(body: Body): string
  /** Keeps what was learnt, for the next run; does nothing where that cannot be written. */
  save(): void
}

/**
 * Remembers hashes in `.skein/hashes.json` of a workspace, so that ten thousand applied files need not be read to see that none has changed. As
 * git does with its index: size, inode and both times stand for the content, and a file that was written moments ago is not remembered. Not for
 * files that are about to be executed: these are always read. Throws nothing but what reading a file throws.
 */
export function openHashCache(root: string): HashCache {
  const folder = join(root, '.skein')
  const known = read(join(folder, 'hashes.json'))
  // A hash may have been taken at any time since this process began: what was written since then is not remembered.
  const settled = performance.timeOrigin - settledMs
  const asked = new Map<string, string>()
  let learnt = false
  return {
    of(body) {
      let hash = asked.get(body.path)
      if (hash === undefined) asked.set(body.path, (hash = current(body)))
      return hash
    },
    save() {
      if (learnt) write(folder, known)
    },
  }

  function current(body: Body): string {
    const stat = statSync(body.path, { throwIfNoEntry: false })
    if (stat === undefined) return body.sha256()
    const { size, ino, mtimeMs, ctimeMs } = stat
    const seen = known.get(body.path)
    if (seen !== undefined && seen[0] === size && seen[1] === ino && seen[2] === mtimeMs && seen[3] === ctimeMs) return seen[4]
    const hash = body.sha256()
    if (Math.max(mtimeMs, ctimeMs) < settled) {
      known.set(body.path, [size, ino, mtimeMs, ctimeMs, hash])
      learnt = true
    }
    return hash
  }
}

function read(path: string): Map<string, Seen> {
  try {
    const { version, files } = JSON.parse(readFileSync(path, 'utf8')) as { version: number; files: [string, Seen][] }
    return version === 1 ? new Map(files) : new Map()
  } catch {
    return new Map()
  }
}

function write(folder: string, known: ReadonlyMap<string, Seen>): void {
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '.gitignore'), '*\n')
    const fresh = join(folder, `hashes.json.${process.pid}`)
    writeFileSync(fresh, JSON.stringify({ version: 1, files: [...known] }))
    renameSync(fresh, join(folder, 'hashes.json'))
  } catch {
    // A read-only workspace goes without.
  }
}
