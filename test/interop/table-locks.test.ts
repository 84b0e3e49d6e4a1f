/** Tools without a lock of their own: while Skein is in a transaction, each waits at its table, and then runs nothing twice. */
import { expect, it } from 'vitest'
import { eventually, skein, story } from '../faults/kit.ts'
import type { ToolInTests } from './real-tools.ts'
import { shop } from './shop.ts'
import { closedGate, slowMigration } from './slow.ts'

const tools: ToolInTests[] = ['goose', 'dbmate', 'diesel', 'typeorm']

it.concurrent.each(tools)('%s', { timeout: 240_000 }, async (name) => {
  const s = await shop(name, 2)
  await s.skein(0, 'up')
  const gate = await closedGate(s)
  const { file, text } = slowMigration(name, gate.waits)
  s.write(file, text)
  const isAtTable = async () =>
    (await s.rows("select 1 from pg_stat_activity where datname = current_database() and wait_event = 'relation'")).length > 0
  const ours = skein(s.made.root, ['up'], { env: { DATABASE_URL: s.url } })
  await eventually(gate.isWaitedFor, 'Skein is in its migration')
  const theirs = s.made.tool.up(s.place).then(() => 'done', String)
  await eventually(isAtTable, 'the tool waits at its table')
  await gate.open()
  const end = await ours.ended
  expect(end.code, story(end)).toBe(0)
  expect(await theirs).toBe('done')
  expect(await s.made.tool.status(s.place)).toEqual({ applied: 3, pending: 0 })
  expect(await s.rows('select count(*)::int as rows from slow')).toEqual([{ rows: 0 }])
  await s.skein(0, 'status', '--check')
})

it('alembic is not kept from beginning; the server stops it at the first object, and nothing of it is left', {
  timeout: 240_000,
}, async () => {
  const s = await shop('alembic', 2)
  await s.skein(0, 'up')
  const gate = await closedGate(s)
  const { file, text } = slowMigration('alembic', gate.waits)
  s.write(file, text)
  const ours = skein(s.made.root, ['up'], { env: { DATABASE_URL: s.url } })
  await eventually(gate.isWaitedFor, 'Skein is in its migration')
  const theirs = s.made.tool.up(s.place).then(() => 'done', String)
  const waits = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
  await eventually(async () => (await s.rows(waits)).length > 0, 'Alembic waits for what Skein has made')
  await gate.open()
  const end = await ours.ended
  expect(end.code, story(end)).toBe(0)
  expect(await theirs).toMatch(/UniqueViolation|DuplicateTable/)
  expect(await s.made.tool.status(s.place)).toEqual({ applied: 3, pending: 0 })
  expect(await s.made.tool.up(s.place)).not.toMatch(/Running upgrade/)
})
