import type { IndexFacts } from '../sql/facts.ts'
import { named } from './named.ts'
import type { OpenService } from './service-run.ts'

/**
 * Is the index `oid` the one that `sql` describes? PostgreSQL is asked to make the same index on an empty table of the same shape, and the two
 * definitions are compared behind USING, where expressions, operator classes and conditions stand fully spelled out. Takes ACCESS SHARE on the
 * table; everything is rolled back.
 */
export async function sameIndex(service: OpenService, facts: IndexFacts, sql: string, oid: string): Promise<boolean> {
  const probe = probeText(sql)
  if (probe === undefined) return false
  const { session } = service
  const like = named(facts.tableSchema, facts.table ?? '')
  try {
    await session.simple(`begin;create temporary table skein_probe (like ${like} including generated) on commit drop`)
    await session.simple(probe)
    const [row] = await session.query<{ here: string; wanted: string; unique_here: boolean; unique_wanted: boolean }>(
      `select pg_get_indexdef($1::oid) as here, pg_get_indexdef(i.indexrelid) as wanted, h.indisunique as unique_here, i.indisunique as unique_wanted
       from pg_index i, pg_index h where i.indrelid = 'pg_temp.skein_probe'::regclass and h.indexrelid = $1::oid`,
      [oid],
    )
    return row !== undefined && row.unique_here === row.unique_wanted && behindUsing(row.here) === behindUsing(row.wanted)
  } catch {
    return false
  } finally {
    await session.simple('rollback').catch(() => undefined)
  }
}

/** The statement without CONCURRENTLY, IF NOT EXISTS and name, on the probe table. Undefined when it is not written in the usual form. */
function probeText(sql: string): string | undefined {
  const found =
    /^\s*create\s+(unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(?:"(?:[^"]|"")+"|[\w$]+)?\s*on\s+(?:only\s+)?(?:(?:"(?:[^"]|"")+"|[\w$]+)\s*\.\s*)?(?:"(?:[^"]|"")+"|[\w$]+)([\s\S]*)$/i.exec(
      sql,
    )
  return found === null ? undefined : `create ${found[1] ?? ''}index on pg_temp.skein_probe ${found[2]}`
}

function behindUsing(definition: string): string {
  return definition.slice(definition.indexOf(' USING '))
}
