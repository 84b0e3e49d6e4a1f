/**
 * Makes typeorm.json beside this file with the real TypeORM, on a server that may be written to: a database called `app` is made and dropped.
 * The tools are those that `node scripts/tools.mjs` installs. For each release: what it sends to make its table, in several schemas and by
 * several names, what the catalogue says then, and the rows after each command.
 *
 *   node make-typeorm.mjs postgres://postgres@127.0.0.1:5432/postgres
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import pg from 'pg'

const [, , server] = process.argv
const here = import.meta.dirname
const catalogueSql = readFileSync(join(here, 'catalogue.sql'), 'utf8')
const url = Object.assign(new URL(server), { pathname: '/app' }).href

/** A migration that notes the advisory keys its runner holds. */
class Second1700000000002 {
  async up(queryRunner) {
    await queryRunner.query('create table seen as select objid from pg_locks where locktype = \'advisory\' and pid = pg_backend_pid()')
  }
  async down(queryRunner) {
    await queryRunner.query('drop table seen')
  }
}

class First {
  name = 'First1700000000001'
  async up() {}
  async down() {}
}

class Late1600000000000 {
  async up() {}
  async down() {}
}

async function observe(typeorm, client) {
  await client.query('create schema app')
  const created = []
  for (const options of [{}, { migrationsTableName: '_jackson_migrations' }, { schema: 'app' }, { migrationsTableName: 'app.History' }]) {
    const sent = await logged(typeorm, options, (executor) => executor.executePendingMigrations())
    created.push({ ...options, sent: sent.filter((text) => text.startsWith('CREATE TABLE')) })
  }
  const { rows: facts } = await client.query(catalogueSql, ['public', ['migrations']])
  const states = []
  const note = async (after, version, direction, migrations, run) => {
    await logged(typeorm, { migrations }, run)
    const { rows } = await client.query('select "timestamp"::text, "name" from migrations order by id')
    states.push({ after, step: { version, direction }, rows })
  }
  const [up, down] = [(executor) => executor.executePendingMigrations(), (executor) => executor.undoLastMigration()]
  await note('run', 'First1700000000001', 'up', [First], up)
  await note('run', 'Second1700000000002', 'up', [Second1700000000002, First], up)
  const { rows: locks } = await client.query('select objid from seen')
  await note('run of one that is older', 'Late1600000000000', 'up', [First, Late1600000000000, Second1700000000002], up)
  await note('revert', 'Late1600000000000', 'down', [First, Late1600000000000, Second1700000000002], down)
  await note('revert', 'Second1700000000002', 'down', [First, Second1700000000002], down)
  return { created, catalogue: facts.map(({ fact }) => fact), locks, states }
}

/** Runs something with a DataSource of its own, and gives what it sent. */
async function logged({ DataSource, MigrationExecutor }, options, work) {
  const sent = []
  const logger = { logQuery: (text) => sent.push(text), logQueryError() {}, logQuerySlow() {}, logSchemaBuild() {}, logMigration() {}, log() {} }
  const dataSource = await new DataSource({ type: 'postgres', url, logging: true, logger, migrations: [Late1600000000000], ...options }).initialize()
  try {
    if (options.migrations === undefined) {
      const runner = dataSource.createQueryRunner()
      await new MigrationExecutor(dataSource, runner).createMigrationsTableIfNotExist(runner)
      await runner.release()
    } else await work(new MigrationExecutor(dataSource))
  } finally {
    await dataSource.destroy()
  }
  return sent
}

async function inDatabase(work) {
  const admin = new pg.Client(server)
  await admin.connect()
  await admin.query('create database app template template0')
  const client = new pg.Client(url)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
    await admin.query('drop database app with (force)')
    await admin.end()
  }
}

const fixture = {}
for (const tool of ['typeorm-0.3', 'typeorm-1']) {
  const folder = join(here, '../../../.tools', tool)
  const require = createRequire(join(folder, 'package.json'))
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/typeorm/package.json'), 'utf8'))
  fixture[version] = await inDatabase((client) => observe(require('typeorm'), client))
}
writeFileSync(join(here, 'typeorm.json'), `${JSON.stringify({ madeBy: 'make-typeorm.mjs', ...fixture }, null, 2)}\n`)
