import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { findMigration } from '../sources/find-migration.ts'
import { editHistory, type Edit, type EditReport } from './edit-history.ts'
import type { Looked } from './look.ts'
import type { RunRequest } from './request.ts'
import type { Survey } from './survey.ts'
import { upTo } from './up-to.ts'

/**
 * Says, without running anything, that a service stands exactly at a version (null: at nothing): everything up to it is applied, nothing after it,
 * and nothing is dirty or half-done. Tool's table and ledger follow. The version need not exist in the files where the tool allows that.
 * Takes the service's locks. Throws USAGE unless exactly one service is meant, VERSION-UNKNOWN.
 */
export async function force(request: RunRequest & { version: string | null; because?: string }, ports: Ports): Promise<EditReport> {
  return editHistory('force', request, ports, (found) => [forcedEdit(found, onlyService(found), request.version)])
}

/** What {@link force} writes. Throws VERSION-UNKNOWN. */
export function forcedEdit(found: Survey, name: string, text: string | null): Edit {
  const looked = found.looked.get(name) as Looked
  const { migrations } = looked.loaded
  const target = text === null ? null : wantedVersion(looked, text)
  const below = target === null ? [] : upTo(looked, target)
  const halfDone = new Set(looked.ledger?.journal.map((row) => row.version))
  const there = new Set([
    ...looked.applied.applied.keys(),
    ...looked.applied.unknown,
    ...(looked.ledger?.applied.map((row) => row.version) ?? []),
    ...halfDone,
  ])
  const rows = looked.history.marksDirty
    ? looked.history.rows({ applied: target === null ? new Map() : new Map([[target, { assumed: false }]]), unknown: [] }, migrations)
    : undefined
  return {
    service: name,
    add: below
      .filter(
        (version) =>
          halfDone.has(version) ||
          !looked.applied.applied.has(version) ||
          !(looked.ledger?.applied.some((row) => row.version === version) ?? false),
      )
      .map((version) => ({ version, kind: 'forced' as const })),
    remove: [...there].filter((version) => target === null || (!below.includes(version) && version !== target)),
    tool: true,
    rows:
      rows === undefined || target === null || migrations.some((one) => one.version === target)
        ? rows
        : looked.history.parse(JSON.stringify([[target, false]])),
  }
}

/** A version of the files; or, for a tool whose table may name any, the number itself. */
function wantedVersion(looked: Looked, text: string): string {
  const { source, migrations } = looked.loaded
  const parsed = source.parseVersion(text)
  if (looked.history.marksDirty && parsed !== undefined) return parsed
  return findMigration(source, migrations, text).version
}

/** The one selected service. Throws USAGE when there are several. */
export function onlyService(found: Survey): string {
  const [name, ...more] = found.loaded.selected
  if (name !== undefined && more.length === 0) return name
  throw new SkeinError('USAGE', {
    message: `this needs exactly one service, and ${found.loaded.selected.size} are meant: ${[...found.loaded.selected].join(', ')}`,
    hint: 'name the service',
  })
}
