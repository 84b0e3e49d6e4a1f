import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { matching } from '../plan/find-version.ts'
import { isInDatabase, type Reconciled } from '../plan/reconciled.ts'
import { matchServices } from '../workspace/select.ts'
import { lacking, type Lack } from './lacking.ts'
import type { Loaded } from './load.ts'
import { pauseMs, pauseUnlessStopped, worthWaiting } from './patience.ts'
import type { Request } from './request.ts'
import { survey } from './survey.ts'

export interface WaitedService {
  service: string
  /** The greatest applied version; null where there is none. */
  version: string | null
}

export interface SchemaWait {
  request: Request
  /** Files are read once: those of a running program do not change. */
  loaded: Loaded
  /** All versions of these files. */
  schema: boolean
  versions: readonly { service: string; version: string }[]
  waitMs: number
}

/**
 * Looks until the databases have what was asked for; any number may wait at once, nobody is in the way of the run that they wait for. Throws what was
 * lacking when the time is over (PENDING, DIRTY, PARTIAL…), and at once what does not mend itself.
 */
export async function waitForSchema(wish: SchemaWait, ports: Ports): Promise<WaitedService[]> {
  const started = ports.now()
  for (;;) {
    const ms = ports.now() - started
    const found = await lookPatiently(wish, wish.waitMs - ms, ports)
    const lack = found instanceof SkeinError ? { code: found.code, message: found.message, hint: 'try again' } : lackOf(wish, found)
    if (lack === undefined)
      return (found as Reconciled[]).map((one) => ({ service: one.input.name, version: one.current?.version ?? null }))
    if (wish.waitMs - ms <= pauseMs) throw new SkeinError(lack.code, { message: lack.message, hint: lack.hint })
    ports.emit({ kind: 'waiting', service: 'the schema', what: lack.message, blockers: [], ms })
    await pauseUnlessStopped(ports)
  }
}

/** One look at the selected services, or why it has to be tried again. */
async function lookPatiently(wish: SchemaWait, leftMs: number, ports: Ports): Promise<Reconciled[] | SkeinError> {
  try {
    const found = await survey(wish.request, ports, { only: 'selected', strict: true, downs: false, content: false, loaded: wish.loaded })
    return [...found.reconciled].filter(([name]) => found.loaded.selected.has(name)).map(([, one]) => one)
  } catch (error) {
    if (!worthWaiting(error, leftMs)) throw error
    return error
  }
}

function lackOf(wish: SchemaWait, services: readonly Reconciled[]): Lack | undefined {
  for (const one of wish.schema ? services : []) {
    const lack = lacking(one)
    if (lack !== null) return lack
  }
  const known = wish.loaded.all.map((one) => one.service)
  for (const { service, version } of wish.versions) {
    const meant = new Set(matchServices(known, service).map(({ name }) => name))
    for (const one of services.filter(({ input }) => meant.has(input.name))) {
      const lack = lackOfVersion(one, version)
      if (lack !== undefined) return lack
    }
  }
  return undefined
}

/** A version that neither files nor database have yet is waited for: it comes with a newer release. */
function lackOfVersion(one: Reconciled, version: string): Lack | undefined {
  const { name: service, keeps } = one.input
  if (matching(one.migrations, version).some(isInDatabase)) return undefined
  // Such a table tells its newest version only: an older one without a file here went before it.
  const passed = keeps === 'latest-version' && matching(one.migrations, version).length === 0 && one.current !== null
  if (passed && one.input.compare(version, (one.current as { version: string }).version) <= 0) return undefined
  const dirty = one.problems.find(({ code }) => code === 'DIRTY' || code === 'PARTIAL')
  return dirty ?? { code: 'PENDING', message: `${service}@${version} is not applied`, hint: `skein up ${service}` }
}
