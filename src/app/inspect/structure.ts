import type { Session } from '../../postgres/session.ts'

export interface Column {
  name: string
  /** As PostgreSQL writes it: `character varying(255)`. */
  type: string
  nullable: boolean
  /** The expression; null without one. Of a generated column, what it is generated from. */
  default: string | null
  identity: 'always' | 'by default' | null
  generated: 'stored' | 'virtual' | null
  comment: string | null
}

/** A key or another constraint. */
export interface Constraint {
  name: string
  columns: string[]
  /** As PostgreSQL writes it: `PRIMARY KEY (id)`. */
  definition: string
}

export interface ForeignKey extends Constraint {
  references: { schema: string; table: string; columns: string[] }
}

/** What a table is made of. */
export interface Structure {
  oid: string
  columns: Column[]
  primaryKey: Constraint | null
  unique: Constraint[]
  foreignKeys: ForeignKey[]
  checks: Constraint[]
  exclusions: Constraint[]
  indexes: { name: string; definition: string; unique: boolean; valid: boolean }[]
  triggers: { name: string; definition: string; enabled: boolean }[]
}

interface Row {
  oid: string
  columns: Column[] | null
  constraints: (ForeignKey & { type: string })[] | null
  indexes: Structure['indexes'] | null
  triggers: Structure['triggers'] | null
}

/**
 * Columns, constraints, indexes and triggers of these tables, by oid. Not those that PostgreSQL makes by itself for others: indexes behind keys,
 * triggers behind foreign keys, NOT NULL as a constraint (PostgreSQL 18). Takes ACCESS SHARE on catalogues.
 */
export async function readStructures(session: Session, oids: readonly string[]): Promise<Map<string, Structure>> {
  if (oids.length === 0) return new Map()
  const rows = await session.query<Row>(structureQuery, [oids])
  return new Map(rows.map((row) => [row.oid, structure(row)]))
}

function structure({ oid, columns, constraints, indexes, triggers }: Row): Structure {
  const of = (type: string) => (constraints ?? []).filter((one) => one.type === type)
  const plain = (type: string) => of(type).map(({ name, columns: on, definition }) => ({ name, columns: on, definition }))
  return {
    oid,
    columns: columns ?? [],
    primaryKey: plain('p')[0] ?? null,
    unique: plain('u'),
    foreignKeys: of('f').map(({ name, columns: on, definition, references }) => ({ name, columns: on, definition, references })),
    checks: plain('c'),
    exclusions: plain('x'),
    indexes: indexes ?? [],
    triggers: triggers ?? [],
  }
}

const structureQuery = `select c.oid::text as oid,
  (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
     'default', pg_get_expr(d.adbin, d.adrelid), 'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
     'generated', case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end, 'comment', col_description(c.oid, a.attnum)) order by a.attnum)
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select json_agg(json_build_object('type', k.contype, 'name', k.conname, 'definition', pg_get_constraintdef(k.oid, true),
     'columns', (select coalesce(json_agg(a.attname order by p.at), '[]') from unnest(k.conkey) with ordinality as p(num, at)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.num),
     'references', case when k.contype = 'f' then json_build_object('schema', fn.nspname, 'table', f.relname,
        'columns', (select json_agg(a.attname order by p.at) from unnest(k.confkey) with ordinality as p(num, at)
          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.num)) end) order by k.conname)
     from pg_constraint k left join pg_class f on f.oid = k.confrelid left join pg_namespace fn on fn.oid = f.relnamespace
     where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x')) as constraints,
  (select json_agg(json_build_object('name', i.relname, 'definition', pg_get_indexdef(x.indexrelid), 'unique', x.indisunique, 'valid', x.indisvalid) order by i.relname)
     from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid
     and not exists (select 1 from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))) as indexes,
  (select json_agg(json_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid, true), 'enabled', t.tgenabled <> 'D') order by t.tgname)
     from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as triggers
from pg_class c where c.oid = any ($1::text[]::oid[])`
