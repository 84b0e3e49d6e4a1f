import type { Session } from '../../postgres/session.ts'
import { ident, qualified } from '../../postgres/quote.ts'
import { type MadeObject, madeObjects } from '../../sql/made-objects.ts'
import type { Looked } from '../look.ts'

/** A run that had to do with a service, as the ledger tells it. */
interface RunFact {
  verb: string
  outcome: string | null
  at: string
  by: string
  host: string | null
  program: string
  error: { step?: string; message?: string } | null
}

const runColumns = `r.verb, r.outcome, to_char(r.started_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS"Z"') as at, coalesce(r.os_user, r.db_role) as by, r.host, r.program, r.error`

/** The newest run of a service and what it failed with, in words; or that the ledger knows of none. Takes ACCESS SHARE. */
export async function lastRunFacts(session: Session, looked: Looked): Promise<string[]> {
  if (looked.ledger === undefined) return ['the ledger knows of no run of this service: it was another program']
  const [row] = await session.query<RunFact>(
    `select ${runColumns} from ${ident(looked.loaded.service.ledgerSchema)}.run r
     where r.services @> jsonb_build_array(jsonb_build_object('service', $1::text)) order by r.started_at desc limit 1`,
    [looked.ledger.service],
  )
  if (row === undefined) return ['the ledger knows of no run of this service: it was another program']
  return [`the last run here: ${told(row)}`, ...(row.error?.message === undefined ? [] : [`it said: ${row.error.message}`])]
}

/** Who ran a step that stopped half-way, and what the server said. Takes ACCESS SHARE. */
export async function journalFacts(session: Session, looked: Looked, version: string, direction: 'up' | 'down'): Promise<string[]> {
  const schema = ident(looked.loaded.service.ledgerSchema)
  const [row] = await session.query<RunFact & { said: { message?: string } | null }>(
    `select j.error as said, ${runColumns} from ${schema}.journal j left join ${schema}.run r on r.id = j.run
     where j.history = $1 and j.version = $2 and j.direction = $3`,
    [looked.ledger?.id ?? 0, version, direction],
  )
  if (row === undefined) return []
  return [`it was ${told(row)}`, ...(row.said?.message === undefined ? [] : [`the server said: ${row.said.message}`])]
}

function told({ verb, outcome, at, by, host, program }: RunFact): string {
  return `${verb} on ${at} by ${by}${host === null ? '' : ` on ${host}`} (${program}), ${outcome ?? 'whose end was never noted'}`
}

/** Which of the things that a text makes are in the database, in words; the search path decides for plain names. Takes ACCESS SHARE on catalogues. */
export async function presenceFacts(session: Session, text: string, whose: string): Promise<string[]> {
  const made = madeObjects([text])
  if (made === undefined) return [`${whose} cannot be looked into`]
  if (made.length === 0) return [`${whose} makes nothing that the catalogue could show`]
  const there = await presence(session, made)
  const list = (wanted: boolean) => made.filter((_, at) => there[at] === wanted).map(nameOfObject)
  const [found, gone] = [list(true), list(false)]
  if (gone.length === 0) return [`everything that ${whose} makes is there: ${found.join(', ')}`]
  if (found.length === 0) return [`nothing that ${whose} makes is there: ${gone.join(', ')}`]
  return [`of what ${whose} makes there is: ${found.join(', ')}`, `and there is not: ${gone.join(', ')}`]
}

async function presence(session: Session, objects: readonly MadeObject[]): Promise<boolean[]> {
  const asked = objects.map((one) => [
    one.kind,
    one.kind === 'schema' ? ident(one.name) : written(one.schema, one.kind === 'column' ? (one.table ?? '') : one.name),
    one.name,
    one.schema ?? '',
  ])
  const rows = await session.query<{ there: boolean }>(
    `select case o.kind
       when 'schema' then to_regnamespace(o.written) is not null
       when 'type' then to_regtype(o.written) is not null
       when 'column' then exists (select 1 from pg_attribute a where a.attrelid = to_regclass(o.written) and a.attname = o.name and not a.attisdropped)
       when 'function' then exists (select 1 from pg_proc p where p.proname = o.name
         and (o.schema = '' and pg_function_is_visible(p.oid) or p.pronamespace = to_regnamespace(quote_ident(o.schema))))
       else to_regclass(o.written) is not null end as there
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality o(kind, written, name, schema, n) order by n`,
    [0, 1, 2, 3].map((at) => asked.map((row) => row[at] as string)),
  )
  return rows.map((row) => row.there)
}

function written(schema: string | undefined, name: string): string {
  return schema === undefined ? ident(name) : qualified(schema, name)
}

/** `table app.items`, `column items.price`. */
export function nameOfObject({ kind, schema, table, name }: MadeObject): string {
  return `${kind} ${[schema, kind === 'column' ? table : undefined, name].filter((part) => part !== undefined).join('.')}`
}
