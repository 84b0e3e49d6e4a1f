/** Revisions that share a run of env.py, and those that do not: env.py says `env.py begins` each time it runs. */
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  defaultEnv,
  envEnding,
  failure,
  indent,
  makeService,
  online,
  type Revision,
  type TestService,
} from '../../../test/alembic-service.ts'
import type { Runtime } from '../runtime.ts'

const ids = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6']
const said = 'print("env.py begins", flush=True)\n'
const ok = { ok: true, atomic: true, recorded: false }

/** Six revisions, each on the one before; what is not named makes a table. */
function chain(changed: Readonly<Record<string, Revision>> = {}): Record<string, Revision> {
  return Object.fromEntries(ids.map((id, at) => [id, { ...(at === 0 ? {} : { down: ids[at - 1] as string }), ...changed[id] }]))
}

/** How often env.py ran for what `work` does. */
async function runsOf(service: TestService, work: () => Promise<unknown>): Promise<number> {
  const before = service.output.filter((line) => line === 'env.py begins').length
  await work()
  return service.output.filter((line) => line === 'env.py begins').length - before
}

async function runAll(service: TestService, runtime: Runtime, versions: readonly string[] = ids, direction: 'up' | 'down' = 'up') {
  for (const version of versions) expect(await runtime.run(service.step(version, direction)), version).toMatchObject({ ok: true })
}

async function started(revisions: Record<string, Revision>, env: string) {
  const service = await makeService({ revisions, env: said + env })
  return { service, runtime: await service.start() }
}

/** Until the server has so many sessions of the child: one that has ended is seen for a moment more. */
async function sessions(service: TestService, wanted: number): Promise<void> {
  const sql = "select 1 from pg_stat_activity where application_name = 'semi;colon' and datname = current_database()"
  while ((await service.query(sql)).length !== wanted) await sleep(20)
}

/** The env.py above with these lines before and behind the call of run_migrations(), inside the transaction. */
const around = (before: string, behind = '') =>
  envEnding(`        with context.begin_transaction():\n${indent(indent(indent(before)))}            context.run_migrations()\n${behind}`)

