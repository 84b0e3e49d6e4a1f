import { ident, literal } from '../postgres/quote.ts'

/**
 * One append to the hash chain, as SQL for an open transaction. Locks `audit` in SHARE ROW EXCLUSIVE mode until commit: two appends must not
 * take the same predecessor. Each hash is SHA-256 over the one before it, the time, the role, the verb and the details, so a row that was
 * altered or removed breaks every later one.
 */
export function appendAudit(schema: string, what: string, details: unknown): string {
  const table = `${ident(schema)}.audit`
  const text = literal(JSON.stringify(details))
  return `lock table ${table} in share row exclusive mode;
insert into ${table} (at, what, details, previous, hash)
select t.at, ${literal(what)}, ${text}::jsonb, p.hash,
  encode(sha256(convert_to(p.hash || to_char(t.at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') || session_user || ${literal(what)} || (${text}::jsonb)::text, 'UTF8')), 'hex')
from (select clock_timestamp() as at) t, (select coalesce((select hash from ${table} order by seq desc limit 1), '') as hash) p;`
}

/** Rows whose hash does not follow from the one before: an empty result is an intact chain. Takes ACCESS SHARE. */
export function brokenAudit(schema: string): string {
  const table = `${ident(schema)}.audit`
  return `select seq from (select *, coalesce(lag(hash) over (order by seq), '') as before from ${table}) a
where previous <> before
   or hash <> encode(sha256(convert_to(previous || to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') || by || what || details::text, 'UTF8')), 'hex') order by seq`
}
