import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { connect } from '../postgres/connect.ts'
import { editHistory, type EditReport } from './edit-history.ts'
import { sha256 } from './inputs.ts'
import type { Looked } from './look.ts'
import { editFor, restoredFiles, stateGone } from './repair/edit-for.ts'
import { findStates } from './repair/find-states.ts'
import { invalidIndexes } from './repair/invalid-indexes.ts'
import type { BrokenState, ChoiceName } from './repair/state.ts'
import { inItsPlace, joinParts } from './repair/restored-text.ts'
import { refuseEnvironment } from './refuse-environment.ts'
import type { Request, RunRequest } from './request.ts'
import { run, type RunReport } from './run.ts'
import { storedBodies, survey, type Survey } from './survey.ts'

export { choiceNames } from './repair/state.ts'
export type { BrokenState, ChoiceName } from './repair/state.ts'

export interface RepairResult {
  /** How many services were looked at. */
  services: number
  states: BrokenState[]
  /** What is no state to repair, and worth knowing: a last step that failed and left nothing. */
  notes: string[]
  /** 7 when something is broken, else 0. */
  exit: number
}

/**
 * What is broken in the selected services, or about one version or index (`subject`) of them, with evidence and the ways out. Writes nothing.
 * Throws USAGE where nothing is broken about that one, and what reading and connecting throw.
 */
export async function repair(request: Request & { subject?: string }, ports: Ports): Promise<RepairResult> {
  const found = await survey(request, ports, { only: 'selected', strict: true })
  refuseEnvironment(found)
  const all = await findStates(found)
  const { subject } = request
  const states = subject === undefined ? all : all.filter((one) => one.subject === subject)
  if (subject !== undefined && states.length === 0) throw notBroken(subject, [...found.loaded.selected], all)
  const notes = subject !== undefined ? [] : [...found.looked.values()].flatMap((one) => failureNote(one, states))
  return { services: found.loaded.selected.size, states, notes, exit: states.length > 0 ? 7 : 0 }
}

function notBroken(subject: string, services: readonly string[], states: readonly BrokenState[]): SkeinError {
  const others = states.map((one) => `${one.service}${one.subject === null ? '' : ` ${one.subject}`}`)
  const where = services.length === 1 ? services[0] : `any of ${services.length} services`
  return new SkeinError('USAGE', {
    message: `nothing is broken about ${subject} in ${where}`,
    hint:
      others.length === 0
        ? 'nothing else is broken there either; skein status shows where it stands'
        : `skein repair shows what is: ${others.slice(0, 5).join(', ')}`,
  })
}

function failureNote({ loaded, ledger }: Looked, states: readonly BrokenState[]): string[] {
  const { name } = loaded.service
  const failure = ledger?.lastFailure
  if (failure === undefined || states.some((one) => one.service === name && one.subject === failure.version)) return []
  return [`${name}: the last step, ${failure.version} ${failure.direction}, failed and left nothing: mend its file and run the same again`]
}

export interface RepairRequest extends RunRequest {
  choose: ChoiceName
  /** A version or `schema.index`, where a service has several states with that choice; the version to go to, for `force`. */
  subject?: string
  /** Needed for every choice but `resume`. */
  because?: string
}

export interface RepairReport {
  service: string
  choice: ChoiceName
  subject: string | null
  /** What was recorded, or the SQL of a dry run. */
  edit?: EditReport
  /** Of `resume`. */
  run?: RunReport
  /** Of `restore`: the files that were written. */
  files?: string[]
  exit: number
}

/**
 * Carries out one choice for one broken state. Takes the service's locks (`resume`: those of a run) and leaves an entry in the audit chain.
 * Throws USAGE unless exactly one state offers that choice, and without a reason.
 */
