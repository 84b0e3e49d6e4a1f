import { randomBytes } from 'node:crypto'
import { dirname, join, relative } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Migration } from '../model/migration.ts'
import type { Ports } from '../model/ports.ts'
import { defaultEnvironments } from '../sources/overlays/environments.ts'
import type { Wanted } from '../sources/new-files.ts'
import { relativeLabel } from '../util/folder.ts'
import { dependenciesOf } from './apply-dependencies.ts'
import { load, type Loaded, type LoadedService } from './load.ts'
import { chooseService } from './new/choose-service.ts'
import { docsPage } from './new/docs-page.ts'
import { entryChange } from './new/entry.ts'
import { refuseLongNames, sentenceOf, wordsOf } from './new/name.ts'
import { draftRevision, type RevisionWish } from './new/revision.ts'
import { subjectOf, tablesIn } from './new/subject.ts'
import { bodyOf, type Occasion } from './new/templates.ts'
import { carryOut, type Change } from './new/write-files.ts'
import type { Request } from './request.ts'

export interface NewRequest extends Request, RevisionWish {
  /** Service and name, or the name alone where there is one service. */
  words: readonly string[]
  /** --name: then `words` is a service at most. */
  name?: string
  type?: string
  dryRun?: boolean
  moment: Date
}

export interface NewReport {
  dryRun: boolean
  service: string
  tool: string
  version: string
  id: string
  /** Files that were (or would be) made: absolute, relative to the workspace, content. */
  files: { path: string; file: string; text: string }[]
  /** Files that were changed, relative to the workspace. */
  changed: string[]
  notes: string[]
}

/**
 * Makes the files of a new migration, as the service's tool and its neighbours have them: the next version, names, content by type or by the service's own
 * templates; an entry in dependencies.json and a page in docs/ where there are such. All or nothing; overwrites nothing; opens no database.
 * Throws USAGE, FILE-EXISTS, METADATA-INVALID, RUNTIME-MISSING, and what reading throws.
 */
export async function newMigration(request: NewRequest, ports: Ports): Promise<NewReport> {
  const loaded = await load({ ...request, services: [] }, ports)
  const { one, name } = chooseService(loaded, request)
  const words = wordsOf(name)
  const found = one.dependencies ?? (await dependenciesOf(one, loaded.workspace.root))
  const home = homeFolder(one, found.all, request.environment)
  const tables = request.type === undefined ? [] : tablesIn(found.all)
  const occasion: Occasion = {
    type: request.type,
    folders: [...new Set([...one.service.paths, home])],
    whole: one.source.making?.whole ?? [],
    subject: subjectOf(words, request.type, tables),
    description: sentenceOf(words),
    words,
  }
  const drafted = await draft(loaded, one, found.all, occasion, request, ports, home)
  const { version, id, files } = drafted
  refuseLongNames(files.map(({ path }) => relative(home, path)))
  const root = loaded.workspace.root
  const page = docsPage(one.service.paths, id, occasion.description)
  const changes: Change[] = files.map((file) => ({ kind: 'make', label: relativeLabel(file.path, root), ...file }))
  if (page !== undefined) changes.push({ kind: 'make', label: relativeLabel(page.path, root), ...page })
  const environment = request.environment !== undefined && home !== one.service.paths[0] ? request.environment : undefined
  const entry = await entryChange(one, found, { version, id, name: words.join('_'), files, environment })
  if (entry !== undefined) changes.push(entry)
  if (request.dryRun !== true) carryOut(changes)
  const made = changes.filter((change) => change.kind === 'make')
  return {
    dryRun: request.dryRun === true,
    service: one.service.name,
    tool: one.service.tool,
    version,
    id,
    files: made.map(({ path, label, text }) => ({ path, file: label, text })),
    changed: changes.filter((change) => change.kind === 'replace').map(({ label }) => label),
    notes: notesOn(occasion, tables),
  }
}

interface Drafted {
  version: string
  id: string
  files: { path: string; text: string }[]
}

async function draft(
  loaded: Loaded,
  one: LoadedService,
  all: readonly Migration[],
  occasion: Occasion,
  request: NewRequest,
  ports: Ports,
  home: string,
): Promise<Drafted> {
  const { making } = one.source
  if (making === undefined) return draftRevision(loaded, one, occasion, request, ports)
  if (request.head !== undefined || request.merge === true)
    throw new SkeinError('USAGE', {
      message: `--head and --merge are for revisions of Alembic, and ${one.service.name} is kept with ${one.service.tool}`,
      service: one.service.name,
    })
  const wanted: Wanted = { words: occasion.words, moment: request.moment, unique: randomBytes(4).toString('hex') }
  const around = { all, paths: one.service.paths, options: { runtime: one.service.runtime, root: loaded.workspace.root } }
  const made = making.draft(around, wanted)
  const eol = lineEnds(all)
  const files = made.files(bodyOf(occasion, made)).map(({ name, text }) => ({
    path: join(home, name),
    text: eol === '\n' ? text : text.replaceAll('\n', eol),
  }))
  return { version: made.version, id: made.id, files }
}

/** Where new files go: the folder of the newest migration, or that of the environment. Throws USAGE. */
function homeFolder(one: LoadedService, all: readonly Migration[], environment: string | undefined): string {
  const { paths, environments, name, tool } = one.service
  const newest = all.findLast((migration) => migration.environment === undefined)
  const file = (newest?.up ?? newest?.down)?.path
  const base = paths.findLast((path) => file?.startsWith(join(path, '/')) === true) ?? paths[0] ?? dirname(file ?? '.')
  if (environment === undefined) return base
  const known = environments ?? [...defaultEnvironments]
  if (!known.includes(environment))
    throw new SkeinError('USAGE', {
      message: `${name} has no environment ${environment}`,
      hint: `its environments: ${known.join(', ')}`,
      service: name,
    })
  if (['diesel', 'alembic', 'typeorm'].includes(tool))
    throw new SkeinError('USAGE', {
      message: `${name} is kept with ${tool}, which has no folders for environments`,
      hint: 'leave out --env',
      service: name,
    })
  return join(base, environment)
}

/** As the newest file has them. */
function lineEnds(all: readonly Migration[]): string {
  const newest = all.findLast(({ up }) => up !== null)?.up
  return newest?.raw().includes('\r\n') === true ? '\r\n' : '\n'
}

function notesOn({ type, subject }: Occasion, tables: readonly string[]): string[] {
  if (type === 'table' && subject.isKnown)
    return [`a table ${subject.table} is made by another migration already: look before running this one`]
  if (type === 'index' && !subject.isKnown && tables.length > 0)
    return [`no migration makes a table ${subject.table}: check table and column`]
  return []
}
