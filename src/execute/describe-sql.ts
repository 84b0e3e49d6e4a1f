import { segments } from '../sql/segments.ts'
import { wrappedParts } from '../sql/wrapped.ts'
import { bookkeeping, preamble } from './bookkeeping.ts'
import type { PreparedStep } from './prepare-step.ts'
import { AppliedState, type OpenService, type ServiceRun } from './service-run.ts'

/** What would be sent for one step. */
export interface DescribedStep {
  step: string
  database: string
  /** `one transaction`, `several transactions of its own`, … */
  how: string
  text: string
}

/** The SQL of prepared steps in order, with each transaction boundary, the tool's row and the ledger's: what a dry run shows. Pure. */
export function describeSql(
  prepared: readonly PreparedStep[],
  services: ReadonlyMap<string, { run: ServiceRun; ledgerId: number }>,
): DescribedStep[] {
  const states = new Map([...services].map(([name, { run }]) => [name, new AppliedState(run)]))
  return prepared.map((one) => {
    const { run, ledgerId } = services.get(one.step.service) as { run: ServiceRun; ledgerId: number }
    // Only what the texts are made of: no session is open.
    const service = { ...run, ledgerId, state: states.get(run.name) as AppliedState } as OpenService
    const rows = bookkeeping(service, one, { run: '00000000-0000-0000-0000-000000000000' }).sql
    return { step: one.step.id, database: run.spec.label, ...describe(service, one, rows) }
  })
}

function describe(service: OpenService, one: PreparedStep, rows: string): { how: string; text: string } {
  if (one.mode === 'code') {
    const which = one.step.direction === 'up' ? 'up' : 'down'
    return {
      how: `code, run by ${service.tool} on a connection of its own`,
      text: `-- ${which} of ${one.step.version} in ${one.file}\n${rows}`,
    }
  }
  const body = one.text.trimEnd()
  if (one.mode === 'wrapped') {
    const [head, tail] = wrappedParts(one.facts, one.text)
    return { how: 'its own transaction', text: `${head.trimEnd()}\n${rows}\n${tail}` }
  }
  if (one.mode === 'controlled')
    return { how: 'transactions of its own, recorded afterwards; not atomic', text: `${body}\nbegin;\n${rows}\ncommit;` }
  if (one.mode !== 'split')
    return {
      how: 'one transaction',
      text: `begin;\n${lines(preamble(service))}${body === '' ? '-- nothing in the file' : ended(body)}\n${rows}\ncommit;`,
    }
  const pieces = segments(one.facts, one.text).map((piece) =>
    piece.kind === 'autocommit' ? `-- outside a transaction\n${ended(piece.sql)}` : `begin;\n${ended(piece.sql)}\ncommit;`,
  )
  return { how: 'not one transaction; journalled and resumable', text: `${pieces.join('\n')}\nbegin;\n${rows}\ncommit;` }
}

/** What precedes a file is sent without line breaks; people get one. */
function lines(sql: string): string {
  return sql === '' ? '' : `${sql.trimEnd()}\n`
}

function ended(sql: string): string {
  return /;\s*$/.test(sql) ? sql : `${sql}\n;`
}
