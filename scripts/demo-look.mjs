import pg from 'pg'

/** Everything of a database that is not PostgreSQL's or the ledger's, by SQL, in the shape of demo-expected.mjs. */
export async function look(url) {
  return withClient(url, async (rows) => {
    const history = {}
    for (const { table } of await rows(historyTables))
      history[table] = (await rows(rowsOf[table] ?? rowsOf.latest(table))).map((row) => row.text)
    return {
      tables: await names(rows, `${relations} where c.relkind in ('r', 'p') and not (c.relname = any ($1))`, [Object.keys(history)]),
      views: await names(rows, `${relations} where c.relkind in ('v', 'm')`),
      enums: await names(
        rows,
        `select t.typname as name, n.nspname as schema from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e'`,
      ),
      functions: await names(
        rows,
        `select distinct p.proname as name, n.nspname as schema from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`,
      ),
      ...(await rows(indexes))[0],
      history,
    }
  })
}

/** Rows of one query. */
export async function ask(url, sql) {
  return withClient(url, (rows) => rows(sql))
}

const ours = `not in ('pg_catalog', 'information_schema', 'pg_toast', 'skein')`
const relations = `select c.relname as name, n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace`

const indexes = `select count(*) filter (where i.indisvalid)::int as indexes, coalesce(string_agg(c.relname, ' ') filter (where not i.indisvalid), '') as invalid
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname ${ours}`

const historyTables = `select c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r'
    and c.relname in ('schema_migrations', 'user_service_schema_migrations', '__diesel_schema_migrations', 'migration_records', 'schema_versions',
      'migrations', 'integration_migrations', 'alembic_version') order by 1`

/** TypeORM's rows in the order in which they were applied. */
const typeormRows = (table) => `select name as text from ${table} order by id`

const rowsOf = {
  __diesel_schema_migrations: `select version as text from __diesel_schema_migrations order by version`,
  migrations: typeormRows('migrations'),
  integration_migrations: typeormRows('integration_migrations'),
  alembic_version: `select version_num as text from alembic_version order by version_num`,
  migration_records: `select service || ' ' || version || ' ' || name as text from migration_records order by service, version`,
  schema_versions: `select service || ' ' || version as text from schema_versions order by service`,
  // golang-migrate's one row, or one for each service and version: told by their columns.
  latest: (table) =>
    `select coalesce(r->>'service' || ' ', '') || (r->>'version') || case r->>'dirty' when 'false' then ' clean' when 'true' then ' dirty' else '' end as text
     from (select to_jsonb(t) as r from ${table} t) as rows order by r->>'service', r->>'version'`,
}

/** Sorted, in one text; those of the schema public without it. */
async function names(rows, sql, values) {
  const found = await rows(`select * from (${sql}) as found where schema ${ours} order by schema collate "C", name collate "C"`, values)
  return found.map(({ schema, name }) => (schema === 'public' ? name : `${schema}.${name}`)).join(' ')
}

async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(async (sql, values) => (await client.query(sql, values)).rows)
  } finally {
    await client.end()
  }
}