export async function chooseRepair(request: RepairRequest, ports: Ports): Promise<RepairReport> {
  const found = await survey(request, ports, { only: 'selected', strict: true })
  refuseEnvironment(found)
  const state = meant(found, await findStates(found), request)
  const { choose: choice } = request
  if (choice !== 'resume' && request.because === undefined)
    throw new SkeinError('USAGE', { message: `${choice} needs a reason`, hint: "add --because '…': it is kept in the ledger" })
  const report = { service: state.service, choice, subject: state.subject }
  const narrowed = { ...request, services: [state.service] }
  if (choice === 'resume') {
    const resumed = await run({ ...narrowed, verb: state.direction ?? 'up', count: 1 }, ports)
    return { ...report, run: resumed, exit: resumed.exit }
  }
  const files = choice === 'restore' ? await appliedTexts(found, state) : []
  const target = request.subject === 'none' || request.subject === '-1' ? null : (request.subject ?? state.subject)
  const edit = await editHistory('repair', narrowed, ports, async (now) => {
    if (state.index !== undefined) await refuseMended(now, state)
    return [editFor(now, state, choice, target)]
  })
  if (request.dryRun !== true) for (const { path, text } of files) write(path, text)
  return { ...report, edit, files: files.length === 0 ? undefined : files.map((one) => one.path), exit: edit.exit }
}

function meant(found: Survey, states: readonly BrokenState[], request: RepairRequest): BrokenState {
  const offering = states.filter((state) => state.choices.some((one) => one.name === request.choose))
  const wanted = request.subject
  const fitting = wanted === undefined || request.choose === 'force' ? offering : offering.filter((state) => isAbout(found, state, wanted))
  const [state, ...more] = fitting
  const where = request.services.length === 0 ? 'no service' : request.services.join(', ')
  if (state === undefined)
    throw new SkeinError('USAGE', {
      message: `${request.choose}${wanted === undefined ? '' : ` of ${wanted}`} is no way out of anything that is broken in ${where === 'no service' ? 'these services' : where}`,
      hint: `skein repair ${request.services.join(' ')}`.trimEnd() + ' shows what is broken, and the choices',
      data: { states: states.map(({ service, kind, subject }) => ({ service, kind, subject })) },
    })
  if (request.choose === 'force' && wanted === undefined)
    throw new SkeinError('USAGE', {
      message: 'force needs a version',
      hint: `skein repair ${state.service} VERSION --choose force --because '…'`,
    })
  if (more.length === 0) return state
  throw new SkeinError('USAGE', {
    message: `${request.choose} would be a way out of ${fitting.length} things: ${fitting.map((one) => `${one.service} ${one.subject ?? ''}`.trim()).join(', ')}`,
    hint: (state.choices.find((one) => one.name === request.choose) ?? { command: '' }).command,
  })
}

/** Somebody may have built it meanwhile: a good index is not to be dropped. Throws USAGE. */
async function refuseMended(found: Survey, state: BrokenState): Promise<void> {
  const session = await connect((found.looked.get(state.service) as Looked).spec, { readOnly: true })
  try {
    if ((await invalidIndexes(session)).some((one) => `${one.schema}.${one.name}` === state.subject)) return
  } finally {
    await session.end()
  }
  throw stateGone(state)
}

/** By version, by the name of its file, or as a person writes the version (`000002`). */
function isAbout(found: Survey, state: BrokenState, wanted: string): boolean {
  const { source, migrations } = (found.looked.get(state.service) as Looked).loaded
  if (state.subject === wanted || source.parseVersion(wanted) === state.subject) return true
  return migrations.some((one) => one.id === wanted && one.version === state.subject)
}

/** Throws SOURCE-UNREADABLE where the folder cannot be written. */
function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (cause) {
    throw new SkeinError('SOURCE-UNREADABLE', { message: `${path} cannot be written: ${(cause as Error).message}`, cause })
  }
}

/** Throws USAGE where a stored text is not what its hash is of: the file had bytes that are no UTF-8. */
async function appliedTexts(found: Survey, state: BrokenState): Promise<{ path: string; text: string }[]> {
  const wanted = restoredFiles(found, state)
  const bodies = await storedBodies(
    found.looked.get(state.service) as Looked,
    wanted.map((one) => one.hash),
  )
  const { migrations } = (found.looked.get(state.service) as Looked).loaded
  const here = migrations.find((one) => one.version === state.subject)?.up
  const texts = wanted.map(({ path, hash }) => {
    const text = bodies.get(hash)
    if (text !== undefined && sha256(text) === hash)
      return { path, text: here?.kind === 'sql' && here.path === path ? inItsPlace(here, text) : text }
    throw new SkeinError('USAGE', {
      message: `${state.service}: the stored text of ${state.subject} is not byte for byte what was applied`,
      hint: 'take the file from version control',
      service: state.service,
    })
  })
  return joinParts(texts)
}
