import { chmod, lstat, mkdir } from 'node:fs/promises'
import { SkeinError } from '../model/errors.ts'

/**
 * Makes a folder that nobody else can write to, or accepts one that is there and is exactly that. Its parent may be world-writable
 * (/var/tmp), where anyone may have put a folder or a link of that name before us: what is not ours is refused, never used or repaired.
 * Throws EMBEDDED-FAILED.
 */
export async function privateFolder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode })
    await chmod(path, mode) // mkdir's mode passes through the umask
    return
  } catch (cause) {
    if (!isCode(cause, 'EEXIST')) {
      throw new SkeinError('EMBEDDED-FAILED', { message: `the folder ${path} cannot be made: ${(cause as Error).message}`, cause })
    }
  }
  await checkPrivate(path)
}

/** Accepts a folder that belongs to us and that nobody else can write to. Throws EMBEDDED-FAILED. */
export async function checkPrivate(path: string): Promise<void> {
  const wrong = await whatIsWrong(path)
  if (wrong) {
    throw new SkeinError('EMBEDDED-FAILED', {
      message: `${path} is not used: it ${wrong}`,
      hint: `look at it, then remove it: rm -rf '${path}'`,
    })
  }
}

async function whatIsWrong(path: string): Promise<string | undefined> {
  const found = await lstat(path)
  if (found.isSymbolicLink()) return 'is a symbolic link'
  if (!found.isDirectory()) return 'is not a folder'
  const uid = process.getuid?.()
  if (found.uid !== uid) return `belongs to uid ${found.uid}, and we are uid ${uid}`
  if (found.mode & 0o022) return `can be written to by others (mode ${(found.mode & 0o777).toString(8)})`
}

/** Whether an error carries this system error code, such as ENOENT. */
export function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === code
}
