import type { IndexFacts } from '../sql/facts.ts'
import { named } from './named.ts'
import { sameIndex } from './same-index.ts'
import type { OpenService } from './service-run.ts'

export interface FoundIndex {
  oid: string
  valid: boolean
  schema: string
  name: string
  /** Who is building it right now. */
  buildingPid: number | null
}

/**
 * The index that a statement names, or undefined: a new one in its table's schema, whatever the search_path says. Where CREATE INDEX leaves the name
 * to PostgreSQL, the newest index of the table with the same definition. Takes ACCESS SHARE.
 */
export async function findIndex(service: OpenService, facts: IndexFacts, sql: string): Promise<FoundIndex | undefined> {
  if (facts.action !== 'create') {
    const [row] = await select(service, 'c.oid = to_regclass($1)', [named(facts.schema, facts.name)])
    return row
  }
  const table = named(facts.tableSchema, facts.table)
  if (facts.name !== undefined) {
    const [row] = await select(
      service,
      'c.relname = $2 and c.relnamespace = (select t.relnamespace from pg_class t where t.oid = to_regclass($1))',
      [table, facts.name],
    )
    return row
  }
  for (const one of await select(service, 'i.indrelid = to_regclass($1)', [table])) {
    if (await sameIndex(service, facts, sql, one.oid)) return one
  }
  return undefined
}

async function select(service: OpenService, condition: string, values: (string | null)[]): Promise<FoundIndex[]> {
  return service.session.query<FoundIndex>(
    `select c.oid::text as oid, i.indisvalid as valid, n.nspname as schema, c.relname as name,
       (select p.pid from pg_stat_progress_create_index p where p.datid = (select oid from pg_database where datname = current_database())
          and (p.index_relid = c.oid or (p.relid = i.indrelid and p.index_relid = 0)) limit 1) as "buildingPid"
     from pg_class c join pg_index i on i.indexrelid = c.oid join pg_namespace n on n.oid = c.relnamespace
     where ${condition} order by c.oid desc`,
    values,
  )
}
