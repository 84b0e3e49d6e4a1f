import type { ErrorCode } from '../model/errors.ts'
import type { Direction } from '../model/migration.ts'
import type { MigrationState } from '../model/state.ts'
import type { Comparison } from './compare-histories.ts'
import { hollowDown } from './hollow-down.ts'
import type { ServiceInput } from './input.ts'
import type { MigrationStatus, Problem } from './reconciled.ts'
import { shortList } from './short-list.ts'

const both: readonly Direction[] = ['up', 'down']

/** Everything that stops a run of this service under its policies, gravest first. Throws nothing. */
export function findProblems(input: ServiceInput, comparison: Comparison, rows: readonly MigrationStatus[]): Problem[] {
  const { name, tool, policies } = input
  const list = (...states: MigrationState[]) => rows.filter((row) => states.includes(row.state)).map((row) => row.version)
  const problems: Problem[] = []
  const add = (code: ErrorCode, versions: string[], message: string, hint: string, stops = both) => {
    if (versions.length > 0) problems.push({ code, service: name, message, hint, versions, stops })
  }

  if (comparison.dirty !== undefined) problems.push(dirtyProblem(input, comparison.dirty.version))
  problems.push(...lostProblem(input, comparison))

  const half = (direction: Direction) =>
    [...comparison.partial].filter(([, partial]) => partial.direction === direction).map(([version]) => version)
  add(
    'PARTIAL',
    half('up'),
    `${name}: ${shortList(half('up'))} stopped half-way, ${progress(comparison, half('up'))}; it cannot be taken back before it is whole`,
    `skein up ${name} goes on where it stopped; or undo its statements by hand, then skein force ${name} ${previous(rows, half('up')[0]) ?? 'none'}`,
    ['down'],
  )
  add(
    'PARTIAL',
    half('down'),
    `${name}: the down of ${shortList(half('down'))} stopped half-way, ${progress(comparison, half('down'))}; nothing can be applied on top of it`,
    `skein down ${name} goes on where it stopped; or undo the rest by hand, then skein force ${name} ${previous(rows, half('down')[0]) ?? 'none'}`,
    ['up'],
  )

  // Such a head may stand on anything, so neither way is known, whatever the policy says.
  const lostHeads = input.keeps === 'heads' ? input.toolView.unknown : []
  add(
    'AHEAD',
    [...lostHeads],
    `${name}: the database stands at ${shortList(lostHeads)}, which no file here has; ${tool} itself stops at that`,
    `take the files that have it (a newer checkout, another branch); or, when its changes are gone: skein force ${name} VERSION says where it stands`,
  )
  if (policies.ahead === 'error') {
    const ahead = list('ahead').filter((version) => !lostHeads.includes(version))
    add(
      'AHEAD',
      ahead,
      `${name}: the database has ${shortList(ahead)}, newer than all files here`,
      `take the files that have it (a newer checkout, another branch), or say "ahead: ok" for ${name} if older files are meant to run against it`,
      ['up'],
    )
    add(
      'AHEAD',
      list('missing'),
      `${name}: the database has ${shortList(list('missing'))}, whose ${list('missing').length === 1 ? 'file is' : 'files are'} gone`,
      `bring the files back, or say "ahead: ok" for ${name} to go on without them`,
      ['up'],
    )
  }
  if (policies.changed === 'error') {
    add(
      'CHANGED',
      list('changed'),
      `${name}: ${shortList(list('changed'))} changed after being applied`,
      `skein verify ${name} shows the difference; put the file back and write a new migration, or, ${redo(input, rows)}`,
      ['up'],
    )
  }
  if (policies.outOfOrder === 'error') {
    const newest = rows.findLast((row) => !['pending', 'out-of-order'].includes(row.state))?.version
    const never = input.keeps === 'latest-version' ? `; ${tool} itself would never run it` : ''
    add(
      'OUT-OF-ORDER',
      list('out-of-order'),
      `${name}: ${shortList(list('out-of-order'))} would run before ${newest}, which is applied${never}`,
      `give it a newer version, or say "out-of-order: run" (or "ignore") for ${name}`,
      ['up'],
    )
  }
  return problems
}

/**
 * Did a tool take back what its table lost, as far as that can be known? Only the newest ones (by version, or by the order in which
 * they were applied) can have gone that way, each had to have a down that says something, and nothing in them may have been able to stop half-way.
 */
export function isProvable(input: ServiceInput, { lost, ledger }: Comparison): boolean {
  if (!input.toolView.exists) return false
  const gone = new Set(lost)
  // A table of heads cannot lose a revision and keep one that stands on it.
  const isGraph = input.keeps === 'heads'
  const settled = [...ledger.values()].filter((entry) => entry.partial?.direction !== 'up')
  const isTail = (ordered: typeof settled) => ordered.slice(-gone.size).every((entry) => gone.has(entry.version))
  const inToolOrder = () => settled.toSorted((a, b) => input.compare(a.version, b.version))
  if (!isGraph && !isTail(inToolOrder()) && !isTail(settled.toSorted((a, b) => a.seq - b.seq))) return false
  const migrations = new Map(input.migrations.map((migration) => [migration.version, migration]))
  return lost.every(
    (version) => hollowDown(migrations.get(version), ledger.get(version)) === false && input.nonTransactional?.(version) !== true,
  )
}

