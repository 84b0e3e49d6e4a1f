import { SkeinError } from '../model/errors.ts'
import { acquire, ownLockKey, release } from '../postgres/advisory.ts'
import { ident, literal } from '../postgres/quote.ts'
import type { Session } from '../postgres/session.ts'
import { ledgerDdl, ledgerTables, ledgerVersion } from './ddl.ts'
import { insertMeta } from './write.ts'

export interface LedgerPlace {
  schema: string
  systemIdentifier: string | null
  environment?: string
}

/**
 * Makes the ledger when it is missing and brings an older one up, in one transaction, under the ledger's own advisory key (polled, never waited
 * for), so that simultaneous first runs do not meet. Does nothing but one look when it is there. Throws LEDGER-DENIED, LEDGER-NEWER when a newer release wrote it and asks for a newer writer, LOCK-HELD when the key is not to be had within 30 s.
 */
export async function ensureLedger(session: Session, place: LedgerPlace): Promise<void> {
  const found = await versionOf(session, place.schema)
  if (found !== undefined && found.minimumWriter > ledgerVersion) throw newer(session, place.schema, found.minimumWriter)
  if (found !== undefined && found.version >= ledgerVersion) return
  const key = ownLockKey(`ledger ${place.schema}`)
  await acquire(session, [key], { deadlineMs: 30_000 })
  try {
    const now = await versionOf(session, place.schema)
    if (now !== undefined && now.version >= ledgerVersion) return
    await make(session, place, now?.version ?? 0)
  } finally {
    await release(session, [key])
  }
}

async function make(session: Session, place: LedgerPlace, from: number): Promise<void> {
  await session.simple('begin')
  try {
    const [schema] = await session.query('select 1 from pg_namespace where nspname = $1', [place.schema])
    await session.simple(ledgerDdl(place.schema, from, { schemaThere: schema !== undefined }).join(';\n'))
    await session.query(insertMeta(place.schema), [ledgerVersion, place.systemIdentifier, place.environment ?? null])
    await session.simple('commit')
  } catch (cause) {
    await session.simple('rollback').catch(() => undefined)
    if (isDenied(cause)) throw denied(session, place.schema, `grant usage, create on schema ${ident(place.schema)} to its role`, cause)
    throw cause
  }
}

async function versionOf(session: Session, schema: string): Promise<{ version: number; minimumWriter: number } | undefined> {
  const [there] = await session.query<{ there: boolean }>('select to_regclass($1) is not null as there', [`${ident(schema)}.meta`])
  if (there?.there !== true) return undefined
  const [row] = await session.query<{ v: number; w: number }>(`select ledger_version as v, minimum_writer as w from ${ident(schema)}.meta`)
  return { version: row?.v ?? 0, minimumWriter: row?.w ?? 0 }
}

function isDenied(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === '42501'
}

/**
 * Refuses a role that could not make or write the ledger, before anything is written, with the exact GRANTs: rights on the database or the schema,
 * and, for a ledger that somebody else made, on its tables. From the catalogue and by oid, which every role may read. Throws LEDGER-DENIED.
 */
export async function checkLedger(session: Session, schema: string): Promise<void> {
  const [row] = await session.query<Rights>(rights, [schema])
  if (row === undefined) return
  const name = ident(schema)
  const role = ident(row.role)
  const missing: string[] = []
  if (!row.there) {
    if (!row.may_create_schema) missing.push(grants(schema, row.role))
  } else {
    if (!row.usage) missing.push(`grant usage on schema ${name} to ${role};`)
    if (row.tables === 0 && !row.create) missing.push(`grant create on schema ${name} to ${role};`)
    if (row.tables > 0 && !row.tables_usable)
      missing.push(`grant select, insert, update, delete on all tables in schema ${name} to ${role};`)
  }
  if (missing.length > 0) throw denied(session, schema, missing.join(' '))
}

interface Rights {
  role: string
  may_create_schema: boolean
  there: boolean
  usage: boolean
  create: boolean
  tables: number
  tables_usable: boolean
}

const rights = `select current_user::text as role, has_database_privilege(d.oid, 'create') as may_create_schema, n.oid is not null as there,
  coalesce(has_schema_privilege(n.oid, 'usage'), false) as usage, coalesce(has_schema_privilege(n.oid, 'create'), false) as create,
  count(c.oid)::int as tables,
  coalesce(bool_and(has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
    and (c.relname not in ('history', 'applied', 'run', 'journal') or has_table_privilege(c.oid, 'update'))
    and (c.relname <> 'journal' or has_table_privilege(c.oid, 'delete'))), false) as tables_usable
from pg_database d left join pg_namespace n on n.nspname = $1
  left join pg_class c on c.relnamespace = n.oid and c.relkind = 'r' and c.relname in (${ledgerTables.map(literal).join(', ')})
where d.datname = current_database() group by d.oid, n.oid`

function denied(session: Session, schema: string, grant: string, cause?: unknown): SkeinError {
  return new SkeinError('LEDGER-DENIED', {
    message: `${session.label}: the role lacks rights on the ledger's schema "${schema}"; nothing was run`,
    hint: `as an owner of the database, run: ${grant}`,
    sqlstate: '42501',
    cause,
  })
}

/** What a role needs that is to make the ledger. */
function grants(schema: string, role: string): string {
  return `create schema if not exists ${ident(schema)} authorization ${ident(role)};`
}

function newer(session: Session, schema: string, writer: number): SkeinError {
  return new SkeinError('LEDGER-NEWER', {
    message: `${session.label}: the ledger in schema "${schema}" was written by a newer Skein and asks for one that writes version ${writer}`,
    hint: 'upgrade skein-migrate; reading (status, plan) still works',
  })
}
