import { ident } from '../postgres/quote.ts'

/**
 * The newest run that ended well for each service: one row with `service`, `ended` (ISO 8601 in UTC) and `seconds`. Parameter: names, as text[]. Reads as
 * much of the table as it must, newest first, by its index. Lock: ACCESS SHARE.
 */
export function selectLastSuccess(schema: string): string {
  return `select n.service, to_char(r.ended_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ended,
  extract(epoch from r.ended_at - r.started_at)::float8 as seconds
from unnest($1::text[]) n (service) cross join lateral (
  select started_at, ended_at from ${ident(schema)}.run
  where outcome = 'ok' and ended_at is not null and services @> jsonb_build_array(jsonb_build_object('service', n.service))
  order by started_at desc limit 1) r`
}
