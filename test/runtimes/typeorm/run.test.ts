import { describe, expect, test } from 'vitest'
import { failureIn, makeService, migration, type TypeormLine } from './service.ts'

const A = 'Accounts1700000000001'
const B = 'Books1700000000002'
const lines: TypeormLine[] = ['typeorm-0.3', 'typeorm-1']

const only = (up: string) => makeService({ files: { 'src/migrations/a.js': migration(A, up) } })

const two = {
  'src/migrations/1-a.js': migration(A, 'await q.query("create table a (id int)")', 'await q.query("drop table a")'),
  'src/migrations/2-b.js': migration(B, 'await q.query("create table b (id int)")', 'await q.query("drop table b")'),
}

describe.each(lines)('%s', (typeorm) => {
  test('leaves what the real command leaves, up and down', async () => {
    const [ours, theirs] = await Promise.all([makeService({ typeorm, files: two }), makeService({ typeorm, files: two })])
    const child = await ours.start()
    expect(await child.run(ours.step(A))).toEqual({ ok: true, ms: expect.any(Number), atomic: true, recorded: false })
    expect(await child.run(ours.step(B))).toMatchObject({ ok: true })
    theirs.typeorm('migration:run')
    expect(await ours.rows()).toEqual(await theirs.rows())
    const shape = `select column_name, data_type, column_default, is_nullable from information_schema.columns where table_name = 'migrations'
      union all select conname, pg_get_constraintdef(oid), null, null from pg_constraint where conrelid = 'migrations'::regclass order by 1`
    expect(await ours.query(shape)).toEqual(await theirs.query(shape))

    expect(await child.run(ours.step(B, { direction: 'down' }))).toMatchObject({ ok: true, atomic: true })
    theirs.typeorm('migration:revert')
    expect(await ours.rows()).toEqual(await theirs.rows())
    expect(await ours.query(`select to_regclass('b') as b`)).toEqual([{ b: null }])
    expect(ours.typeorm('migration:show')).toContain(`[ ] ${B}`)
  })

  test('tells what there is without connecting', async () => {
    const service = await makeService({
      typeorm,
      files: two,
      datasource: `migrations: ['src/migrations/*.js'], migrationsTableName: 'm', schema: 's'`,
    })
    service.spec.env = { ...service.spec.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    const child = await service.start()
    expect(await child.facts()).toEqual({
      table: 'm',
      schema: 's',
      transaction: 'all',
      migrations: [
        { version: A, file: `${service.folder}/src/migrations/1-a.js` },
        { version: B, file: `${service.folder}/src/migrations/2-b.js` },
      ],
      toolVersion: expect.stringMatching(typeorm === 'typeorm-1' ? /^1\./ : /^0\.3\./),
    })
    expect(failureIn(await child.run(service.step(A)))).toMatchObject({
      stage: 'connect',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    expect(child.backendPid).toBeUndefined()
  })

  test('the ledger is written in the transaction of the migration', async () => {
    const service = await makeService({ typeorm, files: two })
    await service.query('create table ledger (xid text, at text)')
    const child = await service.start()
    const ledger = `insert into ledger values (pg_current_xact_id()::text, 'one'); insert into ledger values (pg_current_xact_id()::text, 'two');`
    expect(await child.run(service.step(A, { ledger }))).toMatchObject({ ok: true, atomic: true, recorded: true })
    expect(await service.query(`select count(distinct xid), count(*) from ledger join migrations m on m.xmin::text = ledger.xid`)).toEqual([
      { count: '2' },
    ])
    expect(failureIn(await child.run(service.step(B, { ledger: 'insert into nowhere values (1);' })))).toMatchObject({
      stage: 'ledger',
      sqlstate: '42P01',
    })
    expect(await service.rows()).toHaveLength(1)
    expect(await service.query(`select to_regclass('b') as b`)).toEqual([{ b: null }])
  })

  test('modes: each, none, and what a class says', async () => {
    const concurrently = 'await q.query("create table if not exists t (id int)"); await q.query("create index concurrently on t (id)")'
    const files = {
      'src/migrations/a.js': migration(A, concurrently, 'await q.query("drop table t")', 'transaction = false'),
      'src/migrations/b.js': migration(B, 'await q.query("create table b ()"); throw new Error("no")', '', 'transaction = true'),
    }
    const each = await makeService({ typeorm, files, datasource: `migrations: ['src/migrations/*.js'], migrationsTransactionMode: 'each'` })
    const child = await each.start()
    expect((await child.facts()).transaction).toBe('each')
    expect(await child.run(each.step(A, { ledger: 'select 1;' }))).toMatchObject({ ok: true, atomic: false, recorded: false })
    expect(await child.run(each.step(A, { direction: 'down' }))).toMatchObject({ ok: true, atomic: false })
    const none = await makeService({ typeorm, files, datasource: `migrations: ['src/migrations/*.js'], migrationsTransactionMode: 'none'` })
    const other = await none.start()
    expect(await other.run(none.step(A))).toMatchObject({ ok: true, atomic: false })
    expect(failureIn(await other.run(none.step(B)))).toMatchObject({ stage: 'migrate', message: 'no' })
    expect(await none.query(`select to_regclass('b') as b`)).toEqual([{ b: null }])
    const all = await makeService({ typeorm, files })
    const last = await all.start()
    expect(failureIn(await last.run(all.step(A)))).toMatchObject({ stage: 'load', name: 'ForbiddenTransactionModeOverrideError' })
    expect((await last.facts()).migrations.map((each) => each.transaction)).toEqual([false, true])
  })

  test('a query that nobody awaited fails the step, in a transaction and without', async () => {
    const body = 'await q.query("create table t (id int)"); q.query("select broken"); await q.query("select 1")'
    const tail = 'const helper = async () => { await q.query("select 1"); await q.query("select broken_later") }; helper()'
    const files = {
      'src/migrations/a.js': migration(A, body),
      'src/migrations/b.js': migration(B, body, '', 'transaction = false'),
      'src/migrations/c.js': migration('Later1700000000003', tail, '', 'transaction = false'),
    }
    const service = await makeService({
      typeorm,
      files,
      datasource: `migrations: ['src/migrations/*.js'], migrationsTransactionMode: 'each'`,
    })
    const child = await service.start()
    const failure = { stage: 'migrate', name: 'QueryFailedError', sqlstate: '42703', statement: 'select broken' }
    expect(failureIn(await child.run(service.step(A)))).toMatchObject({
      ...failure,
      place: { file: 'app/src/migrations/a.js', line: 4, column: 49 },
    })
    expect(await service.query(`select to_regclass('t') as t`)).toEqual([{ t: null }])
    expect(failureIn(await child.run(service.step(B)))).toMatchObject(failure)
    expect(failureIn(await child.run(service.step('Later1700000000003')))).toMatchObject({ ...failure, statement: 'select broken_later' })
    expect(await service.rows()).toEqual([])
  })
})

test('globs of several folders, a class named otherwise than its file, two in a file, a name property', async () => {
  const name = 'Named1700000000005'
  const files = {
    'src/migrations/deep/er/any-name.js': migration(A, '') + migration(B, ''),
    'src/more/x.js': `exports.Short = class Short { constructor() { this.name = '${name}' } async up() {} async down() {} }`,
  }
  const service = await makeService({
    files,
    folders: ['src/migrations', 'src/more'],
    datasource: `migrations: ['src/migrations/**/*.js', __dirname + '/more/*.js']`,
  })
  const child = await service.start()
  expect((await child.facts()).migrations.map((each) => [each.version, each.file?.slice(service.folder.length)])).toEqual([
    [A, '/src/migrations/deep/er/any-name.js'],
    [B, '/src/migrations/deep/er/any-name.js'],
    [name, '/src/more/x.js'],
  ])
  for (const each of [A, B, name]) expect(await child.run(service.step(each))).toMatchObject({ ok: true })
  expect(await service.rows()).toEqual([
    [1, '1700000000001', A],
    [2, '1700000000002', B],
    [3, '1700000000005', name],
  ])
  expect(failureIn(await child.run(service.step('Other1700000000009')))).toMatchObject({
    stage: 'load',
    message: expect.stringMatching(/no migration Other1700000000009: its option migrations, \["src.*",".*"\], leads to 3/),
  })
})

test('classes that the DataSource lists itself', async () => {
  const files = {
    'src/migrations/a.js': migration(A, ''),
    'src/data-source.js': `const { DataSource } = require('typeorm')
const { ${A} } = require('./migrations/a.js')
exports.source = Promise.resolve(new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: [${A}] }))`,
  }
  const service = await makeService({ files })
  const child = await service.start()
  expect((await child.facts()).migrations).toEqual([{ version: A, file: `${service.folder}/src/migrations/a.js` }])
  expect(await child.run(service.step(A))).toMatchObject({ ok: true })
})

test('subscribers, synchronize and the rest of what an application does at its start stay off', async () => {
  const entity = `const { EntitySchema } = require('typeorm')
exports.Thing = new EntitySchema({ name: 'thing', columns: { id: { type: 'uuid', primary: true, generated: 'uuid' } } })`
  const subscriber = `exports.Sub = class Sub { beforeTransactionStart() { throw new Error('subscribed') } }
require('typeorm').EventSubscriber()(exports.Sub)`
  const service = await makeService({
    files: { 'src/migrations/a.js': migration(A, ''), 'src/thing.js': entity, 'src/sub.js': subscriber },
    datasource: `migrations: ['src/migrations/*.js'], entities: ['src/thing.js'], subscribers: ['src/sub.js'],
      synchronize: true, migrationsRun: true, dropSchema: true`,
  })
  await service.query('create table kept ()')
  const child = await service.start()
  expect(await child.run(service.step(A))).toMatchObject({ ok: true })
  expect(
    await service.query(`select to_regclass('kept') is not null as kept, to_regclass('thing') is null as off,
    (select count(*)::int from pg_extension where extname = 'uuid-ossp') as extension`),
  ).toEqual([{ kept: true, off: true, extension: 1 }])
})

test('a migration that commits by itself is not atomic; its row and ours still stand together', async () => {
  const own = 'await q.commitTransaction(); await q.query("create table t (id int)"); await q.query("create index concurrently on t (id)")'
  const service = await makeService({
    files: {
      'src/migrations/a.js': migration(A, own),
      'src/migrations/b.js': migration(B, `${own.replaceAll(' t ', ' u ')}; await q.startTransaction()`),
      'src/migrations/c.js': migration('Raw1700000000003', 'await q.query("commit")'),
    },
  })
  await service.query('create table ledger (xid text)')
  const child = await service.start()
  const ledger = 'insert into ledger values (pg_current_xact_id()::text);'
  expect(await child.run(service.step(A, { ledger }))).toEqual({ ok: true, ms: expect.any(Number), atomic: false, recorded: true })
  expect(await child.run(service.step(B, { ledger }))).toMatchObject({ ok: true, atomic: false, recorded: true })
  expect(await child.run(service.step('Raw1700000000003', { ledger }))).toMatchObject({ ok: true, atomic: false, recorded: true })
  expect(await service.query('select count(*)::int from ledger join migrations m on m.xmin::text = ledger.xid')).toEqual([{ count: 3 }])
})

test('what a migration prints arrives, and the session is as asked', async () => {
  const up =
    'console.log("one\\ntwo"); console.error("three"); await q.query("create table t as select current_setting(\'lock_timeout\') l, current_user u")'
  const service = await makeService({ files: { 'src/migrations/a.js': migration(A, up) } })
  const child = await service.start()
  expect(await child.run(service.step(A, { session: `set lock_timeout = '7s'; set statement_timeout = '1min';` }))).toMatchObject({
    ok: true,
  })
  await child.end()
  expect(service.output.toSorted()).toEqual(['one', 'three', 'two'])
  expect(await service.query('select l from t')).toEqual([{ l: '7s' }])
})

test('a table of that name in another schema is not ours', async () => {
  const service = await makeService({ files: two })
  service.typeorm('migration:run')
  await service.query('create schema app')
  const child = await service.start()
  // b: what the migration makes lies in the new schema too.
  expect(await child.run(service.step(B, { session: 'set search_path = app, public;' }))).toMatchObject({ ok: true })
  expect(await service.rows('app.migrations')).toEqual([[1, '1700000000002', B]])
  expect(await service.rows('public.migrations')).toHaveLength(2)
})

test('a runner that was faster is noticed', async () => {
  const service = await makeService({ files: two })
  service.typeorm('migration:run')
  const child = await service.start()
  expect(failureIn(await child.run(service.step(A)))).toMatchObject({
    name: 'HistoryChanged',
    message: expect.stringContaining('already in migrations'),
  })
})

test('a transaction that a migration left open is closed, or the step fails', async () => {
  const none = await makeService({
    files: {
      'src/migrations/a.js': migration(
        A,
        'await q.query("create table t ()"); await q.startTransaction(); await q.query("create table u ()")',
      ),
    },
    datasource: `migrations: ['src/migrations/*.js'], migrationsTransactionMode: 'none'`,
  })
  expect(failureIn(await (await none.start()).run(none.step(A)))).toMatchObject({ stage: 'migrate', name: 'TransactionLeftOpen' })
  expect(await none.query(`select to_regclass('u') as u`)).toEqual([{ u: null }])
  expect(await none.rows()).toEqual([])
  const nested = await only('await q.startTransaction(); await q.query("create table t ()")')
  expect(await (await nested.start()).run(nested.step(A))).toMatchObject({ ok: true, atomic: true })
  expect(await nested.rows()).toHaveLength(1)
  const released = await only('await q.query("create table t ()"); await q.release()')
  expect(failureIn(await (await released.start()).run(released.step(A)))).toMatchObject({ name: 'QueryRunnerAlreadyReleasedError' })
  expect(await released.query(`select to_regclass('t') as t`)).toEqual([{ t: null }])
})
