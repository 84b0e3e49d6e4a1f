import type { ToldError } from './told-error.ts'

/** A package that Node did not find: CommonJS, ES modules; a path is no package. */
const notFound = /Cannot find (?:module|package) '([^'./][^']*)'/

/** The package that must be installed, where that is what went wrong. */
export function missingPackage({ name, message, code }: ToldError): string | undefined {
  if (name === 'DriverPackageNotInstalledError') return 'pg'
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined
  const specifier = notFound.exec(message)?.[1]
  return specifier
    ?.split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
