import { readdirSync } from 'node:fs'
import { SkeinError } from '../../model/errors.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { installed, notInstalled, type ServicePackage } from './find-package.ts'

/** How Node is made to load TypeScript: the package that must be there, and the arguments. */
interface Loader {
  package: string
  args(isModule: boolean): string[]
}

const oxc: Loader = { package: '@oxc-node/core', args: () => ['--import', '@oxc-node/core/register'] }
const tsx: Loader = { package: 'tsx', args: () => ['--import', 'tsx'] }
/** Its hook for require does not see ES modules; those have a hook of their own, which Node takes from a file or from a line like this. */
const tsNodeHook = 'import{register}from"node:module";import{pathToFileURL}from"node:url";register("ts-node/esm",pathToFileURL("./"))'
const tsNode: Loader = {
  package: 'ts-node',
  args: (isModule) => (isModule ? ['--import', `data:text/javascript,${tsNodeHook}`] : ['--require', 'ts-node/register']),
}

const named: Readonly<Record<string, Loader>> = { oxc, [oxc.package]: oxc, tsx, 'ts-node': tsNode }

/**
 * Which is taken first, where a service has several: the one that loads most. Of ten kinds of migration (CommonJS and ES modules; enums,
 * decorator metadata, paths, top-level await) oxc loads all. ts-node is the compiler itself and what TypeORM's documentation tells to
 * use, but checks types, slowly. tsx has no decorator metadata, without which entities do not load. Node's own stripping is not among them: every generated
 * migration imports an interface by name, which it cannot leave out.
 */
const preferred = [oxc, tsNode, tsx]

/**
 * Arguments for Node: `runtime: { loader }` (`oxc`, `ts-node`, `tsx`, `none`, or any module to import before), else one of the service's own
 * packages when a file is TypeScript. Throws RUNTIME-MISSING when there is none.
 */
export function findLoader(spec: RuntimeSpec, { folder, isModule: isModulePackage }: ServicePackage, datasource: string): string[] {
  const isModule = datasource.endsWith('.mts') || (isModulePackage && !datasource.endsWith('.cts'))
  const { service, root, folders, options } = spec
  if (options.loader === 'none') return []
  if (options.loader !== undefined) {
    const loader = named[options.loader] ?? { package: packageOf(options.loader), args: () => ['--import', String(options.loader)] }
    if (loader.package !== '' && !installed(loader.package, folder)) throw notInstalled(service, [loader.package], folder, root)
    return loader.args(isModule)
  }
  const program = isTypeScript(datasource)
  if (!program && !folders.some(hasTypeScript)) return []
  const found = preferred.find((loader) => installed(loader.package, folder))
  if (found) return found.args(isModule)
  // The program may run as compiled JavaScript, while the sources lie beside it.
  if (!program) return []
  const message = `${datasource} is TypeScript, and none of @oxc-node/core, ts-node and tsx is installed`
  const missing = notInstalled(service, ['--save-dev', '@oxc-node/core'], folder, root, message)
  throw new SkeinError(missing.code, { ...missing.details, data: { packages: preferred.map((loader) => loader.package), folder } })
}

/** Of a specifier of a package; '' for a path. */
function packageOf(specifier: string): string {
  if (/^(\.|\/|[a-z]+:)/i.test(specifier)) return ''
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

function hasTypeScript(folder: string): boolean {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(isTypeScript)
  } catch {
    return false // not there: TypeORM's own globs decide what there is
  }
}

function isTypeScript(file: string): boolean {
  return /\.[cm]?ts$/.test(file) && !/\.d\.[cm]?ts$/.test(file)
}
