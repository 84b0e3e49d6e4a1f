import { readFileSync } from 'node:fs'
import { chown } from 'node:fs/promises'

/** Whom to run the server as: empty for ourselves, else what `spawn` takes. */
export interface ServerUser {
  uid?: number
  gid?: number
}

/**
 * Whom a server that we start runs as. PostgreSQL refuses to run as root ("initdb: error: cannot be run as root"), so root lends it the
 * number of nobody. initdb also refuses a number that has no name, and macOS has nobody elsewhere: there, and on systems without, daemon.
 */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {}
  const users = namedUsers()
  const user = users.find(({ uid }) => uid === 65534) ?? users.find(({ name }) => name === 'daemon')
  return { uid: user?.uid ?? 65534, gid: user?.gid ?? 65534 }
}

function namedUsers() {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
    return lines.map((line) => line.split(':')).map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  } catch {
    return []
  }
}

/** Gives a file or folder to the server's user; nothing to do when that is ourselves. */
export async function giveToServer(path: string): Promise<void> {
  const { uid, gid } = serverUser()
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

/** The environment of the server's programs: nothing of ours, so that no PG* variable, locale or time zone of the caller changes them. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}
