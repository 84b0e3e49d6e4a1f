import type { Door } from './door.ts'

/** A door in the list: what it is, and the way to it. It is loaded when it is asked for, so that no other command starts later for it. */
export interface Listed {
  /** One line for `skein as --help`. */
  about: string
  load: () => Promise<Door>
}

/** Each tool whose command line `skein as TOOL …` takes, by the name that is typed. One folder here and one line in this list make a door. */
export const doors: Readonly<Record<string, Listed>> = {
  diesel: { about: 'diesel_cli 2.2: diesel migration run, revert, redo …', load: async () => (await import('./diesel/index.ts')).diesel },
}
