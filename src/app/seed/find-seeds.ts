import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { readSeed, seedEndings } from '../../data/seed/read-seeds.ts'
import type { SeedFile } from '../../data/seed/seed-file.ts'
import { SkeinError } from '../../model/errors.ts'
import type { Service } from '../../model/service.ts'
import { relativeLabel, unreadable } from '../../util/folder.ts'

/** Where a service keeps its seeds, and the sub-folders that are taken after the base files. */
export interface SeedChoice {
  /** Absolute root of the workspace. */
  root: string
  services: readonly Service[]
  set?: string
  /** Files that the environment lists; others stay out. */
  listed: readonly string[]
}

/** The files of seeds of a service in the order of their names: base files, then its environment's, then those of the set. Throws USAGE, SEED-INVALID, SOURCE-UNREADABLE. */
export function findSeeds(service: Service, { root, services, set, listed }: SeedChoice): SeedFile[] {
  const folders = seedFolders(service, services)
  if (set !== undefined && !folders.some((folder) => existsSync(join(folder, set))))
    throw new SkeinError('USAGE', {
      message: `${service.name} has no set of seeds ${set}`,
      hint: `make the folder ${folders.map((folder) => relativeLabel(join(folder, set), root)).join(' or ') || `seeds/${set}`}`,
      service: service.name,
    })
  const inside = ['', ...[service.environment, set].filter((one) => one !== undefined)]
  const found = named([...new Set(inside)].flatMap((sub) => folders.flatMap((folder) => filesOf(folder, sub, root))))
  if (listed.length === 0) return found.map(readSeed)
  const missing = listed.filter((one) => !found.some((file) => isCalled(file.name, one)))
  if (missing.length > 0)
    throw new SkeinError('SEED-INVALID', {
      message: `${service.name}: environments.json lists seeds that are not there: ${missing.join(', ')}`,
      hint: `there are: ${found.map((file) => file.name).join(', ') || 'none'}`,
      service: service.name,
    })
  return found.filter((file) => listed.some((one) => isCalled(file.name, one))).map(readSeed)
}

/** Absolute folders of a service's seeds: where the workspace file says; else `seeds` in the folder of migrations; else beside it, where a folder that several services share has one sub-folder for each. */
export function seedFolders(service: Service, services: readonly Service[]): readonly string[] {
  if (service.seeds !== undefined) return service.seeds
  const folders = service.paths.flatMap((path) => {
    const inside = join(path, 'seeds')
    if (existsSync(inside)) return [inside]
    const beside = join(dirname(path), 'seeds')
    const shared = services.some((other) => other.name !== service.name && other.paths.some((one) => dirname(one) === dirname(path)))
    const own = shared ? join(beside, service.name) : beside
    return existsSync(own) ? [own] : []
  })
  return [...new Set(folders)]
}

function filesOf(folder: string, sub: string, root: string): { path: string; file: string; name: string }[] {
  const inside = join(folder, sub)
  if (!existsSync(inside)) return []
  try {
    return readdirSync(inside, { withFileTypes: true })
      .filter((one) => !one.isDirectory() && !one.name.startsWith('.') && (seedEndings as readonly string[]).includes(extname(one.name)))
      .map((one) => one.name)
      .sort((a, b) => number(a) - number(b) || (a < b ? -1 : 1))
      .map((name) => ({
        path: join(inside, name),
        file: relativeLabel(join(inside, name), root),
        name: sub === '' ? name : `${sub}/${name}`,
      }))
  } catch (cause) {
    throw unreadable(relativeLabel(inside, root), cause)
  }
}

/** Files of two folders that are called alike are known to the ledger by their place in the workspace. */
function named(files: ReturnType<typeof filesOf>): ReturnType<typeof filesOf> {
  const often = new Set(files.map((one) => one.name).filter((name, at, all) => all.indexOf(name) !== at))
  return files.map((one) => (often.has(one.name) ? { ...one, name: one.file } : one))
}

/** Files without a number come last. */
function number(name: string): number {
  return Number(/^\d+/.exec(name)?.[0] ?? Number.MAX_SAFE_INTEGER)
}

function isCalled(name: string, word: string): boolean {
  const wanted = word.replace(/^(?:\.\/)?(?:seeds\/)?/, '')
  return [name, basename(name)].some((one) => one === wanted || one.slice(0, -extname(one).length) === wanted)
}
