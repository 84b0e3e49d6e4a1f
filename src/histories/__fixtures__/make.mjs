/**
 * Makes the fixtures beside this file with the real tools, on a server that may be written to: a database called `app` is made and dropped.
 *
 *   go install -tags postgres github.com/golang-migrate/migrate/v4/cmd/migrate@v4.19.1      (MIGRATE=…)
 *   go install -tags postgres github.com/golang-migrate/migrate/v4/cmd/migrate@v4.14.1      (MIGRATE_OLD=…, for its lock key)
 *   cargo install diesel_cli --version 2.2.12 --no-default-features --features postgres     (DIESEL=…)
 *   MIGRATE=… MIGRATE_OLD=… DIESEL=… node make.mjs postgres://postgres@127.0.0.1:5432/postgres
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'

const [, , server] = process.argv
const { MIGRATE = 'migrate', MIGRATE_OLD, DIESEL = 'diesel' } = process.env
const here = import.meta.dirname
const catalogueSql = readFileSync(join(here, 'catalogue.sql'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'skein-fixtures-'))
const url = Object.assign(new URL(server), { pathname: '/app', search: '?sslmode=disable' }).href

/** A migration that notes the advisory keys its runner holds. */
const notesLocks = `create table if not exists seen (classid oid, objid oid, objsubid smallint);
insert into seen select classid, objid, objsubid from pg_locks where locktype = 'advisory' and pid = pg_backend_pid();`

try {
  await golangMigrate()
  await diesel()
  await printed('numbered', ['migration_records', 'schema_versions'])
  await printed('stamped', ['schema_migrations'])
} finally {
  rmSync(folder, { recursive: true })
}

async function golangMigrate() {
  const files = join(folder, 'golang')
  put(join(files, '1_a.up.sql'), notesLocks)
  put(join(files, '1_a.down.sql'), 'select 1')
  put(join(files, '02_b.up.sql'), 'create table b ()')
  put(join(files, '02_b.down.sql'), 'drop table b')
  put(join(files, '10_c.up.sql'), 'create table c ()')
  put(join(files, '10_c.down.sql'), 'drop table c')
  const migrate = (...args) => run(MIGRATE, ['-path', files, '-database', url, ...args])
  const table = 'schema_migrations'
  const states = []
  await inDatabase(async (client) => {
    const note = async (after, step, failed = false) => states.push({ after, ...step, ...(failed && { failed }), rows: await rowsOf(client, table) })
    const up = async (version) => { migrate('up', '1'); await note('up 1', { step: { version, direction: 'up' } }) }
    const down = async (version) => { migrate('down', '1'); await note('down 1', { step: { version, direction: 'down' } }) }
    const force = async (version) => { migrate('force', version); await note(`force ${version}`, { force: version }) }
    const failing = async (file, direction, version) => {
      const good = readFileSync(join(files, file))
      put(join(files, file), 'select 1/0')
      migrate(direction, '1')
      put(join(files, file), good)
      await note(`${direction} 1, which fails`, { step: { version, direction } }, true)
    }
    await up('1')
    const locks = { 'v4.19.1': await locksOf(client) }
    const catalogue = await catalogueOf(client, [table])
    await up('2')
    await down('2')
    await up('2')
    await failing('10_c.up.sql', 'up', '10')
    await force('2')
    await up('10')
    await failing('10_c.down.sql', 'down', '10')
    await force('10')
    await down('10')
    await down('2')
    await failing('1_a.down.sql', 'down', '1')
    await force('1')
    await down('1')
    if (MIGRATE_OLD) {
      await client.query('delete from seen')
      run(MIGRATE_OLD, ['-path', files, '-database', url, 'up', '1'])
      locks['v4.14.1'] = await locksOf(client)
    }
    write('golang-migrate', { tool: 'golang-migrate v4.19.1 (command, postgres driver)', catalogue, locks: { database: 'app', schema: 'public', table, keys: locks }, states })
  })
}

async function diesel() {
  const files = join(folder, 'diesel')
  put(join(folder, 'diesel.toml'), '')
  const cli = (...args) => run(DIESEL, ['--database-url', url, '--config-file', join(folder, 'diesel.toml'), 'migration', '--migration-dir', files, ...args])
  const table = '__diesel_schema_migrations'
  const states = []
  await inDatabase(async (client) => {
    const note = async (after, step) => states.push({ after, step, rows: await rowsOf(client, table) })
    const up = async (name, version, body) => {
      put(join(files, name, 'up.sql'), body)
      put(join(files, name, 'down.sql'), 'select 1')
      cli('run')
      await note('run', { version, direction: 'up' })
    }
    await up('2024-01-02-030405_a', '20240102030405', notesLocks)
    const locks = await locksOf(client)
    const catalogue = await catalogueOf(client, [table])
    await up('2024-01-02-030406-0000_b', '202401020304060000', 'create table b ()')
    await up('00000000000000_late', '00000000000000', 'select 1')
    cli('revert')
    await note('revert', { version: '202401020304060000', direction: 'down' })
    cli('revert')
    await note('revert', { version: '20240102030405', direction: 'down' })
    write('diesel', { tool: 'diesel_cli 2.2.12', catalogue, locks: { keys: { '2.2.12': locks } }, states })
  })
}

/** A home-made runner that is known by its printed definitions: these are run as they stand. */
async function printed(name, tables) {
  await inDatabase(async (client) => {
    execFileSync('psql', ['--quiet', '--no-psqlrc', '--set=ON_ERROR_STOP=1', '--dbname', url, '--file', join(here, `${name}.sql`)])
    write(name, { tool: `${name}.sql, run by psql`, catalogue: await catalogueOf(client, tables) })
  })
}

async function inDatabase(work) {
  const admin = new pg.Client(server)
  await admin.connect()
  await admin.query('create database app template template0')
  const client = new pg.Client(url)
  try {
    await client.connect()
    await work(client)
  } finally {
    await client.end()
    await admin.query('drop database app with (force)')
    await admin.end()
  }
}

async function catalogueOf(client, tables) {
  const { rows } = await client.query(catalogueSql, ['public', tables])
  return rows.map(({ fact }) => fact)
}

async function locksOf(client) {
  const { rows } = await client.query('select (classid::bigint << 32 | objid::bigint)::text as key from seen where objsubid = 1 order by 1')
  return rows.map(({ key }) => key)
}

/** Rows as the table has them, everything as text; a time is `now` when it is not older than a minute. */
async function rowsOf(client, table) {
  const { rows } = await client.query(`select to_jsonb(t) as row from ${table} t`)
  const age = (text) => Math.abs(Date.now() - Date.parse(`${text}Z`))
  const plain = ({ row }) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, key === 'run_on' && age(value) < 60_000 ? 'now' : String(value)]))
  return rows.map(plain).sort((a, b) => (a.version < b.version ? -1 : 1))
}

function run(command, args) {
  const { error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error) throw error
  process.stdout.write(`${args.slice(-2).join(' ')}: ${stdout}${stderr}`)
}

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

function write(name, fixture) {
  writeFileSync(join(here, `${name}.json`), `${JSON.stringify({ ...fixture, madeBy: 'make.mjs' }, null, 2)}\n`)
}