describe('revisions that share a run of env.py', () => {
  it.each(['', 'transaction_per_migration=True'])(
    'all but the first, each committed before it is told, up and down (%s)',
    async (configure) => {
      const { service, runtime } = await started(chain(), defaultEnv(configure))
      const runs = await runsOf(service, async () => {
        for (const [at, version] of ids.entries()) {
          expect(await runtime.run(service.step(version))).toEqual({ ...ok, ms: expect.any(Number) })
          expect(await service.heads()).toEqual([version])
          expect(runtime.backendPid).toBeUndefined()
          const child = "from pg_stat_activity where application_name = 'semi;colon' and datname = current_database()"
          if (at === 0) continue
          await sessions(service, 1)
          expect(await service.query(`select state ${child}`)).toEqual(['idle'])
          expect(await service.query(`select locktype from pg_locks where pid in (select pid ${child}) and granted`)).toEqual(['advisory'])
        }
      })
      expect(runs).toBe(2)
      expect(await runsOf(service, () => runAll(service, runtime, ids.toReversed(), 'down'))).toBe(1)
      expect(await service.heads()).toEqual([])
      expect(await service.query("select relname from pg_class where relname like 't\\__%' and relkind = 'r'")).toEqual([])
      await runtime.end()
    },
  )

  it('in an async env.py, over branches and merges, with the rows of the real tool', async () => {
    const revisions = {
      a1: {},
      b1: {},
      a2: { down: 'a1' },
      b2: { down: 'b1', needs: 'a2' },
      c1: { down: ['a2', 'b2'] },
      c2: { down: 'c1' },
    }
    const env = `import asyncio, os
from sqlalchemy.ext.asyncio import create_async_engine
from alembic import context

def work(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine(os.environ["TEST_URL"])
    async with engine.connect() as connection:
        await connection.run_sync(work)
    await engine.dispose()

asyncio.run(main())
`
    const { service, runtime } = await started(revisions, env)
    const rows: string[][] = []
    const runs = await runsOf(service, async () => {
      for (const version of Object.keys(revisions)) {
        expect(await runtime.run(service.step(version))).toMatchObject(ok)
        rows.push(await service.heads())
      }
    })
    expect(runs).toBe(2)
    expect(rows).toEqual([['a1'], ['a1', 'b1'], ['a2', 'b1'], ['b2'], ['c1'], ['c2']])
    await runtime.end()
  })

  it('a failure leaves those before it, its file is named, and the next goes on', async () => {
    const up =
      'import os\nif not os.path.exists("mended"):\n    op.execute("create table half (id int)")\n    op.execute("select * from nowhere")'
    const { service, runtime } = await started(chain({ d4: { up } }), defaultEnv())
    await runAll(service, runtime, ['a1', 'b2', 'c3'])
    expect(failure(await runtime.run(service.step('d4')))).toMatchObject({
      stage: 'migrate',
      sqlstate: '42P01',
      place: { file: 'app/migrations/versions/d4.py', line: 15 },
    })
    expect(await service.heads()).toEqual(['c3'])
    expect(await service.query("select relname from pg_class where relname in ('half', 't_c3')")).toEqual(['t_c3'])
    expect(failure(await runtime.run(service.step('d4')))).toMatchObject({ stage: 'migrate', sqlstate: '42P01' })
    await runtime.end()
    writeFileSync(`${service.root}/app/mended`, '')
    const next = await service.start()
    await runAll(service, next, ['d4', 'e5', 'f6'])
    expect(await service.heads()).toEqual(['f6'])
  })

  it.each(['', 'transaction_per_migration=True'])('a failure of its COMMIT is its own (%s)', async (configure) => {
    const up = `op.execute("create table t_d4 (id int primary key, up int references t_d4 deferrable initially deferred)")
op.execute("insert into t_d4 values (1, 2)")`
    const { service, runtime } = await started(chain({ d4: { up } }), defaultEnv(configure))
    await runAll(service, runtime, ['a1', 'b2', 'c3'])
    expect(failure(await runtime.run(service.step('d4')))).toMatchObject({ stage: 'commit', sqlstate: '23503' })
    expect(await service.heads()).toEqual(['c3'])
  })

  it('env.py comes to its end behind the last one, also when another question comes, or none for a while', async () => {
    const env = `${envEnding(online)}print("env.py ends", flush=True)\n`
    const { service, runtime } = await started(chain(), env)
    const ends = () => service.output.filter((line) => line === 'env.py ends').length
    // What is printed comes on another way than the answers.
    const ended = async (times: number) => {
      while (ends() < times) await sleep(20)
      expect(ends()).toBe(times)
    }
    await runAll(service, runtime, ['a1', 'b2', 'c3'])
    await ended(1)
    expect(await runtime.facts()).toMatchObject({ transaction: 'all' })
    await ended(2)
    await runAll(service, runtime, ['d4'])
    await ended(3)
    await sessions(service, 0)
    await runAll(service, runtime, ['e5', 'f6'])
    expect(ends()).toBe(3)
    await runtime.end()
    await ended(4)
  })

  it('an env.py that fails behind them is heard, and changes nothing of what is committed', async () => {
    const env = `${envEnding(online)}import sys\nif hasattr(sys, "again"):\n    raise RuntimeError("at its end")\nsys.again = 1\n`
    const { service, runtime } = await started(chain(), env)
    await runAll(service, runtime, ['a1', 'b2', 'c3'])
    await runtime.end()
    expect(service.output.join('\n')).toContain('RuntimeError: at its end')
    expect(await service.heads()).toEqual(['c3'])
  })

  it('a connection that is lost between two of them is made anew', async () => {
    const { service, runtime } = await started(chain(), defaultEnv())
    await runAll(service, runtime, ['a1', 'b2', 'c3'])
    await service.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'semi;colon' and datname = current_database()",
    )
    await sessions(service, 0)
    await runAll(service, runtime, ['d4', 'e5', 'f6'])
    expect(await service.heads()).toEqual(['f6'])
  })

  it('the lock of the run is looked for before each, and so are the rows', async () => {
    const { service, runtime } = await started(chain(), defaultEnv())
    await runAll(service, runtime, ['a1', 'b2', 'c3'])
    await service.query("update alembic_version set version_num = 'b2'")
    expect(failure(await runtime.run(service.step('d4')))).toMatchObject({ stage: 'load', message: expect.stringContaining('needs c3') })
    await service.query("update alembic_version set version_num = 'c3'")
    await runAll(service, runtime, ['d4', 'e5'])
    await service.query('select pg_advisory_unlock_all()')
    expect(failure(await runtime.run(service.step('f6')))).toMatchObject({ stage: 'elsewhere' })
    expect(await service.heads()).toEqual(['e5'])
  })

  it('a process that is killed between two of them leaves what was told', async () => {
    const { service, runtime } = await started(chain(), defaultEnv())
    await runAll(service, runtime, ['a1', 'b2', 'c3'])
    process.kill(runtime.pid, 'SIGKILL')
    expect(failure(await runtime.run(service.step('d4')))).toMatchObject({ stage: 'crash' })
    expect(await service.heads()).toEqual(['c3'])
    await runAll(service, await service.start(), ['d4', 'e5', 'f6'])
  })
})

