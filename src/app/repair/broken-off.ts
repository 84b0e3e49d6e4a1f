import type { JournalRow } from '../../ledger/read.ts'
import type { Session } from '../../postgres/session.ts'
import { analyse } from '../../sql/front.ts'
import type { Looked } from '../look.ts'
import { journalFacts, lastRunFacts, presenceFacts } from './evidence.ts'
import { type BrokenState, choice } from './state.ts'

type Base = Pick<BrokenState, 'service' | 'database'>

/** golang-migrate's mark "broke off", where no journal of ours explains it: both readings, and what is there of each. */
export async function dirtyState(session: Session, looked: Looked, base: Base): Promise<BrokenState> {
  const version = looked.applied.dirty?.version ?? null
  const { migrations, service } = looked.loaded
  const at = migrations.findIndex((one) => one.version === version)
  const later = version === null ? migrations[0] : at < 0 ? undefined : migrations[at + 1]
  const evidence = await lastRunFacts(session, looked)
  if (version !== null)
    evidence.push(`it was an up of ${version} that broke off${later === undefined ? '' : `, or a down of ${later.version}`}`)
  else evidence.push(`it was a down of ${later?.version ?? 'the first'} that broke off`)
  for (const one of [migrations[at], later]) {
    if (one?.up?.kind === 'sql') evidence.push(...(await presenceFacts(session, one.up.text(), one.id)))
  }
  const subject = version ?? later?.version ?? null
  const before = previousVersion(looked, subject)
  const own = (to: string | null) => {
    const command = looked.history.forceCommand?.(looked.table, to)
    return command === undefined ? '' : ` (${service.tool}: ${command})`
  }
  return {
    ...base,
    kind: 'dirty',
    subject,
    problem: `${service.tool}'s table says ${version ?? '-1'}, dirty: a migration broke off, and it was not skein's`,
    evidence,
    choices: [
      ...(subject === null
        ? []
        : [
            choice(
              'mark-applied',
              base.service,
              subject,
              `${subject} is there as a whole: records the service as standing at it${own(subject)}`,
            ),
            choice(
              'mark-not-applied',
              base.service,
              subject,
              `nothing of ${subject} is there: records the service as standing at ${before ?? 'nothing'}${own(before)}`,
            ),
          ]),
      choice(
        'force',
        base.service,
        later !== undefined && version !== null ? later.version : 'VERSION',
        'it stands at another version: say which (or none)',
      ),
    ],
  }
}

/** The greatest version before one, in the tool's order; null before the first. */
export function previousVersion(looked: Looked, version: string | null): string | null {
  if (version === null) return null
  const { migrations, source } = looked.loaded
  return migrations.findLast((one) => source.compare(one.version, version) < 0)?.version ?? null
}

/** A step that stopped half-way, by the ledger's journal: how far it came, the statement in doubt, what the catalogue says of it. */
export async function partialState(session: Session, looked: Looked, row: JournalRow, base: Base): Promise<BrokenState> {
  const { version, direction, done, statements, inDoubt } = row
  const migration = looked.loaded.migrations.find((one) => one.version === version)
  const body = direction === 'up' ? migration?.up : migration?.down
  const what = direction === 'up' ? version : `the down of ${version}`
  const evidence = await journalFacts(session, looked, version, direction)
  const facts = body?.kind === 'sql' ? analyse(body.text()) : undefined
  const isResumable = facts === undefined || facts.shape !== 'controlled'
  if (!isResumable) evidence.push('its file has transactions of its own, so nobody but you can tell how far it came')
  if (body == null) evidence.push('its file is not here')
  else if (body.kind === 'sql') {
    if (row.hash !== null && body.sha256() !== row.hash) evidence.push(`${body.file} is another one now than what was begun`)
    const statement = facts?.statements[(inDoubt ?? done + 1) - 1]
    if (statement !== undefined) {
      const text = body.text().slice(statement.start, statement.end)
      const doubt = inDoubt === null ? 'next is' : 'in doubt is'
      evidence.push(`${doubt} statement ${statement.index}, ${body.file}:${statement.line}: ${oneLine(text)}`)
      if (inDoubt !== null) evidence.push(...(await presenceFacts(session, text, 'that statement')))
    }
    if (direction === 'up') evidence.push(...(await presenceFacts(session, body.text(), migration?.id ?? version)))
  }
  const [applied, gone] =
    direction === 'up'
      ? [`${version} was finished by hand: records it as applied`, `its statements were undone by hand: records ${version} as not applied`]
      : [
          `what the down removed was put back by hand: records ${version} as applied`,
          `its down was finished by hand: records ${version} as not applied`,
        ]
  return {
    ...base,
    kind: 'partial',
    subject: version,
    direction,
    problem: `${what} stopped half-way: ${done} of ${statements} statements done${inDoubt === null ? '' : `, statement ${inDoubt} in doubt`}`,
    evidence,
    choices: [
      ...(isResumable ? [choice('resume', base.service, version, `goes on with it: skein ${direction} ${base.service} 1`)] : []),
      choice('mark-applied', base.service, version, applied),
      choice('mark-not-applied', base.service, version, gone),
    ],
  }
}

/** Statement text on one line, its first 160 characters. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= 160 ? line : `${line.slice(0, 160)} …`
}
