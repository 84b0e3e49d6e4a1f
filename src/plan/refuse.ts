import { type ErrorCode, SkeinError } from '../model/errors.ts'
import type { Direction } from '../model/migration.ts'
import { stepId } from './assemble.ts'
import { hollowDown } from './hollow-down.ts'
import type { MigrationStatus, Problem, Reconciled } from './reconciled.ts'
import { shortList } from './short-list.ts'

const gravest: readonly ErrorCode[] = ['DIRTY', 'MIXED', 'REVERTED', 'PARTIAL', 'AHEAD', 'CHANGED', 'OUT-OF-ORDER']

/** Throws what stops these services in these directions as one error (the gravest code; all of them in `data.problems`), or nothing. */
export function refuseProblems(services: readonly Reconciled[], directions: readonly Direction[]): void {
  const rank = (problem: Problem) => gravest.indexOf(problem.code)
  const problems = services
    .flatMap((service) => service.problems)
    .filter((problem) => problem.stops.some((direction) => directions.includes(direction)))
    .toSorted((a, b) => rank(a) - rank(b))
  const [first, ...rest] = problems
  if (first === undefined) return
  throw new SkeinError(first.code, {
    // The error's own code stands before the first.
    message: [first.message, ...rest.map((problem) => `${problem.code}: ${problem.message}`)].join('\n'),
    hint: [...new Set([first, ...rest].map((problem) => problem.hint))].join('\n'),
    service: first.service,
    version: first.versions.length === 1 ? first.versions[0] : undefined,
    data: { problems },
  })
}

/**
 * Throws DOWN-MISSING or DOWN-HOLLOW with all downs that would not take anything back, unless they are named in `allowed`
 * (`service@version`, version or id). To be asked before the first step: half a way back is no way back.
 */
export function refuseHollow(
  rows: readonly { service: string; row: MigrationStatus }[],
  allowed: readonly string[] | true | undefined,
): void {
  if (allowed === true) return
  const named = new Set(allowed)
  const isNamed = (service: string, row: MigrationStatus) =>
    [row.version, row.id, `${service}@${row.version}`, `${service}@${row.id}`, stepId(service, row.version, 'down')].some((word) =>
      named.has(word),
    )
  const hollow = rows
    .map(({ service, row }) => ({ service, row, why: hollowDown(row.migration, row.entry) }))
    .filter(({ service, row, why }) => why !== false && !isNamed(service, row))
  const missing = hollow.filter(({ why }) => why === 'missing').map(({ service, row }) => `${service}@${row.version}`)
  const empty = hollow.filter(({ why }) => why === 'empty').map(({ service, row }) => `${service}@${row.version}`)
  const [first] = hollow
  if (first === undefined) return
  const said = [
    missing.length === 0 ? [] : [`no down exists for ${shortList(missing)}`],
    empty.length === 0 ? [] : [`the down of ${shortList(empty)} says nothing`],
  ].flat()
  throw new SkeinError(missing.length > 0 ? 'DOWN-MISSING' : 'DOWN-HOLLOW', {
    message: `${said.join('; ')}: taking it back would change the history and leave the schema as it is. Nothing was taken back`,
    hint: `write the down, or name what may go without one: ${hollow
      .map(({ service, row }) => `--allow-hollow ${service}@${row.version}`)
      .slice(0, 5)
      .join(' ')}`,
    service: first.service,
    version: first.row.version,
    data: { missing, empty },
  })
}
