/** What real tools leave when they break off, and what Skein leaves: either explains the other's state, and there is a way out. */
import type { ChildProcess } from 'node:child_process'
import { expect, it } from 'vitest'
import { eventually, skein as started } from '../faults/kit.ts'
import { connect } from '../server.ts'
import { alembicPython } from '../tools.ts'
import { alembic, goose } from './real-tools.ts'
import { shop } from './shop.ts'

const because = ['--because', 'looked at it']
const row = 'select version::int, dirty from schema_migrations'

it.concurrent('golang-migrate failed on its way up: nothing of it is there', async () => {
  const s = await shop('golang-migrate', 2)
  s.write('0003_bad.up.sql', 'create table bad (); select nothing;\n')
  s.write('0003_bad.down.sql', 'drop table bad;\n')
  expect((await s.migrate(['up'])).code).toBe(1)
  expect(await s.rows(row)).toEqual([{ version: 3, dirty: true }])
  expect(await s.skein(0, 'status')).toMatch(/dirty/)
  expect(await s.skein(7, 'up')).toMatch(/^DIRTY: app: golang-migrate's table says 3, dirty/)
  const shown = await s.skein(7, 'repair')
  expect(shown).toMatch(/golang-migrate's table says 3, dirty: a migration broke off, and it was not skein's/)
  expect(shown).toMatch(/nothing that 0003_bad makes is there: table bad/)
  await s.skein(0, 'repair', 'app', '3', '--choose', 'mark-not-applied', ...because)
  s.write('0003_bad.up.sql', 'create table bad ();\n')
  expect((await s.migrate(['up'])).said).toMatch(/^3\/u bad/)
  expect(await s.skein(0, 'up')).toMatch(/nothing to do/)
})

it.concurrent('golang-migrate failed on its way down: the row names the version below, and the one above is still there', async () => {
  const s = await shop('golang-migrate', 3)
  s.write('0003_step.down.sql', 'drop table nothing_here;\n')
  await s.skein(0, 'up')
  expect((await s.migrate(['down', '1'])).code).toBe(1)
  expect(await s.rows(row)).toEqual([{ version: 2, dirty: true }])
  const shown = await s.skein(7, 'repair')
  expect(shown).toMatch(/it was an up of 2 that broke off, or a down of 3/)
  expect(shown).toMatch(/0003_step makes is there: table t3/)
  await s.skein(0, 'repair', 'app', '3', '--choose', 'force', ...because)
  s.write('0003_step.down.sql', 'drop table t3;\ndrop function f3();\n')
  expect(await s.migrate(['version'])).toEqual({ code: 0, said: '3\n' })
  expect((await s.migrate(['down', '1'])).said).toMatch(/^3\/d step/)
  await s.skein(0, 'up')
})

it.concurrent('golang-migrate was killed, and its server went on without it: the whole migration is there', async () => {
  const s = await shop('golang-migrate', 1)
  s.write('0002_slow.up.sql', 'create table slow (id int); select pg_advisory_xact_lock(4242);\n')
  const gate = await connect(s.url)
  await gate.query('select pg_advisory_lock(4242)')
  let child: ChildProcess | undefined
  const killed = s.migrate(['up'], (one) => (child = one))
  const isAtWork = async () =>
    (
      await s.rows(
        "select 1 from pg_stat_activity where datname = current_database() and query like '%slow%4242%' and pid <> pg_backend_pid()",
      )
    ).length > 0
  await eventually(isAtWork, 'golang-migrate is in its migration')
  child?.kill('SIGKILL')
  await killed
  const waiting = started(s.made.root, ['up', '--no-wait'], { env: { DATABASE_URL: s.url } })
  expect((await waiting.ended).code).toBe(6)
  await gate.end()
  await eventually(async () => !(await isAtWork()), 'the server noticed that nobody is there')
  const shown = await s.skein(7, 'repair')
  expect(shown).toMatch(/0002_slow makes is there: table slow/)
  await s.skein(0, 'repair', 'app', '2', '--choose', 'mark-applied', ...because)
  expect(await s.migrate(['version'])).toEqual({ code: 0, said: '2\n' })
  expect(await s.migrate(['up'])).toEqual({ code: 0, said: 'no change\n' })
})

it.concurrent('a head that nobody has: Alembic stops at every word, Skein leads back', { timeout: 120_000 }, async () => {
  const s = await shop('alembic', 2)
  const real = alembic(alembicPython())
  await s.skein(0, 'up')
  await s.rows("update alembic_version set version_num = 'zz99'")
  await expect(real.say(s.place, 'current')).rejects.toThrow(/Can't locate revision identified by 'zz99'/)
  expect(await s.skein(7, 'repair')).toMatch(
    /the database has zz99, newer than all files here[^]*alembic_version has it; the ledger never saw it/,
  )
  await s.skein(0, 'repair', 'app', 'zz99', '--choose', 'mark-not-applied', ...because)
  expect(await s.skein(0, 'repair')).toBe('nothing is broken in 1 service\n')
  expect(await real.say(s.place, 'current')).toMatch(/a0002 \(head\)/)
  await s.skein(0, 'down', '1', '--yes')
  await real.up(s.place)
  expect(await s.skein(0, 'up')).toMatch(/nothing to do/)
})

it.concurrent('a row of goose removed by hand: Skein says what each side has, and goose goes on', async () => {
  const s = await shop('goose', 4)
  await s.skein(0, 'up')
  await s.rows('delete from goose_db_version where version_id = 2')
  expect((await goose.status(s.place)).pending).toBe(1)
  const shown = await s.skein(7, 'repair')
  expect(shown).toMatch(/only in the ledger: 2 \(executed/)
  await s.skein(0, 'repair', 'app', '--choose', 'follow-ledger', ...because)
  expect(await goose.status(s.place)).toEqual({ applied: 4, pending: 0 })
  expect(await goose.say(s.place, 'up')).toMatch(/no migrations to run/)
})

it.concurrent('Skein was killed while it built an index: golang-migrate finds the state that it calls dirty, and Skein goes on', async () => {
  const s = await shop('golang-migrate', 1)
  s.write('0002_index.up.sql', 'create index concurrently root_note on root (note);\n')
  s.write('0002_index.down.sql', 'drop index concurrently root_note;\n')
  await s.skein(0, 'up', '1')
  const reader = await connect(s.url)
  await reader.query('begin; select count(*) from root; lock table root in row exclusive mode')
  const runner = started(s.made.root, ['up'], { env: { DATABASE_URL: s.url } })
  const isBuilding = async () =>
    (await s.rows("select 1 from pg_stat_activity where datname = current_database() and query like 'create index concurrently%'")).length >
    0
  await eventually(isBuilding, 'Skein builds the index')
  runner.child.kill('SIGKILL')
  await runner.ended
  expect(await s.migrate(['version'])).toEqual({ code: 0, said: '2 (dirty)\n' })
  expect(await s.migrate(['up'])).toEqual({ code: 1, said: 'error: Dirty database version 2. Fix and force version.\n' })
  await reader.query('rollback')
  await reader.end()
  await eventually(async () => !(await isBuilding()), 'the server is done with the index')
  await s.skein(0, 'up')
  expect(await s.migrate(['version'])).toEqual({ code: 0, said: '2\n' })
  expect(await s.rows("select indisvalid from pg_index where indexrelid = 'root_note'::regclass")).toEqual([{ indisvalid: true }])
  expect((await s.migrate(['down', '1'])).said).toMatch(/^2\/d index/)
})
