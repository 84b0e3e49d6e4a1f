import { SkeinError } from '../../model/errors.ts'
import { ChildEnded, ChildRefused } from '../child.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { failureOf, type ToldError } from './failure.ts'
import { notInstalled, show } from './find-package.ts'

/** A package that Node did not find: CommonJS, ES modules; a path is no package. */
const notFound = /Cannot find (?:module|package) '([^'./][^']*)'/

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

function missingPackage({ name, message, code }: ToldError): string | undefined {
  if (name === 'DriverPackageNotInstalledError') return 'pg'
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined
  const specifier = notFound.exec(message)?.[1]
  return specifier
    ?.split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
