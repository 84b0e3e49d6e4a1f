import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { SkeinError } from '../model/errors.ts'

/** What a workspace file may be called. */
export const fileNames = ['skein.yaml', 'skein.yml'] as const

/**
 * The workspace file that is in force in `cwd`: the one named by `file` (a path, or a folder that has one), else the nearest from `cwd` upwards,
 * else undefined. Throws WORKSPACE-MISSING when `file` is not there, CONFIG-INVALID when a folder has both names.
 */
export function findFile(cwd: string, file?: string): string | undefined {
  if (file !== undefined) return named(resolve(cwd, file), file)
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = inFolder(folder)
    if (found !== undefined) return found
    if (dirname(folder) === folder) return undefined
  }
}

/** The workspace file of one folder. Throws CONFIG-INVALID when it has both names. */
export function inFolder(folder: string): string | undefined {
  const found = fileNames.map((name) => join(folder, name)).filter((path) => existsSync(path))
  if (found.length < 2) return found[0]
  throw new SkeinError('CONFIG-INVALID', {
    message: `${folder} has both ${fileNames.join(' and ')}`,
    hint: 'keep one of them',
    place: { file: found[0] ?? folder },
  })
}

/** True for a folder, links followed; false for anything else and for what cannot be looked at. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch {
    return false
  }
}

function named(path: string, asGiven: string): string {
  const found = isFolder(path) ? inFolder(path) : existsSync(path) ? path : undefined
  if (found !== undefined) return found
  throw new SkeinError('WORKSPACE-MISSING', {
    message: `there is no workspace file ${asGiven}${isFolder(path) ? '/skein.yaml' : ''}`,
    hint: 'check the path, or write one with `skein init`',
    place: { file: asGiven },
  })
}
