import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SkeinError } from '../model/errors.ts'
import { giveToServer, serverEnvironment, serverUser } from './server-user.ts'

/**
 * Makes the data folder of a cluster: superuser postgres with this password, UTF8, SCRAM for every connection, local ones too. It appears
 * complete or not at all, so one that is there can be started. Call it under the cluster's lock. Throws EMBEDDED-FAILED.
 */
export async function initdb(programs: string, folder: string, password: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('new-')) await rm(join(folder, name), { recursive: true, force: true })
  }
  const name = `new-${randomUUID()}`
  const [fresh, passwordFile] = [join(folder, name), join(folder, `${name}.password`)]
  try {
    await mkdir(fresh, { mode: 0o700 })
    await giveToServer(fresh)
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
    await giveToServer(passwordFile)
    const options = ['-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--no-sync']
    await promisify(execFile)(join(programs, 'bin', 'initdb'), ['-D', fresh, ...options], {
      ...serverUser(),
      cwd: '/',
      env: serverEnvironment(),
    })
    await chmod(fresh, 0o700)
    await rename(fresh, join(folder, 'data'))
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true })
    throw new SkeinError('EMBEDDED-FAILED', { message: `the data folder of the server cannot be made: ${whyNot(cause)}`, cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Whether the cluster in this folder has been made. */
export async function hasData(folder: string): Promise<boolean> {
  return await lstat(join(folder, 'data', 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

/** What a program that did not run, or not well, has to say. */
export function whyNot(cause: unknown): string {
  const { message, stderr, code, syscall } = cause as NodeJS.ErrnoException & { stderr?: string }
  if (code === 'EPERM' || code === 'EINVAL') {
    return `PostgreSQL does not run as root, and this process may not become another user or give files away (${syscall ?? code})`
  }
  // It is the loader named in the program that does not exist.
  if (code === 'ENOENT' && syscall?.startsWith('spawn'))
    return `the programs are made for systems with glibc, not for musl (Alpine): ${message}`
  if (stderr?.includes('could not look up effective user ID')) {
    return `${stderr.trim()} (initdb wants a name for the user it runs as: give this one a line in /etc/passwd, or use another)`
  }
  return stderr?.trim() || message
}
