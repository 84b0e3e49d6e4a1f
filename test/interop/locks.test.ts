/** Two engines at one database at the same time: one waits for the other, and nobody is killed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { connect, privateServer } from '../server.ts'
import { eventually, serverLog, skein, story } from '../faults/kit.ts'
import { goose } from './real-tools.ts'
import { shop, type Shop } from './shop.ts'

/** Long enough for another process to start, and to be seen waiting, on a busy machine. */
const sleeping = 'select pg_sleep(4)'

const here = 'database = (select oid from pg_database where datname = current_database())'

const isAtWork = async (s: Shop) => {
  const found = await s.rows(
    "select 1 from pg_stat_activity where datname = current_database() and query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()",
  )
  return found.length > 0
}

const running = ({ made, url }: Shop, ...words: string[]) => skein(made.root, words, { env: { DATABASE_URL: url } })

it.concurrent('the real golang-migrate waits for Skein, and then there is nothing to do', async () => {
  const s = await shop('golang-migrate', 2)
  s.write('0003_slow.up.sql', `create table slow (); ${sleeping};\n`)
  await s.skein(0, 'up', '2')
  const ours = running(s, 'up')
  await eventually(() => isAtWork(s), 'Skein is in pg_sleep')
  const theirs = s.migrate(['up'])
  await eventually(
    async () =>
      (await s.rows(`select 1 from pg_locks where locktype = 'advisory' and not granted and ${here}`)).length > 0 && (await isAtWork(s)),
    'golang-migrate waits for its advisory lock',
  )
  const [first, second] = [await ours.ended, await theirs]
  expect(first.code, story(first)).toBe(0)
  expect(second).toEqual({ code: 0, said: 'no change\n' })
})

it.concurrent('the real goose waits at its table for Skein, and runs nothing twice', async () => {
  const s = await shop('goose', 2)
  s.write('0003_slow.sql', `-- +goose Up\ncreate table slow ();\n${sleeping};\n-- +goose Down\ndrop table slow;\n`)
  await s.skein(0, 'up', '2')
  const ours = running(s, 'up')
  await eventually(() => isAtWork(s), 'Skein is in pg_sleep')
  const theirs = goose.say(s.place, 'up')
  await eventually(
    async () =>
      (await s.rows(`select 1 from pg_locks where locktype = 'relation' and not granted and ${here}`)).length > 0 && (await isAtWork(s)),
    'goose waits for its table',
  )
  const first = await ours.ended
  expect(first.code, story(first)).toBe(0)
  expect(await theirs).toMatch(/no migrations to run. current version: 3/)
})

it.concurrent('Skein waits for the real golang-migrate, and names it', async () => {
  const s = await shop('golang-migrate', 2)
  s.write('0003_slow.up.sql', 'create table slow (); select pg_advisory_xact_lock(4242);\n')
  const gate = await connect(s.url)
  await gate.query('select pg_advisory_lock(4242)')
  const theirs = s.migrate(['up'])
  const waiting = () => s.rows<{ pid: number }>(`select pid from pg_locks where locktype = 'advisory' and not granted and ${here}`)
  await eventually(async () => (await waiting()).length > 0, 'golang-migrate is in its migration')
  const [holder] = await waiting()
  const impatient = running(s, 'up', '--no-wait')
  const refused = await impatient.ended
  expect(refused.code, story(refused)).toBe(6)
  expect(refused.stderr).toContain(`pid ${holder?.pid}`)
  const patient = running(s, 'up')
  await patient.until(new RegExp(`waits for golang-migrate.*pid ${holder?.pid}`))
  await gate.end()
  const [first, second] = [await theirs, await patient.ended]
  expect(first.code, first.said).toBe(0)
  expect(second.code, story(second)).toBe(0)
  expect(await s.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 3, dirty: false }])
})

it.concurrent('ten indexes are built beside writers while golang-migrate waits in its lock: no deadlock', {
  timeout: 120_000,
}, async () => {
  const server = await privateServer(18, { deadlock_timeout: '100ms' })
  const s = await shop('golang-migrate', 1, server.url('postgres'))
  for (let n = 10; n < 20; n++) s.write(`00${n}_index.up.sql`, `create index concurrently root_${n} on root (note);\n`)
  await s.skein(0, 'up', '1')
  const reader = await connect(s.url)
  const runner = running(s, 'up')
  const ended = { value: false }
  void runner.ended.then(() => (ended.value = true))
  const readers = (async () => {
    // Each build waits for who has read the table, so that the others have time to come and wait.
    while (!ended.value) {
      await reader.query('begin isolation level repeatable read; select count(*) from root')
      await sleep(300)
      await reader.query('commit')
    }
  })()
  const said: string[] = []
  const isBuilding = async () => (await s.rows("select 1 from pg_stat_activity where query like 'create index concurrently%'")).length > 0
  const migrators = (async () => {
    await eventually(async () => ended.value || (await isBuilding()), 'Skein builds an index')
    while (!ended.value) said.push((await s.migrate(['up'])).said)
  })()
  const end = await runner.ended
  await Promise.all([readers, migrators])
  await reader.end()
  expect(end.code, story(end)).toBe(0)
  expect(said.filter((text) => !/^(?:no change|error: Dirty database version \d+\. Fix and force version\.)\n$/.test(text))).toEqual([])
  expect(serverLog(server)).not.toMatch(/deadlock detected/)
  expect(
    await s.rows("select count(*)::int as good from pg_index where indisvalid and indexrelid::regclass::text like 'root\\_%'"),
  ).toEqual([{ good: 11 }])
  await server.stop('immediate')
})