function lostProblem(input: ServiceInput, comparison: Comparison): Problem[] {
  const { name, tool } = input
  const { lost } = comparison
  const more = [...comparison.extra, ...comparison.unknown]
  if (lost.length === 0) return []
  if (more.length > 0) {
    const message = `${name}: ${tool}'s table has ${shortList(more)}, which the ledger does not have, and lacks ${shortList(lost)}, which it has`
    const hint = `look at the database, then: skein adopt ${name} takes the word of ${tool}'s table; skein mark ${name} VERSION --applied --because '…' writes one migration into both`
    return [{ code: 'MIXED', service: name, message, hint, versions: [...more, ...lost], stops: both }]
  }
  if (!input.toolView.exists) {
    const message = `${name}: ${tool}'s table is gone, while the ledger has ${lost.length} applied: ${shortList(lost)}. It was dropped: no down has run`
    const hint = `if the schema is still there: skein baseline ${name} ${lost.at(-1)} writes the table again; if it went with the table: skein adopt ${name} empties the ledger of it`
    return [{ code: 'REVERTED', service: name, message, hint, versions: lost, stops: both }]
  }
  if (isProvable(input, comparison)) return []
  const message = `${name}: ${tool}'s table lost ${shortList(lost)}, and ${whyNot(input, comparison)}`
  const hint = `if their changes are gone: skein adopt ${name} takes the word of ${tool}'s table; if they are still there: skein mark ${name} ${lost[0]} --applied --because '…' writes it back`
  return [{ code: 'REVERTED', service: name, message, hint, versions: lost, stops: both }]
}

function whyNot(input: ServiceInput, { lost, ledger }: Comparison): string {
  const migrations = new Map(input.migrations.map((migration) => [migration.version, migration]))
  const hollow = lost.filter((version) => hollowDown(migrations.get(version), ledger.get(version)) !== false)
  if (hollow.length > 0) return `no down that says anything exists for ${shortList(hollow)}, so the changes must still be there`
  const open = lost.filter((version) => input.nonTransactional?.(version) === true)
  if (open.length > 0) return `${shortList(open)} cannot run in a transaction, so it may have gone half-way`
  return 'they are not the newest ones, so no down of the tool explains it'
}

/** golang-migrate v4.19.1 (migrate.go, runMigrations) writes the same row for an up to P that broke off and for a down of what follows P. */
function dirtyProblem(input: ServiceInput, version: string | null): Problem {
  const { name, tool, migrations } = input
  const position = migrations.findIndex((migration) => migration.version === version)
  const later = version === null ? migrations[0] : position < 0 ? undefined : migrations[position + 1]
  const before =
    version === null ? 'none' : (migrations.findLast((migration) => input.compare(migration.version, version) < 0)?.version ?? 'none')
  const up = version === null ? undefined : `an up of ${version} broke off`
  const down = later === undefined ? undefined : `a down of ${later.version} broke off`
  const broken =
    up !== undefined && later !== undefined
      ? `an up of ${version} or a down of ${later.version} broke off`
      : (up ?? down ?? 'a migration broke off')
  const ways = [
    version === null ? undefined : `changes of ${version} there: skein force ${name} ${version}; not there: skein force ${name} ${before}`,
    later === undefined ? undefined : `changes of ${later.version} still there: skein force ${name} ${later.version}`,
    version === null ? `not there: skein force ${name} none` : undefined,
  ]
  return {
    code: 'DIRTY',
    service: name,
    message: `${name}: ${tool}'s table says ${version ?? 'none'}, dirty: ${broken}. It was not skein that ran it, so only the database can tell`,
    hint: `look whether the changes are there, then say so. ${ways.filter((way) => way !== undefined).join('; ')}`,
    versions: version === null ? [] : [version],
    stops: both,
  }
}

function progress(comparison: Comparison, versions: readonly string[]): string {
  const parts = versions.map((version) => comparison.partial.get(version)).filter((partial) => partial !== undefined)
  return parts
    .map(
      (partial) =>
        `${partial.done} of ${partial.of} statements done${partial.inDoubt === undefined ? '' : `, statement ${partial.inDoubt} in doubt`}`,
    )
    .join('; ')
}

function previous(rows: readonly MigrationStatus[], version: string | undefined): string | undefined {
  const position = rows.findIndex((row) => row.version === version)
  return position > 0 ? rows[position - 1]?.version : undefined
}

/** How the first changed migration, and all after it, are run again: at once, or by `up` from now on. */
function redo({ name, migrations }: ServiceInput, rows: readonly MigrationStatus[]): string {
  const first = rows.findIndex((row) => row.state === 'changed')
  const number = rows.slice(first).filter((row) => !['pending', 'out-of-order'].includes(row.state)).length
  // A file of an environment is there only where that environment is in force.
  const environment = migrations.find((one) => one.environment !== undefined)?.environment
  const words = ['skein redo', name, ...(number === 1 ? [] : [number]), ...(environment === undefined ? [] : ['--env', environment])]
  const policy = environment === undefined ? 'changed: redo' : `environments: { ${environment}: { changed: redo } }`
  return `while the data may go, ${words.join(' ')}; with "${policy}" in skein.yaml up does so by itself`
}
