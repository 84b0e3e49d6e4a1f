import { hostname, userInfo } from 'node:os'

/** Who runs this and on which machine, for the ledger; null where that cannot be told. */
export function whereabouts(): { osUser: string | null; host: string | null } {
  return { osUser: attempt(() => userInfo().username), host: attempt(hostname) }
}

/** A uid without a passwd entry has no name. */
function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
