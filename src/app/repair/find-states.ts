import { connect } from '../../postgres/connect.ts'
import type { Session } from '../../postgres/session.ts'
import { loadParser } from '../../sql/front.ts'
import type { Looked } from '../look.ts'
import { storedBodies, type Survey } from '../survey.ts'
import { apartState } from './apart.ts'
import { dirtyState, partialState } from './broken-off.ts'
import { absentState, changedState } from './files.ts'
import { invalidIndexes, invalidIndexState, mentioned } from './invalid-indexes.ts'
import type { BrokenState } from './state.ts'

/**
 * Everything that is broken in the selected services, gravest first for each, by service. What the workspace file allows (`ahead: ok`, `changed: warn`)
 * is not broken. One connection for each service. Takes ACCESS SHARE; writes nothing. Throws what connecting throws.
 */
export async function findStates(found: Survey): Promise<BrokenState[]> {
  await loadParser()
  const states: BrokenState[] = []
  const claimed = new Set<string>()
  const looked = [...found.looked.values()].filter((one) => found.loaded.selected.has(one.loaded.service.name))
  for (const one of looked) {
    const { service } = one.loaded
    const session = await connect({ ...one.spec, searchPath: service.schema ?? one.spec.searchPath }, { readOnly: true })
    try {
      states.push(...(await statesOf(session, found, one)))
      states.push(...(await indexStates(session, one, looked, claimed)))
    } finally {
      await session.end()
    }
  }
  return states
}

async function statesOf(session: Session, found: Survey, looked: Looked): Promise<BrokenState[]> {
  const { service } = looked.loaded
  const reconciled = found.reconciled.get(service.name)
  if (reconciled === undefined) return []
  const base = { service: service.name, database: looked.spec.label }
  const states: BrokenState[] = []
  const rows = (...wanted: string[]) => reconciled.migrations.filter((row) => wanted.includes(row.state))
  if (reconciled.problems.some((one) => one.code === 'DIRTY')) states.push(await dirtyState(session, looked, base))
  for (const row of rows('partial')) {
    const journal = looked.ledger?.journal.find((one) => one.version === row.version)
    if (journal !== undefined) states.push(await partialState(session, looked, journal, base))
  }
  for (const problem of reconciled.problems)
    if (problem.code === 'MIXED' || problem.code === 'REVERTED') states.push(apartState(looked, problem, base))
  const changed = service.policies.changed === 'error' ? rows('changed') : []
  const absent = service.policies.ahead === 'error' ? rows('missing', 'ahead') : []
  const bodies = await storedBodies(
    looked,
    [...changed, ...absent].flatMap((row) => (row.entry?.hash == null ? [] : [row.entry.hash])),
  )
  states.push(...changed.map((row) => changedState(looked, row, bodies.get(row.entry?.hash ?? ''), base)))
  states.push(...absent.map((row) => absentState(looked, row, bodies.get(row.entry?.hash ?? ''), base)))
  return states
}

/**
 * Each index is told once in a database: by the service that speaks of it, else by the first. One that a half-done step is about goes with that step,
 * whose going on mends it.
 */
async function indexStates(session: Session, looked: Looked, all: readonly Looked[], claimed: Set<string>): Promise<BrokenState[]> {
  const here = all.filter((one) => one.target.id === looked.target.id)
  const states: BrokenState[] = []
  for (const index of await invalidIndexes(session)) {
    const key = `${looked.target.id} ${index.schema}.${index.name}`
    const owner = here.find((one) => mentioned(one, index) !== undefined) ?? here[0]
    if (owner !== looked || claimed.has(key)) continue
    claimed.add(key)
    const migration = mentioned(looked, index)
    const halfDone = looked.ledger?.journal.some(
      (row) => looked.loaded.migrations.find((one) => one.version === row.version)?.id === migration,
    )
    if (migration !== undefined && halfDone === true) continue
    states.push(invalidIndexState(index, migration, { service: looked.loaded.service.name, database: looked.spec.label }))
  }
  return states
}
