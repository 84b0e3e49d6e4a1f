import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SkeinError } from '../model/errors.ts'

/** What Bun puts into a program that it compiles; `embeddedFiles` are those that scripts/binary.mjs names. */
declare const Bun: { embeddedFiles: readonly { name: string }[] } | undefined

/** Where the files of a compiled program lie: a folder that this process alone can see. */
const inside = '/$bunfs/root/'

let written: string | undefined

/**
 * The path of a file that we ship for another program to read (Python, a service's own Node), from `new URL('name', import.meta.url)`. It lies beside
 * the code, except in the one-file program: that writes all of them into a private temporary folder at first use, and removes it when it ends.
 * Throws RUNTIME-MISSING when that folder cannot be written.
 */
export function shippedFile(url: URL): string {
  const path = fileURLToPath(url)
  if (!path.startsWith(inside)) return path
  written ??= writeAll()
  return join(written, path.slice(inside.length))
}

/** A new folder each time, and never a shared cache: what lies in it is run with this user's rights. */
function writeAll(): string {
  const wanted = join(tmpdir(), 'skein-')
  try {
    const folder = mkdtempSync(wanted)
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    for (const { name } of Bun?.embeddedFiles ?? []) {
      const to = join(folder, posix.normalize(name))
      mkdirSync(dirname(to), { recursive: true })
      if (basename(to) !== 'libpg-query.wasm') writeFileSync(to, readFileSync(inside + name))
    }
    return folder
  } catch (cause) {
    throw new SkeinError('RUNTIME-MISSING', {
      message: `the files that code migrations need cannot be written to ${dirname(wanted)}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'set TMPDIR to a folder that can be written',
      cause,
    })
  }
}
