import type { Statement } from '../sql/facts.ts'
import { findIndex } from './find-index.ts'
import { named } from './named.ts'
import { markCommand } from './halfway.ts'
import type { PreparedStep } from './prepare-step.ts'
import { pendingDetach } from './probe-statement.ts'
import type { OpenService } from './service-run.ts'

/** What a failed statement left, as the end of a sentence; `hint` where the next `up` does not deal with it by itself. */
export interface LeftBehind {
  what: string
  hint?: string
}

/**
 * What a statement that failed outside a transaction left behind: an INVALID index, a partition that is half detached, what a body committed
 * before it failed. Undefined: nothing, as the catalogue says. Takes ACCESS SHARE on catalogues.
 */
export async function leftBehind(
  service: OpenService,
  prepared: PreparedStep,
  statement: Statement,
  text: string,
): Promise<LeftBehind | undefined> {
  const facts = statement.indexFacts
  try {
    if (facts !== undefined) {
      const found = facts.action === 'reindex' ? await invalidCopy(service, statement) : await findIndex(service, facts, text)
      if (found === undefined || found.valid) return undefined
      if (facts.action === 'create')
        return { what: `the index ${found.name} is left INVALID; the next \`skein up\` drops it concurrently and builds it again` }
      const again = facts.action === 'drop' ? 'goes on dropping it' : 'drops it concurrently and reindexes again'
      return { what: `the index ${found.name} is left INVALID; the next \`skein up\` ${again}` }
    }
    const detach = await pendingDetach(service, text)
    if (detach !== undefined) return { what: `${detach} is half detached; the next \`skein up\` finalizes that` }
  } catch {
    // The table is not there, or may not be seen: nothing was begun on it either.
    return undefined
  }
  if (statement.kind === 'DO' || statement.kind === 'CALL')
    return {
      what: 'what it committed before the error stays',
      hint: `see what is there, then say so: ${markCommand(prepared)}`,
    }
  return undefined
}

/** REINDEX CONCURRENTLY that broke off leaves the new index (`…_ccnew`) or the old one (`…_ccold`) behind, INVALID (PostgreSQL manual, REINDEX). */
export async function invalidCopy(
  service: OpenService,
  { indexFacts }: Statement,
): Promise<{ oid: string; name: string; schema: string; valid: false } | undefined> {
  if (indexFacts === undefined) return undefined
  const [row] = await service.session.query<{ oid: string; name: string; schema: string }>(
    `select c.oid::text as oid, c.relname as name, n.nspname as schema
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where not i.indisvalid and c.relname ~ '_cc(new|old)[0-9]*$'
       and i.indrelid = coalesce((select indrelid from pg_index where indexrelid = to_regclass($1)), to_regclass($2))
     order by c.relname limit 1`,
    [named(indexFacts.schema, indexFacts.name), named(indexFacts.tableSchema, indexFacts.table)],
  )
  return row === undefined ? undefined : { ...row, valid: false }
}
