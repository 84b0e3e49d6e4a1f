import type { Session } from '../../postgres/session.ts'
import { analyse } from '../../sql/front.ts'
import type { Looked } from '../look.ts'
import { type BrokenState, choice } from './state.ts'

export interface InvalidIndex {
  schema: string
  name: string
  table: string
  definition: string
}

/**
 * Indexes of this database that are INVALID and that nobody is building. A partitioned table's own index is left out: it is INVALID by right until
 * every partition has its part. Takes ACCESS SHARE on catalogues.
 */
export async function invalidIndexes(session: Session): Promise<InvalidIndex[]> {
  return session.query<InvalidIndex>(
    `select n.nspname as schema, c.relname as name, i.indrelid::regclass::text as table, pg_get_indexdef(c.oid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and c.relkind = 'i' and n.nspname !~ '^pg_'
       and not exists (select 1 from pg_stat_progress_create_index p where p.datid = (select oid from pg_database where datname = current_database())
         and (p.index_relid = c.oid or (p.relid = i.indrelid and p.index_relid = 0)))
     order by 1, 2`,
  )
}

/** The migration of a service that speaks of an index by name; a copy that REINDEX left (`…_ccnew`) has the name of what it copied. */
export function mentioned(looked: Looked, index: InvalidIndex): string | undefined {
  const name = index.name.replace(copy, '')
  for (const { id, up } of looked.loaded.migrations) {
    if (up?.kind !== 'sql' || !up.text().includes(name)) continue
    if (analyse(up.text()).statements.some((one) => one.indexFacts?.name === name)) return id
  }
  return undefined
}

/** An INVALID index: it is kept up to date by every write, and no query uses it. */
export function invalidIndexState(
  index: InvalidIndex,
  migration: string | undefined,
  base: Pick<BrokenState, 'service' | 'database'>,
): BrokenState {
  const subject = `${index.schema}.${index.name}`
  const copied = copy.test(index.name)
  return {
    ...base,
    kind: 'invalid-index',
    subject,
    index: { schema: index.schema, name: index.name },
    problem: `the index ${subject} on ${index.table} is INVALID, and nobody is building it`,
    evidence: [
      migration === undefined ? 'no migration here speaks of it' : `${migration} speaks of it`,
      copied
        ? 'it is a copy that a REINDEX CONCURRENTLY left when it broke off'
        : 'it was left by a CREATE INDEX CONCURRENTLY or a DROP INDEX CONCURRENTLY that broke off',
      index.definition,
    ],
    choices: [
      ...(copied
        ? []
        : [choice('rebuild-index', base.service, subject, 'builds it again, beside readers and writers (REINDEX INDEX CONCURRENTLY)')]),
      choice('drop-invalid-index', base.service, subject, 'drops it, beside readers and writers (DROP INDEX CONCURRENTLY)'),
    ],
  }
}

const copy = /_cc(new|old)\d*$/
