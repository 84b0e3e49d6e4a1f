import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import { cancelStatement } from '../../postgres/cancel.ts'
import { connect } from '../../postgres/connect.ts'
import { isServerError, toFailure } from '../../postgres/server-error.ts'
import type { ConnectionSpec, Session } from '../../postgres/session.ts'
import { loadParser } from '../../sql/front.ts'
import { type TableStory, tableStories } from '../../sql/table-stories.ts'
import { load, type Loaded, type LoadedService } from '../load.ts'
import { isLooked, look, type Looked } from '../look.ts'
import type { Request } from '../request.ts'
import { connectionOf } from '../targets.ts'
import { appliedTexts } from '../applied-texts.ts'

/** One service in a database that is looked into. */
export interface InspectedService {
  name: string
  looked: Looked
  /** It was asked for, and this role is its own; the others are there to know what is theirs. */
  selected: boolean
  /** Where names without a schema are: the first schema of its search_path. */
  home: string
  stories: TableStory[]
  /** Ids of applied migrations that cannot be read: what they made is not known. */
  unread: string[]
}

/** A database that is looked into, with the services of the workspace that live there. */
export interface InspectedDatabase {
  label: string
  standby: boolean
  services: InspectedService[]
}

/** Waiting this long for what a running migration has locked is patience enough. */
const lockTimeout = '5s'

export interface InspectOptions {
  /** Already read: words of the command line had to be told apart first. */
  loaded?: Loaded
  /** For each statement, in milliseconds; none: no limit. */
  statementTimeoutMs?: number
}

/**
 * Opens each database of the selected services once for each role, and asks `ask` in one read-only snapshot there. Writes nothing, takes ACCESS SHARE and no advisory
 * lock: it works on a standby and without rights on the ledger. Throws what reading and looking throw (CONNECT-*), LOCK-TIMEOUT, TIMEOUT, INTERRUPTED.
 */
export async function inspectDatabases<Answer>(
  request: Request,
  ports: Ports,
  options: InspectOptions,
  ask: (session: Session, database: InspectedDatabase) => Promise<Answer>,
): Promise<Answer[]> {
  const loaded = options.loaded ?? (await load(request, ports))
  await loadParser()
  const everyone = await everybody(loaded, request, ports)
  const groups = new Map<string, Looked[]>()
  for (const one of everyone) {
    if (!loaded.selected.has(one.loaded.service.name)) continue
    const key = JSON.stringify([one.target.id, one.spec.user, one.spec.options])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const answers: Answer[] = []
  for (const group of groups.values()) {
    const others = everyone.filter((one) => one.target.id === group[0]?.target.id && !group.includes(one))
    answers.push(await inDatabase(group, others, ports, options, ask))
  }
  return answers
}

/** The selected services, and the others that are reached at the same server and database; of these, one that cannot be asked is left out. */
async function everybody(loaded: Loaded, request: Request, ports: Ports): Promise<Looked[]> {
  const isSelected = (one: LoadedService) => loaded.selected.has(one.service.name)
  const wanted: { loaded: LoadedService; spec: ConnectionSpec }[] = []
  for (const one of loaded.all.filter(isSelected))
    wanted.push({ loaded: one, spec: await connectionOf(one.service, loaded.workspace, request, ports) })
  const asked = await look(wanted, ports)
  const failed = asked.find((one) => !isLooked(one))
  if (failed !== undefined && !isLooked(failed)) throw failed.error
  const places = new Set(wanted.map(({ spec }) => placeOf(spec)))
  const others: { loaded: LoadedService; spec: ConnectionSpec }[] = []
  for (const one of loaded.all) {
    if (isSelected(one)) continue
    const spec = await ignoring(connectionOf(one.service, loaded.workspace, request, ports))
    if (spec !== undefined && places.has(placeOf(spec))) others.push({ loaded: one, spec })
  }
  const neighbours = (await ignoring(look(others, ports))) ?? []
  return [...asked, ...neighbours].filter(isLooked)
}

function placeOf({ hosts, database }: ConnectionSpec): string {
  return JSON.stringify([hosts.map(({ host, port }) => [host, port]), database])
}

/** What is wrong with a service that was not asked for is not told here. */
async function ignoring<Answer>(promise: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof SkeinError) return undefined
    throw error
  }
}

async function inDatabase<Answer>(
  group: readonly Looked[],
  others: readonly Looked[],
  ports: Ports,
  { statementTimeoutMs = 0 }: InspectOptions,
  ask: (session: Session, database: InspectedDatabase) => Promise<Answer>,
): Promise<Answer> {
  const { spec, target } = group[0] as Looked
  const session = await connect({ ...spec, applicationName: `${ports.program} inspect` }, { signal: ports.signal, readOnly: true })
  const stop = () => void cancelStatement(session)
  ports.signal.addEventListener('abort', stop, { once: true })
  try {
    await session.simple(
      `begin transaction isolation level repeatable read read only;set local lock_timeout = '${lockTimeout}';set local statement_timeout = ${statementTimeoutMs}`,
    )
    const [row] = await session.query<{ home: string | null }>('select current_schema()::text as home')
    const services: InspectedService[] = []
    for (const looked of [...group, ...others]) {
      const { service } = looked.loaded
      const first = service.schema?.split(',')[0]?.trim().replace(/^"|"$/g, '')
      const home = first ?? row?.home ?? 'public'
      const { texts, unread } = await appliedTexts(looked)
      const told = await tableStories(texts, home)
      services.push({
        name: service.name,
        looked,
        selected: group.includes(looked),
        home,
        stories: told.stories,
        unread: [...unread, ...told.unread],
      })
    }
    return await ask(session, { label: spec.label, standby: target.standby, services })
  } catch (error) {
    throw explained(error, spec.label, ports)
  } finally {
    ports.signal.removeEventListener('abort', stop)
    await session.end()
  }
}

function explained(error: unknown, label: string, ports: Ports): unknown {
  if (!isServerError(error)) return error
  const { code, message, hint } = toFailure(error)
  const details = { sqlstate: error.code, cause: error }
  if (ports.signal.aborted) return new SkeinError('INTERRUPTED', { message: `${label}: stopped`, ...details })
  if (error.code === '57014')
    return new SkeinError('TIMEOUT', {
      message: `${label}: a statement took longer than it was given`,
      hint: 'give it more with --statement-timeout, or count by skein counts --estimate',
      ...details,
    })
  if (error.code === '55P03')
    return new SkeinError('LOCK-TIMEOUT', {
      message: `${label}: a table is locked by a running migration`,
      hint: 'see who: skein locks',
      ...details,
    })
  return new SkeinError(code, { message: `${label}: ${message}`, hint, ...details })
}
