import { checksumFits } from '../../histories/checksum-fits.ts'
import { connect } from '../../postgres/connect.ts'
import { loadParser } from '../../sql/front.ts'
import { type MadeObject, madeObjects } from '../../sql/made-objects.ts'
import type { Migration } from '../../model/migration.ts'
import { madeBy } from '../drop/made-things.ts'
import type { Edit } from '../edit-history.ts'
import { codeSql } from '../code-sql.ts'
import type { Looked } from '../look.ts'
import { doubtsOf } from './doubts.ts'
import type { AdoptEvidence } from './evidence.ts'
import { columnsOf, sightings, tablesOf } from './sightings.ts'

/**
 * All that is to be known of a service before what its tool's table says is taken over. `taken`: tables of the other services, as `schema.table`. One
 * connection; reads catalogues only, locks and writes nothing.
 */
export async function gather(looked: Looked, edit: Pick<Edit, 'add' | 'remove'>, taken: ReadonlySet<string>): Promise<AdoptEvidence> {
  await loadParser()
  const { loaded, applied, table, snapshot, history, spec } = looked
  const isApplied = (migration: Migration) => applied.applied.has(migration.version)
  const matched = loaded.migrations.filter(isApplied)
  const pending = loaded.migrations.filter((migration) => !isApplied(migration))
  const { objects, unread } = await madeBy(looked)
  const inCode = loaded.code === undefined ? [] : madeInCode(matched, loaded.service.tool)
  const earlier = new Set([...objects, ...inCode].map(keyOf))
  const ahead = pending.map((migration) => ({
    id: migration.id,
    // What an applied one makes too is there whatever this one did.
    objects: madeIn(migration, loaded.service.tool).filter((made) => !earlier.has(keyOf(made))),
  }))
  const session = await connect(spec, { readOnly: true })
  try {
    const columns = await columnsOf(session, table.schema, table.table)
    const made = await sightings(session, [...objects, ...inCode])
    const early = await sightings(
      session,
      ahead.flatMap((one) => one.objects),
    )
    const evidence: Omit<AdoptEvidence, 'doubts'> = {
      service: loaded.service.name,
      tool: loaded.service.tool,
      database: spec.label,
      table: { schema: table.schema, name: table.table, columns, rows: snapshot.rows.length },
      matched: matched.map(({ id }) => id),
      assumed: matched.filter(({ version }) => applied.applied.get(version)?.assumed === true).length,
      unknown: [...applied.unknown],
      pending: pending.map(({ id }) => id),
      made,
      unread: inCode.length > 0 ? [] : unread,
      add: edit.add.map((one) => one.version),
      remove: edit.remove,
    }
    const doubts = doubtsOf(evidence, {
      dirty: applied.dirty?.version,
      isDirty: applied.dirty !== undefined,
      isCode: loaded.code !== undefined,
      elsewhere: columns === null ? (await tablesOf(session, history.name)).filter((name) => !taken.has(name)) : [],
      alreadyThere: thereAlready(
        ahead,
        early.map((one) => one.there),
      ),
      otherText: matched.filter((migration) => hasOtherText(looked, migration)).map(({ id }) => id),
      before: outOfOrder(loaded.migrations, isApplied),
    })
    return { ...evidence, doubts }
  } finally {
    await session.end()
  }
}

/** Ids of pending migrations all of whose things are there. */
function thereAlready(ahead: readonly { id: string; objects: readonly MadeObject[] }[], there: readonly boolean[]): string[] {
  let at = 0
  return ahead.flatMap(({ id, objects }) => {
    const own = there.slice(at, (at += objects.length))
    return own.length > 0 && own.every(Boolean) ? [id] : []
  })
}

/** The table keeps a sum of the file, and it is not that of today's. */
function hasOtherText({ applied }: Looked, { version, up }: Migration): boolean {
  const recorded = applied.applied.get(version)?.checksum
  return recorded !== undefined && recorded !== '' && up?.kind === 'sql' && checksumFits(recorded, up.raw()) === null
}

/** Ids of pending migrations with an applied one behind them; not where order is a graph. */
function outOfOrder(migrations: readonly Migration[], isApplied: (migration: Migration) => boolean): string[] {
  if (migrations.some((migration) => migration.parents !== undefined)) return []
  const last = migrations.findLastIndex(isApplied)
  return migrations.slice(0, Math.max(0, last)).flatMap((migration) => (isApplied(migration) ? [] : [migration.id]))
}

function keyOf({ kind, schema, table, name }: MadeObject): string {
  return JSON.stringify([kind, schema, table, name])
}

function madeIn({ up }: Migration, tool: string): MadeObject[] {
  if (up === null) return []
  const texts = up.kind === 'sql' ? [up.text()] : codeSql(tool, up.raw().toString('utf8'))
  if (up.kind === 'sql') up.forget()
  return madeObjects(texts) ?? []
}

/** Of migrations in code, tables only, and those that a later one does not drop or rename in some way that cannot be seen. */
function madeInCode(migrations: readonly Migration[], tool: string): MadeObject[] {
  const texts = migrations.flatMap(({ up }) => (up?.kind === 'code' ? codeSql(tool, up.raw().toString('utf8')) : []))
  return (madeObjects(texts.filter((text) => madeObjects([text]) !== undefined)) ?? []).filter((one) => one.kind === 'table')
}
