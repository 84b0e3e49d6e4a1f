import type { Session } from '../postgres/session.ts'
import type { CatalogueRow } from './kind.ts'
import { kinds } from './kinds/index.ts'
import { sorted } from './order.ts'
import { versionOf } from './version.ts'

export interface InspectOptions {
  /** What is not looked at: whole schemas, and tables with all that belongs to them (columns, indexes, constraints, triggers, own sequences). */
  exclude?: { schemas?: readonly string[]; tables?: readonly { schema: string; table: string }[] }
}

/**
 * The catalogue of a database as rows in a fixed order: what a user made, apart from data, statistics and numbers that PostgreSQL gives out by
 * itself. One round trip, one REPEATABLE READ READ ONLY transaction; ACCESS SHARE on catalogues, and on the tables whose definitions are
 * deparsed. Definitions are read with an empty search_path and fixed formats, so that they do not depend on who asks. The session must not be
 * in a transaction. Throws what PostgreSQL says: XX000 or 42P01 when something was dropped meanwhile. Source: the manual, "System Catalogs".
 */
export async function inspect(session: Session, { exclude = {} }: InspectOptions = {}): Promise<CatalogueRow[]> {
  const version = versionOf(session.version)
  const [, ...answers] = await inOneTransaction(session, [settings, ...kinds.map((kind) => asText(kind.select(version)))])
  const rows = kinds.flatMap(({ kind }, at) => (answers[at] ?? []).map((answer) => rowOf(kind, answer)))
  return sorted(rows.filter(notExcluded(exclude)))
}

async function inOneTransaction(session: Session, texts: readonly string[]): Promise<Record<string, unknown>[][]> {
  const messages = ['begin isolation level repeatable read read only', ...texts, 'commit'] // commit after an error rolls back
  const answers = await Promise.allSettled(messages.map((text) => session.simple(text)))
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return answers.slice(1, -1).map((answer) => (answer.status === 'fulfilled' ? (answer.value[0]?.rows ?? []) : []))
}

function asText(select: string): string {
  return `select identity, schema, "table", jsonb_strip_nulls(facts) as facts from (${select}) as found`
}

function rowOf(kind: string, answer: Record<string, unknown>): CatalogueRow {
  const { identity, schema, table, facts } = answer as {
    identity: string
    schema: string | null
    table: string | null
    facts: CatalogueRow['facts']
  }
  return { kind, identity, facts, ...(schema === null ? {} : { schema }), ...(table === null ? {} : { table }) }
}

function notExcluded({ schemas = [], tables = [] }: NonNullable<InspectOptions['exclude']>): (row: CatalogueRow) => boolean {
  return ({ schema, table }) =>
    schema === undefined || !(schemas.includes(schema) || tables.some((one) => one.schema === schema && one.table === table))
}

/** What the text of an expression depends on besides itself; the list of pg_dump. */
const settings = `set local search_path = ''; set local quote_all_identifiers = off; set local timezone = 'UTC'; set local datestyle = 'ISO, YMD';
set local intervalstyle = 'postgres'; set local extra_float_digits = 3; set local bytea_output = 'hex'; set local lc_monetary = 'C';
set local xmloption = 'content'; set local jit = off`
