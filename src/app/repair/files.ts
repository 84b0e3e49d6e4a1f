import type { MigrationStatus } from '../../plan/reconciled.ts'
import { diffLines } from '../../util/diff-lines.ts'
import type { Looked } from '../look.ts'
import { type BrokenState, choice } from './state.ts'

type Base = Pick<BrokenState, 'service' | 'database'>

/** An applied file that says something else now. `before`: the text that the ledger keeps, where it does. */
export function changedState(looked: Looked, row: MigrationStatus, before: string | undefined, base: Base): BrokenState {
  const up = looked.loaded.migrations.find((one) => one.version === row.version)?.up
  const file = up?.file ?? row.id
  return {
    ...base,
    kind: 'changed',
    subject: row.version,
    problem: `${file} says something else than what was applied`,
    evidence: [
      ...appliedBy(looked, row),
      before === undefined
        ? 'the ledger does not keep the text that was applied'
        : 'the lines with - were applied, those with + are in the file',
    ],
    diff: before === undefined || up?.kind !== 'sql' ? undefined : diffLines(before, up.text()),
    choices: [
      ...(before === undefined ? [] : [choice('restore', base.service, row.version, `writes the text that was applied back into ${file}`)]),
      choice('accept', base.service, row.version, "the difference does not matter: the ledger takes today's file as what was applied"),
    ],
  }
}

/** Applied, and its file is gone (`missing`), or newer than all files (`ahead`). `before`: the text that the ledger keeps. */
export function absentState(looked: Looked, row: MigrationStatus, before: string | undefined, base: Base): BrokenState {
  const ahead = row.state === 'ahead'
  const emptied = row.migration !== undefined
  return {
    ...base,
    kind: ahead ? 'ahead' : 'missing',
    subject: row.version,
    problem: ahead ? `the database has ${row.version}, newer than all files here` : `the database has ${row.version}, whose file is gone`,
    evidence: [
      `${row.inTool ? `${looked.table.table} has it` : `${looked.table.table} does not name it`}; ${row.entry === undefined ? 'the ledger never saw it' : `the ledger calls it ${row.entry.name}`}`,
      ...appliedBy(looked, row),
      before === undefined ? 'the ledger does not keep its text' : 'the ledger keeps its text',
      row.entry?.hasDown === true
        ? `and its down: skein down ${base.service} takes it back when it is the last one`
        : 'and there is no down of it',
      `if a newer checkout or another branch has the file, take that; or say "ahead: ok" for ${base.service} in skein.yaml`,
    ],
    choices: [
      ...(before === undefined || fileFor(looked, row) === undefined
        ? []
        : [
            choice(
              'restore',
              base.service,
              row.version,
              `writes the text that was applied into ${fileFor(looked, row)?.file}${row.entry?.hasDown === true ? ', and its down' : ''}`,
            ),
          ]),
      emptied
        ? choice('accept', base.service, row.version, 'the ledger takes the missing up as what was applied')
        : choice('mark-not-applied', base.service, row.version, 'history and ledger forget it; what it made stays in the database'),
    ],
  }
}

/** A file's label (relative to the workspace) and its absolute path. */
export interface Paths {
  file: string
  path: string
}

/**
 * The file that a missing migration had: its neighbour's path with its own id in the place of the neighbour's, which is right for every
 * layout that puts the id into the path once. Undefined where nothing can be told from.
 */
export function fileFor(
  looked: Looked,
  row: Pick<MigrationStatus, 'entry' | 'version' | 'migration'>,
  direction: 'up' | 'down' = 'up',
): Paths | undefined {
  const id = row.migration?.id ?? row.entry?.name
  const neighbour = looked.loaded.migrations.find((one) => one[direction]?.kind === 'sql' && one.environment === undefined)
  const body = neighbour?.[direction]
  if (id === undefined || id === row.version || neighbour === undefined || body == null || /[/\\]/.test(id)) return undefined
  if (body.path.split(neighbour.id).length !== 2 || body.file.split(neighbour.id).length !== 2) return undefined
  return { file: body.file.replace(neighbour.id, () => id), path: body.path.replace(neighbour.id, () => id) }
}

function appliedBy(looked: Looked, row: MigrationStatus): string[] {
  const entry = looked.ledger?.applied.find((one) => one.version === row.version)
  return entry === undefined ? [] : [`applied ${entry.appliedAt.replace('T', ' ').replace(/\.\d+Z$/, 'Z')} by ${entry.by} (${entry.kind})`]
}
