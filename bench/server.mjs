import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

/**
 * A server of the benchmark's own with PostgreSQL's stock settings (fsync on): the embedded one of a temporary workspace. `database()` makes a new,
 * empty one; `dropAll()` removes those made so far; `stop()` removes everything.
 */
export async function startServer(skein, workspace) {
  // A variable that names some other server must not get in.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PG|DATABASE_URL|DB_|SKEIN_)/.test(name)))
  const run = (...words) => execFileSync(process.execPath, [skein, 'embedded', ...words], { cwd: workspace, encoding: 'utf8', env })
  const admin = new URL(run('url', 'postgres').trim())
  const made = []
  const client = await connect(admin)
  const { rows } = await client.query(
    `select version(), current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync, current_setting('shared_buffers') as buffers`,
  )
  return {
    about: rows[0],
    env,
    async database(name) {
      await client.query(`create database "${name}" template template0`)
      made.push(name)
      const url = new URL(admin)
      url.pathname = `/${name}`
      return String(url)
    },
    async dropAll() {
      for (const name of made.splice(0)) await client.query(`drop database "${name}" with (force)`)
      await client.query('checkpoint')
    },
    async stop() {
      await client.end()
      run('remove')
      if (existsSync(join(workspace, '.skein'))) await rm(join(workspace, '.skein'), { recursive: true })
    },
  }
}

/** What is in schema public, the history table left out; and the rows of the history table and of the ledger, where there is one. */
export async function count(url) {
  const client = await connect(url)
  try {
    const { rows } = await client.query(`select
      (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migrations') as tables,
      (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relkind = 'i' and relname <> 'schema_migrations_pkey') as indexes,
      (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v') as views,
      (select count(*)::int from pg_proc where pronamespace = 'public'::regnamespace) as functions,
      (select count(*)::int from pg_constraint where connamespace = 'public'::regnamespace and contype = 'f') as "foreignKeys"`)
    return {
      objects: { ...rows[0], rows: await countRows(client) },
      history: await one(client, 'public.schema_migrations', 'select version::int as answer from public.schema_migrations'),
      ledger: await one(client, 'skein.applied', 'select count(*)::int as answer from skein.applied where undone_at is null'),
    }
  } finally {
    await client.end()
  }
}

async function countRows(client) {
  const { rows: tables } = await client.query(
    `select format('%I', relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migrations'`,
  )
  let sum = 0
  for (let at = 0; at < tables.length; at += 100) {
    const parts = tables.slice(at, at + 100).map(({ name }) => `(select count(*) from public.${name})`)
    const { rows } = await client.query(`select (${parts.join(' + ')})::int as sum`)
    sum += rows[0].sum
  }
  return sum
}

async function one(client, table, sql) {
  const { rows } = await client.query('select to_regclass($1) is not null as there', [table])
  return rows[0].there ? ((await client.query(sql)).rows[0]?.answer ?? null) : null
}

async function connect(url) {
  const client = new pg.Client({ connectionString: String(url) })
  client.on('error', () => {})
  await client.connect()
  return client
}
