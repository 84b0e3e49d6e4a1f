// The floor: the least that Node can do. Sends the files of a folder, each in a transaction with golang-migrate's row, and nothing else: no lock,
// no look, no parser, no record of its own. Messages are pipelined in batches of 100; commits are synchronous for the last one only.
// Usage: node floor.mjs URL FOLDER up|down
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

const [url, folder, direction] = process.argv.slice(2)
const batch = 100
const names = readdirSync(folder)
  .filter((name) => name.endsWith(`.${direction}.sql`))
  .sort()
if (direction === 'down') names.reverse()

const client = new pg.Client({ connectionString: url, pipeline: true })
await client.connect()
await client.query('create table if not exists schema_migrations (version bigint not null primary key, dirty boolean not null)')
await client.query('set synchronous_commit = off')
for (let from = 0; from < names.length; from += batch) {
  await Promise.all(names.slice(from, from + batch).map((name, at) => client.query(message(name, from + at))))
}
await client.end()

function message(name, at) {
  const row = Number.parseInt(direction === 'up' ? name : (names[at + 1] ?? '0'), 10)
  const insert = row === 0 ? '' : `insert into schema_migrations (version, dirty) values (${row}, false);`
  const flush = at === names.length - 1 ? 'set local synchronous_commit = on;' : ''
  return `begin;${flush}${readFileSync(join(folder, name), 'utf8')}\n;delete from schema_migrations;${insert}commit`
}
