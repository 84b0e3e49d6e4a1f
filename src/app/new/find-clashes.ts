import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SkeinError } from '../../model/errors.ts'
import type { Part } from '../../sources/new-files.ts'
import { compareBytes } from '../../sources/compare-bytes.ts'
import { defaultEnvironments } from '../../sources/overlays/environments.ts'
import { type Folder, openFolder } from '../../util/folder.ts'
import type { LoadedService } from '../load.ts'

/** A migration as its files lie there, also one that reading leaves out because its version is taken. */
export interface Unit {
  id: string
  key: string
  version: string
  environment?: string
  parts: { part: Part; folder: Folder }[]
}

/** Migrations that share what no two may share; sorted by id. */
export type Clash = Unit[]

/** Every clash in a service's files: among the base files, in one environment, or between the two. Throws SOURCE-UNREADABLE, SOURCE-INVALID. */
export function findClashes(one: LoadedService, root: string): Clash[] {
  const { paths, environments } = one.service
  const base = unitsIn(
    one,
    paths.map((path) => openFolder(path, root)),
    undefined,
  )
  const names = environments ?? defaultEnvironments
  const separate = names.flatMap((name) => {
    const folders = paths.map((path) => join(path, name)).filter((path) => existsSync(path))
    return unitsIn(
      one,
      folders.map((path) => openFolder(path, root)),
      name,
    )
  })
  const clashes = new Map<string, Set<Unit>>()
  for (const unit of [...base, ...separate]) {
    const others = [...base, ...separate].filter(
      (other) =>
        other.key === unit.key &&
        (other.environment === undefined || unit.environment === undefined || other.environment === unit.environment),
    )
    if (others.length > 1) clashes.set(unit.key, new Set([...(clashes.get(unit.key) ?? []), ...others]))
  }
  return [...clashes.values()].map((units) => [...units].toSorted((a, b) => compareBytes(a.id, b.id)))
}

function unitsIn(one: LoadedService, folders: readonly Folder[], environment: string | undefined): Unit[] {
  const units = new Map<string, Unit>()
  for (const folder of folders) {
    for (const part of one.source.making?.parts(folder) ?? []) {
      const unit = units.get(part.id) ?? {
        id: part.id,
        key: part.key,
        version: part.version,
        parts: [],
        ...(environment && { environment }),
      }
      if (unit.parts.some((other) => other.part.holds === part.holds)) throw sameName(one, part)
      unit.parts.push({ part, folder })
      units.set(part.id, unit)
    }
  }
  return joined([...units.values()])
}

/** An up and a down under two titles are one migration, where the number has no others. */
function joined(units: readonly Unit[]): Unit[] {
  const gone = new Set<Unit>()
  for (const unit of units) {
    const same = units.filter(({ key }) => key === unit.key)
    const [up, down] = ['up', 'down'].map((holds) => same.filter(({ parts }) => parts.every(({ part }) => part.holds === holds)))
    if (up?.length !== 1 || down?.length !== 1 || up[0] !== unit || down[0] === undefined) continue
    unit.parts.push(...down[0].parts)
    gone.add(down[0])
  }
  return units.filter((unit) => !gone.has(unit))
}

function sameName({ service }: LoadedService, part: Part): SkeinError {
  return new SkeinError('SOURCE-INVALID', {
    message: `${part.id} is there twice, by two spellings of one name: another number would not tell which files belong together`,
    hint: 'delete or rename one of them by hand',
    service: service.name,
    version: part.version,
  })
}
