import { realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isWithin } from './stack.ts'

/** A path without links; as it is when it leads nowhere. Node names files so, whatever way it was started. */
export function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** A file that Node named, as it is called from a root that may lie behind a link. */
export function asGiven(root: string, file: string): string {
  const top = real(root)
  return isWithin(top, file) ? join(root, relative(top, file)) : file
}
