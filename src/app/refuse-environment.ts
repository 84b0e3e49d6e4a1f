import { SkeinError } from '../model/errors.ts'
import type { Survey } from './survey.ts'

/**
 * A database that is known as production's is not run with another environment's files. Asked before anything is compared with those files: a
 * version that says something else there would look changed. Throws ENVIRONMENT-DIFFERS for the first selected service that it is true of.
 */
export function refuseEnvironment(found: Survey): void {
  for (const name of found.loaded.selected) {
    const looked = found.looked.get(name)
    const wanted = looked?.loaded.service.environment
    const known = looked?.meta?.environment
    if (looked === undefined || known == null || wanted === undefined || known === wanted) continue
    throw new SkeinError('ENVIRONMENT-DIFFERS', {
      message: `${looked.spec.label} was run with the environment ${known} before, and now ${wanted} is asked for`,
      hint: `use --env ${known}, or check the address of the database`,
      service: name,
    })
  }
}
