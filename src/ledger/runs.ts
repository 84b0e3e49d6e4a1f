import { ident } from '../postgres/quote.ts'

/** Statement that notes the beginning of a run. Parameters: id, verb, digest, services (JSON of {service, schema}), steps, os user, host, program. */
export function startRun(schema: string): string {
  return `insert into ${ident(schema)}.run (id, verb, digest, services, steps, os_user, host, program) values ($1, $2, $3, $4::jsonb, $5::integer, $6, $7, $8) on conflict (id) do nothing`
}

/** Statement that notes its end. Parameters: id, outcome, error (JSON or null). */
export function endRun(schema: string): string {
  return `update ${ident(schema)}.run set outcome = $2, error = $3::jsonb, ended_at = clock_timestamp() where id = $1`
}

/** The newest runs with what each did: one JSON array per run. Parameter: how many. */
export function selectRuns(schema: string): string {
  const s = ident(schema)
  return `select json_build_object('id', r.id, 'verb', r.verb, 'digest', r.digest, 'services', r.services, 'steps', r.steps, 'outcome', r.outcome, 'error', r.error,
  'startedAt', r.started_at, 'endedAt', r.ended_at, 'role', r.db_role, 'osUser', r.os_user, 'host', r.host, 'program', r.program,
  'backups', (select coalesce(json_agg(b.details order by b.seq), '[]') from ${s}.audit b where b.what = 'backup' and b.details ->> 'run' = r.id::text),
  'did', (select coalesce(json_agg(d order by d.at), '[]') from (
    select h.service, a.version, a.name, 'up' as direction, a.kind, a.ms, a.applied_at as at from ${s}.applied a join ${s}.history h on h.id = a.history where a.run = r.id
    union all
    select h.service, a.version, a.name, 'down', a.undone_kind, a.undone_ms, a.undone_at from ${s}.applied a join ${s}.history h on h.id = a.history where a.undone_run = r.id) d)) as run
from ${s}.run r order by r.started_at desc limit $1`
}
