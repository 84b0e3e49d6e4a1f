import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SkeinError } from '../../model/errors.ts'
import type { Migration } from '../../model/migration.ts'
import type { Ports } from '../../model/ports.ts'
import type { Draft, Making } from '../../sources/new-files.ts'
import { relativeLabel } from '../../util/folder.ts'
import { randomBytes } from 'node:crypto'
import { dependenciesOf } from '../apply-dependencies.ts'
import { load, type LoadedService } from '../load.ts'
import type { Looked } from '../look.ts'
import type { Request } from '../request.ts'
import { appliedOf, lookAtServices } from './find-applied.ts'
import { type Clash, findClashes, type Unit } from './find-clashes.ts'
import { carryOut, type Change } from './write-files.ts'

export interface RenumberRequest extends Request {
  /** The id of the one that keeps its number. */
  keep?: string
  dryRun?: boolean
  /** Go on where no database can be asked. */
  yes?: boolean
  moment: Date
}

export interface RenumberReport {
  dryRun: boolean
  /** `because`: why `kept` keeps its number. Files relative to the workspace. */
  renumbered: { service: string; from: string; to: string; kept: string; because: string; files: { from: string; to: string }[] }[]
  /** Files whose text was changed: headers, entries. */
  changed: string[]
  notes: string[]
}

/**
 * Gives the next number to all but one of the migrations that took the same: the one that is applied keeps it, else the one that sorts first. Files, pages
 * in docs/, entries and references in dependencies.json go with it; all or nothing. An applied migration is never touched. Locks nothing, writes no
 * database. Throws USAGE, CONFIRM-NEEDED where no database can be asked, FILE-EXISTS, and what reading throws.
 */
export async function renumber(request: RenumberRequest, ports: Ports): Promise<RenumberReport> {
  const loaded = await load(request, ports)
  const { root } = loaded.workspace
  const report: RenumberReport = { dryRun: request.dryRun === true, renumbered: [], changed: [], notes: [] }
  const selected = loaded.all.filter((one) => loaded.selected.has(one.service.name))
  const clashing = selected.map((one) => ({ one, clashes: findClashes(one, root) }))
  for (const { one } of clashing) if (one.source.making === undefined) noteHeads(one, report)
  const concerned = clashing.filter(({ clashes }) => clashes.length > 0)
  if (concerned.length === 0) return report
  const lookedAt = await lookAtServices({ ...request, services: concerned.map(({ one }) => one.service.name) }, ports, {
    ...loaded,
    selected: new Set(concerned.map(({ one }) => one.service.name)),
  })
  const changes: Change[] = []
  for (const { one, clashes } of concerned) {
    const looked = lookedAt(one)
    if (looked instanceof SkeinError) unasked(one, looked, request, report)
    const found = one.dependencies ?? (await dependenciesOf(one, root))
    const texts = new Map(found.files.map(({ path }) => [path, readFileSync(path, 'utf8')]))
    const after = new Map(texts)
    let all: readonly Migration[] = found.all
    for (const clash of clashes) {
      const { kept, because } = chooseKept(one, clash, looked, request.keep)
      for (const unit of clash.filter((each) => each !== kept)) {
        const making = one.source.making as Making
        const options = { runtime: one.service.runtime, root }
        const wanted = { words: ['x'], moment: request.moment, unique: randomBytes(4).toString('hex') }
        const draft = making.draft({ all, paths: one.service.paths, options }, wanted)
        const to = newId(making, unit, draft)
        const moves = movesOf(making, unit, draft, root)
        const page = pageMoves(one, unit.id, to, root)
        changes.push(...moves, ...page)
        for (const [path, text] of after) after.set(path, text.replaceAll(JSON.stringify(unit.id), JSON.stringify(to)))
        const files = [...moves, ...page].flatMap((change) =>
          change.kind === 'move' ? [{ from: change.label, to: relativeLabel(change.to, root) }] : [],
        )
        report.renumbered.push({ service: one.service.name, from: unit.id, to, kept: kept.id, because, files })
        // The newest one stays last: the others are called as it is.
        const taken: Migration = { version: draft.version, id: to, name: to, up: null, down: null, sending: 'split' }
        all = [taken, ...all]
      }
    }
    for (const [path, text] of after)
      if (text !== texts.get(path))
        changes.push({ kind: 'replace', path, label: relativeLabel(path, root), before: texts.get(path) as string, text })
  }
  report.changed = changes.filter((change) => change.kind === 'replace').map(({ label }) => label)
  if (!report.dryRun) carryOut(changes)
  return report
}

