import { existsSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { Loaded } from './load.ts'

/** Which files a check is about, and which findings are about these. */
export interface ChosenFiles {
  /** Is this file, relative to the workspace, one of them? */
  has: (file: string) => boolean
  /** Is this finding about one of them, about its migration, or about the workspace as a whole? */
  concerns: (finding: Finding) => boolean
}

/**
 * The files that somebody named, as a commit hook names what changed; none named: all. A clash is reported at either of two files, so what is
 * said of a file's version counts as said of the file. USAGE where one is not there.
 */
export function chosenFiles(named: readonly string[], loaded: Loaded, cwd: string): ChosenFiles {
  if (named.length === 0) return { has: () => true, concerns: () => true }
  const gone = named.find((file) => !existsSync(resolve(cwd, file)))
  if (gone !== undefined)
    throw new SkeinError('USAGE', {
      message: `there is no file ${gone}`,
      hint: 'paths are taken from the current folder',
      place: { file: gone },
    })
  const files = new Set(named.map((file) => relative(loaded.workspace.root, resolve(cwd, file)).split(sep).join('/')))
  const versions = new Set<string>()
  for (const { service, migrations } of loaded.all)
    for (const { version, up, down } of migrations)
      if ([up, down].some((body) => body !== null && files.has(body.file))) versions.add(`${service.name} ${version}`)
  return {
    has: (file) => files.has(file),
    concerns: ({ place, service, version }) =>
      place?.file === undefined
        ? service === undefined || versions.has(`${service} ${version}`)
        : files.has(place.file) || versions.has(`${service} ${version}`),
  }
}