describe('revisions that do not', () => {
  it.each<[string, string]>([
    ['says something in the transaction before them', around('connection.execute(text("set local work_mem = \'8MB\'"))\n')],
    ['says something in the transaction behind them', around('', '            context.execute("insert into ends values (1)")\n')],
    [
      'says something behind the transaction',
      around('', '        connection.execute(text("insert into ends values (1)"))\n        connection.commit()\n'),
    ],
    ['commits by itself', envEnding('        context.run_migrations()\n        connection.commit()\n')],
    [
      'began the transaction by itself',
      defaultEnv().replace('    with engine.connect() as connection:', '    with engine.begin() as connection:'),
    ],
    [
      'holds a key',
      defaultEnv().replace(
        '        context.configure(connection',
        '        connection.execute(text("select pg_advisory_lock(5)"))\n        connection.commit()\n        context.configure(connection',
      ),
    ],
    [
      'has another connection',
      defaultEnv().replace('    with engine.connect()', '    other = engine.connect()\n    with engine.connect()'),
    ],
    ['configures twice', envEnding(`        context.configure(connection=connection)\n${online}`)],
  ])('where env.py %s', async (_, env) => {
    const { service, runtime } = await started(chain(), env)
    await service.query('create table ends (n int)')
    const versions = ids.slice(0, 3)
    const runs = await runsOf(service, async () => {
      for (const version of versions) {
        expect(await runtime.run(service.step(version))).toMatchObject({ ok: true })
        expect(await service.heads()).toEqual([version])
      }
    })
    expect(runs).toBe(3)
    if (env.includes('insert into ends')) expect(await service.query('select n from ends')).toEqual([1, 1, 1])
  })

  it.each<[string, string, boolean]>([
    ['makes a setting', `op.execute("set timezone = 'Asia/Tokyo'")`, false],
    ['makes a setting that is not asked for each time', `op.execute("set cpu_tuple_cost = 1")`, false],
    ['makes a setting of its own', `op.execute("set app.tenant = 'x'")`, false],
    ['makes settings of its transaction', `op.execute("set local lock_timeout = '3s'; set local cpu_tuple_cost = 1")`, true],
    ['takes another role', 'op.execute("set role pg_monitor")\nop.execute("reset role; set session authorization default")', true],
    ['makes a temporary table', 'op.execute("create temporary table x (n int)")', false],
    ['keeps a key', 'op.execute("select pg_advisory_lock(5)")', false],
    ['keeps a key for its transaction', 'op.execute("select pg_advisory_xact_lock(5)")', true],
    ['prepares a statement', 'op.execute("prepare x as select 1")', false],
    ['forgets all statements that are prepared', 'op.execute("deallocate all")', true],
    ['listens', 'op.execute("listen x")', false],
    ['changes what Python keeps of the connection', 'op.get_bind().execution_options(schema_translate_map={"x": "y"})', false],
    ['is not one transaction', 'with op.get_context().autocommit_block():\n    op.execute("select 1")', false],
    ['commits', 'op.get_bind().commit()\nop.execute("create table t_c3 (id int)")', false],
  ])('a revision that %s', async (_, up, shares) => {
    const { service, runtime } = await started(chain({ c3: { up } }), defaultEnv())
    expect(await runsOf(service, () => runAll(service, runtime, ['a1', 'b2', 'c3']))).toBe(2)
    const runs = await runsOf(service, () => runAll(service, runtime, ['d4']))
    expect(runs).toBe(shares ? 0 : 1)
    expect(await runsOf(service, () => runAll(service, runtime, ['e5', 'f6']))).toBeLessThan(2)
    expect(await service.heads()).toEqual(['f6'])
  })

  it('another session, and another direction', async () => {
    const up = 'print(op.get_bind().execute(sa.text("show lock_timeout")).scalar())'
    const { service, runtime } = await started(chain({ c3: { up } }), defaultEnv())
    await runAll(service, runtime, ['a1', 'b2'])
    const other = { ...service.step('c3'), session: "set lock_timeout = '9s';" }
    expect(await runsOf(service, async () => expect(await runtime.run(other)).toMatchObject(ok))).toBe(1)
    expect(service.output).toContain('9s')
    expect(await runsOf(service, async () => void (await runtime.run({ ...other, version: 'd4' })))).toBe(0)
    expect(await runsOf(service, () => runAll(service, runtime, ['d4'], 'down'))).toBe(1)
  })
})
