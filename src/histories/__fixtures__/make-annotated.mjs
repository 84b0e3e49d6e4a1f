/**
 * Makes goose.json and dbmate.json beside this file with the real tools, on a server that may be written to: a database called `app` is made and
 * dropped. `node scripts/tools.mjs goose dbmate` installs the tools.
 *
 *   GOOSE=.tools/goose/goose DBMATE=.tools/dbmate/node_modules/@dbmate/linux-x64/bin/dbmate node make-annotated.mjs postgres://postgres@127.0.0.1:5432/postgres
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'

const [, , server] = process.argv
const { GOOSE = 'goose', DBMATE = 'dbmate' } = process.env
const here = import.meta.dirname
const catalogueSql = readFileSync(join(here, 'catalogue.sql'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'skein-fixtures-'))
const url = Object.assign(new URL(server), { pathname: '/app', search: '?sslmode=disable' }).href

/** A migration that notes the advisory keys its runner holds. */
const notesLocks = `create table if not exists seen (classid oid, objid oid, objsubid smallint);
insert into seen select classid, objid, objsubid from pg_locks where locktype = 'advisory' and pid = pg_backend_pid();`
const bodies = [['1', notesLocks], ['02', 'create table if not exists b ();'], ['10', 'create table if not exists c ();']]

try {
  await make('goose', GOOSE, 'goose_db_version', {
    up: (dir) => ['-dir', dir, 'postgres', url, 'up-by-one'],
    down: (dir) => ['-dir', dir, 'postgres', url, 'down'],
    text: (up) => `-- +goose Up\n${up}\n-- +goose Down\nselect 1;\n`,
  })
  await make('dbmate', DBMATE, 'schema_migrations', {
    up: (dir) => ['--no-dump-schema', '-d', dir, '-u', url, 'migrate'],
    down: (dir) => ['--no-dump-schema', '-d', dir, '-u', url, 'rollback'],
    text: (up) => `-- migrate:up\n${up}\n-- migrate:down\nselect 1;\n`,
  })
} finally {
  rmSync(folder, { recursive: true })
}

async function make(name, command, table, { up, down, text }) {
  const files = join(folder, name)
  const states = []
  await inDatabase(async (client) => {
    const note = async (after) => states.push({ after, rows: await rowsOf(client, table) })
    for (const [version, body] of bodies) {
      put(join(files, `${version}_x.sql`), text(body))
      run(command, up(files))
      await note(`up ${version}`)
    }
    const locks = await locksOf(client)
    const catalogue = await catalogueOf(client, [table])
    run(command, down(files))
    await note('down')
    run(command, up(files))
    await note('up again')
    for (const after of ['down', 'down', 'down']) {
      run(command, down(files))
      await note(after)
    }
    const { stdout, stderr } = spawnSync(command, ['--version'], { encoding: 'utf8' })
    const fixture = { tool: `${stdout}${stderr}`.trim(), catalogue, locks, states, madeBy: 'make-annotated.mjs' }
    writeFileSync(join(here, `${name}.json`), `${JSON.stringify(fixture, null, 2)}\n`)
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

/** Rows as the table has them, in its order, without times. */
async function rowsOf(client, table) {
  const { rows } = await client.query(`select to_jsonb(t) - 'tstamp' as row from ${table} t order by 1`)
  return rows.map(({ row }) => row)
}

function run(command, args) {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error) throw error
  process.stdout.write(`${args.at(-1)}: ${stdout}${stderr}`)
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
}

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
