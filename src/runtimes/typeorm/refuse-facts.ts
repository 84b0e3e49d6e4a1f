import { SkeinError } from '../../model/errors.ts'
import { ChildEnded, ChildRefused } from '../child.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { failureOf } from './failure.ts'
import { notInstalled, show } from './find-package.ts'
import { missingPackage } from './missing-package.ts'
import type { ToldError } from './told-error.ts'

/** Why a program could not be loaded: RUNTIME-MISSING for a package, RUNTIME-FAILED for a child that ended, RUNTIME-INVALID for anything else. */
export async function refuseFacts(error: unknown, spec: RuntimeSpec, folder: string): Promise<unknown> {
  const { service, root } = spec
  if (error instanceof ChildEnded) {
    const { stderr } = error.end
    const message = `${service}: ${error.message} while it loaded the migrations${stderr === '' ? '' : `\n${stderr}`}`
    return new SkeinError('RUNTIME-FAILED', { message, service, cause: error })
  }
  if (!(error instanceof ChildRefused)) return error
  const told = error.error as ToldError
  const failure = await failureOf(told, spec, folder)
  const missing = missingPackage(told)
  if (missing !== undefined) {
    const refusal = notInstalled(service, [missing], folder, root, failure.message)
    return new SkeinError(refusal.code, { ...refusal.details, place: failure.place, cause: error })
  }
  return new SkeinError('RUNTIME-INVALID', {
    message: `${service}: the program cannot be loaded: ${failure.name}: ${failure.message}`,
    hint: told.name === 'DataSourceError' ? `runtime: { datasource: <path from ${show(root, folder)}> }` : undefined,
    service,
    place: failure.place,
    data: { stack: failure.stack },
    cause: error,
  })
}
