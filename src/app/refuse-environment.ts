import { SkeinError } from '../model/errors.ts'
import type { Looked } from './look.ts'
import type { Survey } from './survey.ts'

/**
 * A database that is known as production's is not run with another environment's files, nor with the base files alone, which would leave out some of
 * its own. Asked before anything is compared with those files: a version that says something else there would look changed. Not asked of a
 * workspace that knows no environments (another one may share the database), nor of other tools' command lines. Throws ENVIRONMENT-DIFFERS
 * for the first selected service that it is true of.
 */
export function refuseEnvironment(found: Survey): void {
  for (const name of found.loaded.selected) {
    const looked = found.looked.get(name)
    const problem = looked === undefined ? undefined : environmentProblem(looked, found.loaded.workspace.environments)
    if (problem !== undefined) throw problem
  }
}

/** What {@link refuseEnvironment} would throw for one service, for those who only look. */
export function environmentProblem(looked: Looked, environments: readonly string[]): SkeinError | undefined {
  const wanted = looked.loaded.service.environment
  const known = looked.meta?.environment
  if (known == null || known === wanted || (wanted === undefined && environments.length === 0)) return undefined
  const now = wanted === undefined ? 'none is asked for: its files would be left out' : `${wanted} is asked for`
  return new SkeinError('ENVIRONMENT-DIFFERS', {
    message: `${looked.spec.label} was run with the environment ${known} before, and now ${now}`,
    hint:
      wanted === undefined ? `add --env ${known}, or set SKEIN_ENV=${known}` : `use --env ${known}, or check the address of the database`,
    service: looked.loaded.service.name,
    data: { known, wanted: wanted ?? null },
  })
}
