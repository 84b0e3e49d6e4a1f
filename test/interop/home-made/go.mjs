#!/usr/bin/env node
/**
 * Stands in for `go run` of two platforms' own runners, which are not to be had: what their guides say that they do, and no more. `cmd/migrate/main.go` in a
 * service's folder, for NNN_name.up.sql; `./cmd/migrator -service=S`, for database/migrations/S_service. Neither knows anything of Skein.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import pg from 'pg'

const [, , run, program, ...words] = process.argv
const said = Object.fromEntries(words.map((word) => word.replace(/^--?/, '').split('=')))
const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
if (run !== 'run') throw new Error(`go ${run} is not known here`)

await client.connect()
const runner = program.includes('migrator') ? stamped(said.service) : numbered(basename(process.cwd()))
await client.query(runner.create)
const done = new Set((await client.query(runner.select, [runner.service])).rows.map((row) => String(row.version)))
const files = readdirSync(runner.folder).sort()
const all = files.filter((file) => /[._]up\.sql$/.test(file)).map((file) => ({ file, version: runner.version(file) }))
if (said.action === 'up') for (const one of all.filter(({ version }) => !done.has(version))) await apply(one)
else if (said.action === 'down') await takeBack(all.filter(({ version }) => done.has(version)).at(-1))
for (const { file, version } of all) console.log(`${done.has(version) ? '[X]' : '[ ]'} ${file}`)
await client.end()

async function apply({ file, version }) {
  const text = readFileSync(join(runner.folder, file))
  await client.query('begin')
  await client.query(text.toString('utf8'))
  for (const [statement, values] of runner.add(file, version, createHash('sha256').update(text).digest('hex')))
    await client.query(statement, values)
  await client.query('commit')
  done.add(version)
}

async function takeBack({ file, version }) {
  await client.query('begin')
  await client.query(readFileSync(join(runner.folder, file.replace(/([._])up\.sql$/, '$1down.sql')), 'utf8'))
  for (const [statement, values] of runner.remove(version)) await client.query(statement, values)
  await client.query('commit')
  done.delete(version)
}

function numbered(service) {
  return {
    service,
    folder: 'migrations',
    create: `create table if not exists migration_records (id serial primary key, service varchar not null, version integer not null, name varchar not null,
      applied_at timestamp not null default now(), checksum varchar not null);
      create table if not exists schema_versions (service varchar primary key, version integer not null, applied_at timestamp not null default now(), description varchar)`,
    select: 'select version from migration_records where service = $1',
    version: (file) => String(Number.parseInt(file, 10)),
    add: (file, version, sum) => {
      const name = file.replace(/^\d+_/, '').replace(/[._]up\.sql$/, '')
      return [
        ['insert into migration_records (service, version, name, checksum) values ($1, $2, $3, $4)', [service, version, name, sum]],
        [
          `insert into schema_versions (service, version, description) values ($1, $2, $3)
           on conflict (service) do update set version = excluded.version, description = excluded.description, applied_at = now()`,
          [service, version, name],
        ],
      ]
    },
    remove: (version) => [
      ['delete from migration_records where service = $1 and version = $2', [service, version]],
      [
        `update schema_versions s set version = r.version, description = r.name from (select version, name from migration_records where service = $1 order by version desc limit 1) r where s.service = $1`,
        [service],
      ],
    ],
  }
}

function stamped(name) {
  const service = `${name}_service`
  return {
    service,
    folder: join('database', 'migrations', service),
    create:
      'create table if not exists schema_migrations (version varchar(255) not null, service varchar(255) not null, applied_at timestamp not null default current_timestamp, primary key (version, service))',
    select: 'select version from schema_migrations where service = $1',
    version: (file) => file.replace(/\.up\.sql$/, ''),
    add: (_, version) => [['insert into schema_migrations (version, service) values ($1, $2)', [version, service]]],
    remove: (version) => [['delete from schema_migrations where service = $2 and version = $1', [version, service]]],
  }
}
