import { describe, expect, it } from 'vitest'
import { defaultEnv, failure, makeService, envEnding, indent, online } from '../../../test/alembic-service.ts'

const chain = { a1: {}, b2: { down: 'a1' }, c3: { down: 'b2' } }
const done = (atomic = true) => ({ ok: true, ms: expect.any(Number), atomic, recorded: false })

describe('running revisions one by one', () => {
  it('leaves after each what alembic upgrade leaves, up and down', async () => {
    const ours = await makeService({ revisions: chain })
    const theirs = await makeService({ revisions: chain })
    const runtime = await ours.start()
    for (const version of ['a1', 'b2', 'c3']) {
      expect(await runtime.run(ours.step(version))).toEqual(done())
      theirs.alembic('upgrade', version)
      expect(await ours.heads()).toEqual(await theirs.heads())
    }
    const columns = `select column_name || data_type || coalesce(character_maximum_length::text, '') from information_schema.columns
        where table_schema = 'public' order by 1`
    expect(await ours.query(columns)).toEqual(await theirs.query(columns))
    expect(await ours.query("select conname from pg_constraint where contype = 'p' and connamespace = 'public'::regnamespace")).toEqual([
      'alembic_version_pkc',
    ])
    for (const version of ['c3', 'b2', 'a1']) {
      expect(await runtime.run(ours.step(version, 'down'))).toEqual(done())
      theirs.alembic('downgrade', '-1')
      expect(await ours.heads()).toEqual(await theirs.heads())
    }
    expect(await ours.query("select relname from pg_class where relname like 't\\_%'")).toEqual([])
    await runtime.end()
  })

  it('follows branches, merges, labels and depends_on, with the rows of the real tool', async () => {
    const revisions = {
      aa01: { label: 'core' },
      aa02: { down: 'aa01' },
      aa03: { down: 'aa02' },
      bb01: { label: 'billing' },
      bb02: { down: 'bb01', needs: 'aa02' },
      cc01: { down: ['aa03', 'bb02'] },
    }
    const ours = await makeService({ revisions })
    const theirs = await makeService({ revisions })
    const runtime = await ours.start()
    const rows: string[][] = []
    for (const version of ['aa01', 'aa02', 'bb01', 'bb02', 'aa03', 'cc01']) {
      expect(await runtime.run(ours.step(version))).toEqual(done())
      theirs.alembic('upgrade', version)
      rows.push(await ours.heads())
      expect(rows.at(-1)).toEqual(await theirs.heads())
    }
    expect(rows).toEqual([['aa01'], ['aa02'], ['aa02', 'bb01'], ['bb02'], ['aa03', 'bb02'], ['cc01']])
    for (const version of ['cc01', 'bb02', 'aa03', 'bb01', 'aa02', 'aa01']) {
      expect(await runtime.run(ours.step(version, 'down'))).toEqual(done())
      rows.push(await ours.heads())
    }
    expect(rows.slice(6)).toEqual([['aa03', 'bb02'], ['aa03', 'bb01'], ['aa02', 'bb01'], ['aa02'], ['aa01'], []])
  })

  it('refuses what the table does not allow, and leaves it as it is', async () => {
    const service = await makeService({ revisions: chain })
    const runtime = await service.start()
    expect(failure(await runtime.run(service.step('b2')))).toMatchObject({
      stage: 'load',
      message: 'revision b2 needs a1, which is not applied',
    })
    expect(failure(await runtime.run(service.step('a1', 'down')))).toMatchObject({ stage: 'load', message: 'revision a1 is not applied' })
    expect(await service.query("select relname from pg_class where relname = 'alembic_version'")).toEqual([])
    await runtime.run(service.step('a1'))
    await runtime.run(service.step('b2'))
    expect(failure(await runtime.run(service.step('a1')))).toMatchObject({ stage: 'load', message: 'revision a1 is applied already' })
    expect(failure(await runtime.run(service.step('a1', 'down')))).toMatchObject({
      message: 'revision a1 is needed by b2, which is applied',
    })
    expect(failure(await runtime.run(service.step('zz')))).toMatchObject({ stage: 'load', name: 'CommandError' })
    await service.parent.query("update alembic_version set version_num = 'later'")
    expect(failure(await runtime.run(service.step('c3')))).toMatchObject({ message: "Can't locate revision identified by 'later'" })
    expect(await service.heads()).toEqual(['later'])
  })

  it('sets the session before anything runs and tells the backend and what is printed', async () => {
    const up =
      "asked = \"select current_setting('lock_timeout') || current_setting('application_name')\"\n" +
      'print("saw", op.get_bind().execute(sa.text(asked)).scalar())'
    const service = await makeService({
      revisions: { a1: { up }, b2: { down: 'a1', up: 'with op.get_context().autocommit_block():\n    op.execute("select 1")\n' + up } },
    })
    const runtime = await service.start()
    expect(await runtime.run(service.step('a1'))).toEqual(done())
    expect(service.output).toContain('saw 7ssemi;colon')
    service.output.length = 0
    expect(await runtime.run(service.step('b2'))).toEqual(done(false))
    expect(service.output).toContain('saw 7ssemi;colon')
    expect(runtime.backendPid).toBeUndefined()
  })

  it.each(['', 'transaction_per_migration=True'])('says which revisions are not one transaction (%s)', async (configure) => {
    const revisions = {
      a1: { up: 'op.execute("create table t (id int)")' },
      b2: { down: 'a1', up: 'with op.get_context().autocommit_block():\n    op.execute("create index concurrently i on t (id)")' },
      c3: { down: 'b2', up: 'op.execute("insert into t values (1)")\nop.get_bind().commit()\nop.execute("insert into t values (2)")' },
      d4: { down: 'c3', up: 'with op.get_bind().engine.begin() as other:\n    other.execute(sa.text("insert into t values (3)"))' },
      e5: { down: 'd4', up: 'with op.get_bind().begin_nested():\n    op.execute("insert into t values (4)")' },
      f6: { down: 'e5', up: 'pass' },
    }
    const service = await makeService({ revisions, configure })
    const runtime = await service.start()
    const atomic: unknown[] = []
    for (const version of Object.keys(revisions)) {
      const result = await runtime.run(service.step(version))
      atomic.push(result.ok ? result.atomic : result.failure)
    }
    expect(atomic).toEqual([true, false, false, false, true, true])
    expect(await service.heads()).toEqual(['f6'])
    expect(await service.query('select id from t order by 1')).toEqual([1, 2, 3, 4])
  })

  it('runs an async env.py', async () => {
    const env = `import asyncio, os
from sqlalchemy.ext.asyncio import create_async_engine
from alembic import context

def work(connection):
    context.configure(connection=connection, version_table="async_version")
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine(os.environ["TEST_URL"])
    async with engine.connect() as connection:
        await connection.run_sync(work)
    await engine.dispose()

asyncio.run(main())
`
    const service = await makeService({ revisions: { ...chain, d4: { down: 'c3', up: 'op.execute("select * from nowhere")' } }, env })
    const runtime = await service.start()
    expect(await runtime.facts()).toMatchObject({ table: 'async_version', transaction: 'all' })
    expect(await runtime.run(service.step('a1'))).toEqual(done())
    expect(await runtime.run(service.step('b2'))).toEqual(done())
    expect(await runtime.run(service.step('b2', 'down'))).toEqual(done())
    expect(await service.heads('async_version')).toEqual(['a1'])
    await runtime.run(service.step('b2'))
    await runtime.run(service.step('c3'))
    expect(failure(await runtime.run(service.step('d4')))).toMatchObject({
      stage: 'migrate',
      sqlstate: '42P01',
      place: { file: 'app/migrations/versions/d4.py', line: 12 },
    })
  })

  it('writes the table that env.py names, in its schema', async () => {
    const service = await makeService({ revisions: chain, configure: 'version_table="moves", version_table_schema="own"' })
    await service.parent.query('create schema own')
    const runtime = await service.start()
    expect(await runtime.facts()).toMatchObject({ table: 'moves', schema: 'own' })
    expect(await runtime.run(service.step('a1'))).toEqual(done())
    expect(await service.heads('own.moves')).toEqual(['a1'])
  })

  it('says so when env.py does not commit', async () => {
    const env = defaultEnv().replace(
      '        context.configure(connection',
      '        connection.execute(text("select 1"))\n        context.configure(connection',
    )
    const service = await makeService({ revisions: chain, env })
    const runtime = await service.start()
    expect(failure(await runtime.run(service.step('a1')))).toMatchObject({
      stage: 'commit',
      message: expect.stringContaining('rolled back'),
    })
    expect(await service.query("select relname from pg_class where relname in ('t_a1', 'alembic_version')")).toEqual([])
  })

  it('runs what env.py commits itself, and plug-ins that it imports', async () => {
    const env = defaultEnv('', 'import plugin')
      .replace('        context.configure(connection', '        connection.execute(text("select 1"))\n        context.configure(connection')
      .replace(/(.*context\.run_migrations\(\)\n)$/, '$1        connection.commit()\n')
    const plugin = `from alembic.operations import Operations, MigrateOperation

@Operations.register_operation("make_it")
class MakeIt(MigrateOperation):
    @classmethod
    def make_it(cls, operations):
        return operations.invoke(cls())

@Operations.implementation_for(MakeIt)
def make_it(operations, operation):
    operations.execute("create table made (id int)")
`
    const service = await makeService({ revisions: { a1: { up: 'op.make_it()' } }, env, files: { 'plugin.py': plugin } })
    const runtime = await service.start()
    expect(await runtime.run(service.step('a1'))).toEqual(done())
    expect(await service.heads()).toEqual(['a1'])
    expect(await service.query("select relname from pg_class where relname = 'made'")).toEqual(['made'])
  })

  it('runs an env.py that does several schemas, or tries again', async () => {
    const configure = '        context.configure(connection=connection, version_table_schema=schema)\n'
    const several = envEnding(`        for schema in ("one", "two"):\n${indent(configure + online)}`)
    const up = `op.execute("create table if not exists t (schema text)")
op.execute(f"insert into t values ('{op.get_context().version_table_schema}')")`
    const service = await makeService({ revisions: { a1: { up } }, env: several })
    await service.parent.query('create schema one; create schema two')
    const runtime = await service.start()
    expect(await runtime.run(service.step('a1'))).toEqual(done(false))
    expect(await service.query('select schema from t order by 1')).toEqual(['one', 'two'])
    expect([await service.heads('one.alembic_version'), await service.heads('two.alembic_version')]).toEqual([['a1'], ['a1']])

    const again = envEnding(
      `        try:\n${indent(online)}        except Exception:\n            connection.rollback()\n${indent(online)}`,
    )
    const first = 'import os\nif "SECOND" not in os.environ:\n    os.environ["SECOND"] = "1"\n    raise ValueError("first time")'
    const retried = await makeService({ revisions: { a1: { up: first } }, env: again })
    // The first attempt was rolled back, but that is not sure enough to say that all is in one transaction.
    expect(await (await retried.start()).run(retried.step('a1'))).toEqual(done(false))
  })

  it('tells what the server refuses before the revision', async () => {
    const service = await makeService({ revisions: chain })
    await service.parent.query('drop role if exists alembic_reader; create role alembic_reader')
    const runtime = await service.start()
    const result = await runtime.run({ ...service.step('a1'), session: 'set role alembic_reader;' })
    expect(failure(result)).toMatchObject({ stage: 'migrate', sqlstate: '42501', place: { file: 'app/migrations/env.py' } })
  })
})
