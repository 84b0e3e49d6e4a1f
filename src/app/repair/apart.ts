import type { Problem } from '../../plan/reconciled.ts'
import type { Looked } from '../look.ts'
import { type BrokenState, choice } from './state.ts'

/** Tool's table and ledger say different things, and no run of the tool explains how: what each says, and whom to follow. */
export function apartState(looked: Looked, problem: Problem, base: Pick<BrokenState, 'service' | 'database'>): BrokenState {
  const { ledgerOnly, toolOnly } = differences(looked)
  const table = `${looked.table.schema}.${looked.table.table}`
  return {
    ...base,
    kind: 'apart',
    subject: null,
    problem: problem.message.replace(`${base.service}: `, ''),
    evidence: [
      looked.snapshot.exists ? `only in ${table}: ${toolOnly.join(', ') || 'nothing'}` : `${table} does not exist`,
      `only in the ledger: ${ledgerOnly.map((one) => `${one.version} (${one.kind} ${one.appliedAt.slice(0, 10)} by ${one.by})`).join(', ') || 'nothing'}`,
    ],
    choices: [
      choice('follow-tool', base.service, null, `the ledger takes the word of ${table}; the table stays as it is`),
      choice('follow-ledger', base.service, null, `${table} is written as the ledger says`),
    ],
  }
}

/** What one of both has and the other has not. A table of one row stands for everything up to it. */
export function differences(looked: Looked) {
  const { source } = looked.loaded
  const recorded = looked.ledger?.applied ?? []
  const there = [...new Set([...looked.applied.applied.keys(), ...looked.applied.unknown])]
  const mark = there.reduce<string | undefined>((a, b) => (a === undefined || source.compare(b, a) > 0 ? b : a), undefined)
  const isThere = (version: string) =>
    looked.history.keeps === 'latest-version' ? mark !== undefined && source.compare(version, mark) <= 0 : there.includes(version)
  return {
    ledgerOnly: recorded.filter((row) => !isThere(row.version)),
    toolOnly: there.filter((version) => !recorded.some((row) => row.version === version)),
  }
}
