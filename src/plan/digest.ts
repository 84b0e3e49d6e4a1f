import { createHash } from 'node:crypto'
import type { Step } from '../model/plan.ts'
import type { Policies } from '../model/service.ts'
import type { Reconciled } from './reconciled.ts'

/**
 * SHA-256 (hex) over what a plan does: histories, versions, directions, raw hashes, edges, and the policies of the histories in it.
 * Service, database and file names are not in it, so the plan of one environment is the plan of another with the same state.
 */
export function digestOf(steps: readonly Step[], policies: ReadonlyMap<string, Policies>): string {
  const ordinals = new Map(steps.map((step, position) => [step.id, position]))
  return sha256([
    'skein plan 1',
    [...new Set(steps.map((step) => step.history))].sort().map((history) => {
      const policy = policies.get(history)
      return [history, policy?.outOfOrder, policy?.changed, policy?.ahead]
    }),
    steps.map((step) => [
      step.history,
      step.version,
      step.direction,
      step.hash,
      step.after.map((id) => ordinals.get(id) ?? -1).sort((a, b) => a - b),
    ]),
  ])
}

/** SHA-256 (hex) over the state that a plan was made from: for each service the tool's table and the head of the ledger. One row more, fewer or other makes another basis. */
export function basisOf(services: readonly Reconciled[]): string {
  return sha256([
    'skein basis 1',
    services
      .toSorted((a, b) => (a.input.history < b.input.history ? -1 : 1))
      .map(({ input: { history, toolView, ledger } }) => [
        history,
        toolView.exists,
        [...toolView.applied]
          .map(([version, row]) => [version, row.appliedAt, row.checksum, row.name, row.assumed] as const)
          .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
        toolView.unknown.toSorted(),
        toolView.dirty === undefined ? null : [toolView.dirty.version],
        ledger === null ? null : heads(ledger),
      ]),
  ])
}

/** Which versions the ledger has, under which running number and hash, and what is half-done. */
function heads(ledger: NonNullable<Reconciled['input']['ledger']>) {
  return ledger
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ seq, version, hash, kind, partial }) => [
      seq,
      version,
      hash,
      kind,
      partial && [partial.direction, partial.done, partial.of, partial.inDoubt],
    ])
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
