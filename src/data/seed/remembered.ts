import { ident, literal } from '../../postgres/quote.ts'
import type { Session } from '../../postgres/session.ts'

/**
 * The hashes of the seeds that are in the database, by name: what the audit chain says was seeded for this history, since its data was last cleaned or
 * dropped or one of its migrations taken back. The chain serves rather than a table of its own, so that older releases read and write the same ledger.
 * Takes ACCESS SHARE.
 */
export async function rememberedSeeds(session: Session, ledgerSchema: string, key: string): Promise<Map<string, string>> {
  const schema = ident(ledgerSchema)
  const rows = await session.query<{ name: string; hash: string }>(
    `with gone as (
       select greatest(
         (select max(at) from ${schema}.audit where what in ('clean', 'drop') and (details ->> 'history' = ${literal(key)} or details -> 'histories' ? ${literal(key)})),
         (select max(a.undone_at) from ${schema}.applied a join ${schema}.history h on h.id = a.history where h.key = ${literal(key)})) as at)
     select distinct on (f.key) f.key as name, f.value as hash
     from ${schema}.audit a, gone g, jsonb_each_text(a.details -> 'seeded') f
     where a.what = 'seed' and a.details ->> 'history' = ${literal(key)} and (g.at is null or a.at > g.at) order by f.key, a.seq desc`,
  )
  return new Map(rows.map((row) => [row.name, row.hash]))
}