function chooseKept(
  one: LoadedService,
  clash: Clash,
  looked: Looked | SkeinError,
  keep: string | undefined,
): { kept: Unit; because: string } {
  const named = clash.find(({ id }) => id === keep)
  const applied = looked instanceof SkeinError ? [] : appliedOf(clash, looked)
  const ids = clash.map(({ id }) => id).join(' and ')
  if (applied === 'unclear') {
    if (named !== undefined) return { kept: named, because: 'it was named' }
    throw new SkeinError('USAGE', {
      message: `${ids} share version ${clash[0]?.version}, which is applied, and nothing tells which of them it was; nothing was changed`,
      hint: `say which one is applied: skein new --renumber ${one.service.name} --keep ${clash[0]?.id}`,
      service: one.service.name,
    })
  }
  const [first, second] = applied
  if (second !== undefined || (first !== undefined && named !== undefined && named !== first))
    throw new SkeinError('USAGE', {
      message: `${second === undefined ? first?.id : ids} is applied, and an applied migration keeps its number; nothing was changed`,
      hint: second === undefined ? `skein new --renumber ${one.service.name} --keep ${first?.id}` : 'leave them as they are',
      service: one.service.name,
    })
  if (first !== undefined) return { kept: first, because: 'it is applied' }
  if (named !== undefined) return { kept: named, because: 'it was named' }
  const why = looked instanceof SkeinError ? 'no database could be asked, and it sorts first' : 'none is applied, and it sorts first'
  return { kept: clash[0] as Unit, because: why }
}

function unasked({ service }: LoadedService, error: SkeinError, request: RenumberRequest, report: RenumberReport): void {
  report.notes.push(`${service.name}: what is applied could not be checked: ${error.message}`)
  if (request.yes === true || request.dryRun === true) return
  throw new SkeinError('CONFIRM-NEEDED', {
    message: `${service.name}: no database can be asked which migration is applied: ${error.message}`,
    hint: 'add --yes when neither is applied anywhere, or --database URL, or look first with --dry-run',
    service: service.name,
  })
}

function movesOf(making: Making, unit: Unit, draft: Draft, root: string): Change[] {
  return unit.parts.flatMap(({ part, folder }): Change[] => {
    const path = join(folder.path, part.name)
    const isFolder = folder.entries().some(({ name, type }) => name === part.name && type === 'folder')
    const before = isFolder ? '' : readFileSync(path, 'utf8')
    const { name, text } = making.renamed(part, draft, before)
    const to = join(folder.path, name)
    const move: Change = { kind: 'move', path, to, label: relativeLabel(path, root) }
    const changed: Change[] = text === before ? [] : [{ kind: 'replace', path: to, label: relativeLabel(to, root), before, text }]
    return name === part.name ? changed : [move, ...changed]
  })
}

function newId(making: Making, unit: Unit, draft: Draft): string {
  const part = unit.parts[0]?.part
  if (part === undefined) return draft.id
  const { name, text } = making.renamed({ ...part, name: unit.id }, draft, unit.id)
  return text === unit.id ? name : text
}

function pageMoves(one: LoadedService, id: string, to: string, root: string): Change[] {
  return one.service.paths.flatMap((folder): Change[] => {
    const [path, next] = [join(folder, 'docs', `${id}.md`), join(folder, 'docs', `${to}.md`)]
    if (!existsSync(path)) return []
    const before = readFileSync(path, 'utf8')
    const text = before.replaceAll(id, to)
    const move: Change = { kind: 'move', path, to: next, label: relativeLabel(path, root) }
    return text === before ? [move] : [move, { kind: 'replace', path: next, label: relativeLabel(next, root), before, text }]
  })
}

/** Revisions have no numbers: two branches are joined. */
function noteHeads({ service, findings }: LoadedService, report: RenumberReport): void {
  const heads = findings.find(({ rule }) => rule === 'ALEMBIC-HEADS')
  if (heads !== undefined)
    report.notes.push(`${service.name}: ${heads.message}; to join them: skein new ${service.name} 'merge heads' --merge`)
}
