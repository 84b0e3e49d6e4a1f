import { randomUUID } from 'node:crypto'
import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Migration } from '../model/migration.ts'
import type { Ports } from '../model/ports.ts'
import { type Addition, addEntries, emptyDependencies } from '../sources/overlays/dependencies/add-entries.ts'
import { seenFrom } from '../sources/overlays/dependencies/known.ts'
import { homeOf } from '../sources/overlays/dependencies/missing-entries.ts'
import { type Dependencies, type DependenciesFile, dependenciesName } from '../sources/overlays/dependencies/names.ts'
import { loadParser } from '../sql/front.ts'
import { relativeLabel } from '../util/folder.ts'
import { dependenciesOf } from './apply-dependencies.ts'
import { describeMigration } from './describe-migration.ts'
import { load, type LoadedService } from './load.ts'
import type { Request } from './request.ts'

export interface WriteRequest extends Request {
  dryRun?: boolean
}

export interface Written {
  dryRun: boolean
  /** Files that entries were (or would be) added to. */
  files: { service: string; file: string; created: boolean; added: { id: string; entry: Addition['entry'] }[] }[]
  /** Selected services that have no file and get none, because more than one service was meant. */
  withoutFile: string[]
}

/**
 * Adds an entry for every migration that dependencies.json does not speak of, read from its files. A file is made only where exactly one service is meant. What
 * stands in a file stays as it is; a new text is written beside it and renamed. Throws METADATA-INVALID for a file that cannot be parsed or was changed
 * meanwhile, FILE-EXISTS, and what reading throws.
 */
export async function writeDependencies(request: WriteRequest, ports: Ports): Promise<Written> {
  const loaded = await load(request, ports)
  const selected = loaded.all.filter((one) => loaded.selected.has(one.service.name))
  await loadParser()
  const written: Written = { dryRun: request.dryRun === true, files: [], withoutFile: [] }
  const todo: { path: string; before: string | undefined; after: string; label: string }[] = []
  for (const one of selected) {
    const found = one.dependencies ?? (await dependenciesOf(one, loaded.workspace.root))
    if (found.files.length === 0 && selected.length > 1) {
      written.withoutFile.push(one.service.name)
      continue
    }
    const order = found.all.map((migration) => migration.id)
    for (const { file, additions } of await missing(one, found, loaded.workspace.root)) {
      const before = found.files.includes(file) ? readFileSync(file.path, 'utf8') : undefined
      const after = addEntries(file.file, before ?? emptyDependencies, additions, order)
      if (after === undefined) throw broken(file.file, one)
      todo.push({ path: file.path, before, after, label: file.file })
      const added = additions.map(({ key, entry }) => ({ id: key, entry }))
      written.files.push({ service: one.service.name, file: file.file, created: before === undefined, added })
    }
  }
  // Everything is known before the first file is touched.
  if (!written.dryRun) for (const file of todo) replace(file)
  return written
}

async function missing(
  one: LoadedService,
  found: Dependencies,
  root: string,
): Promise<{ file: DependenciesFile; additions: Addition[] }[]> {
  const unreadable = found.files.find((file) => file.broken)
  if (unreadable !== undefined) throw broken(unreadable.file, one)
  // An entry beside the one that was meant would make the typo look like something old.
  const typo = one.findings.find((each) => each.rule === 'DEPENDENCIES-STRAY' && each.severity === 'error')
  if (typo?.place !== undefined) throw broken(typo.place.file, one)
  const path = join(one.service.paths[0] ?? root, dependenciesName)
  const files = found.files.length > 0 ? found.files : [{ file: relativeLabel(path, root), path, broken: false }]
  const lists = new Map<DependenciesFile, Addition[]>()
  const done = new Set<string>()
  const seen = new Map<string | undefined, Migration[]>()
  for (const migration of found.missing) {
    const file = homeOf(migration, files)
    const key = `${file?.file}\n${migration.id}`
    if (file === undefined || done.has(key)) continue
    done.add(key)
    const before = seen.get(migration.environment) ?? seenFrom(found.all, migration.environment)
    seen.set(migration.environment, before)
    const previous = before[before.indexOf(migration) - 1]
    const stands = migration.parents?.map((version) => before.find((other) => other.version === version)?.id ?? version)
    const entry = await describeMigration(migration, stands ?? (previous === undefined ? [] : [previous.id]), one.service.schema)
    const list = lists.get(file) ?? []
    list.push({ key: migration.id, entry })
    lists.set(file, list)
  }
  return [...lists].map(([file, additions]) => ({ file, additions }))
}

function broken(file: string, one: LoadedService): SkeinError {
  const finding = one.findings.find((each) => each.place?.file === file && each.severity === 'error')
  return new SkeinError('METADATA-INVALID', {
    message: finding?.message ?? `${file} has no place for entries: "migrations" is not an object`,
    hint: finding?.remedy ?? 'skein validate says what is wrong',
    service: one.service.name,
    place: finding?.place ?? { file },
  })
}

function replace({ path, before, after, label }: { path: string; before: string | undefined; after: string; label: string }): void {
  const target = before === undefined ? path : realpathSync(path)
  const fresh = `${target}.${randomUUID()}.tmp`
  try {
    // A new one must not replace what somebody else put there meanwhile, as a rename would.
    writeFileSync(before === undefined ? target : fresh, after, { flag: 'wx' })
    if (before === undefined) return
    chmodSync(fresh, statSync(target).mode)
    if (readFileSync(target, 'utf8') !== before)
      throw new SkeinError('METADATA-INVALID', {
        message: `${label} was changed meanwhile; nothing was written to it`,
        hint: 'run it again',
      })
    renameSync(fresh, target)
  } catch (cause) {
    if (cause instanceof SkeinError) throw cause
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    throw new SkeinError(exists ? 'FILE-EXISTS' : 'SOURCE-UNREADABLE', {
      message: exists
        ? `${label} is there already`
        : `${label} cannot be written: ${String((cause as NodeJS.ErrnoException).code ?? cause)}`,
      hint: exists ? 'run it again' : 'check the permissions of its folder',
      place: { file: label },
      cause,
    })
  } finally {
    rmSync(fresh, { force: true })
  }
}
