import { SkeinError } from '../model/errors.ts'
import type { Survey } from './survey.ts'

/**
 * A database that is known as production's is not run with another environment's files, nor with the base files alone, which would leave out some of
 * its own. Asked before anything is compared with those files: a version that says something else there would look changed. Not asked of a
 * workspace that knows no environments (another one may share the database), nor of other tools' command lines. Throws ENVIRONMENT-DIFFERS
 * for the first selected service that it is true of.
 */
export function refuseEnvironment(found: Survey): void {
  const { selected, workspace } = found.loaded
  for (const name of selected) {
    const looked = found.looked.get(name)
    const wanted = looked?.loaded.service.environment
    const known = looked?.meta?.environment
    if (looked === undefined || known == null || known === wanted) continue
    if (wanted === undefined && workspace.environments.length === 0) continue
    const now = wanted === undefined ? 'none is asked for: its files would be left out' : `${wanted} is asked for`
    throw new SkeinError('ENVIRONMENT-DIFFERS', {
      message: `${looked.spec.label} was run with the environment ${known} before, and now ${now}`,
      hint:
        wanted === undefined ? `add --env ${known}, or set SKEIN_ENV=${known}` : `use --env ${known}, or check the address of the database`,
      service: name,
      data: { known, wanted: wanted ?? null },
    })
  }
}
