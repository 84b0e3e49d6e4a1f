/** Skein is killed in the middle: each real tool finds a state that it knows, and whoever comes next goes on. */
import { expect, it } from 'vitest'
import { eventually, skein as started } from '../faults/kit.ts'
import { connect } from '../server.ts'
import type { ToolInTests } from './real-tools.ts'
import { shop, type Shop } from './shop.ts'
import { slowMigration } from './slow.ts'

const isWaiting = async (s: Shop) =>
  (await s.rows("select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'")).length > 0

const tools: ToolInTests[] = ['golang-migrate', 'goose', 'dbmate', 'diesel', 'typeorm', 'alembic']

it.concurrent.each(tools)(
  '%s: killed in a transaction, nothing of it is there, and the tool runs it',
  {
    timeout: 240_000,
  },
  async (name) => {
    const s = await shop(name, 2)
    await s.skein(0, 'up')
    const { file, text } = slowMigration(name, 'select pg_advisory_xact_lock(4242)')
    s.write(file, text)
    const gate = await connect(s.url)
    await gate.query('select pg_advisory_lock(4242)')
    const ours = started(s.made.root, ['up'], { env: { DATABASE_URL: s.url } })
    await eventually(() => isWaiting(s), 'Skein is in the migration')
    ours.child.kill('SIGKILL')
    await ours.ended
    await eventually(async () => !(await isWaiting(s)), 'the server noticed that nobody is there')
    await gate.end()
    expect(await s.made.tool.status(s.place)).toEqual({ applied: 2, pending: 1 })
    await s.made.tool.up(s.place)
    expect(await s.made.tool.status(s.place)).toEqual({ applied: 3, pending: 0 })
    expect(await s.skein(0, 'up')).toMatch(/nothing to do/)
    await s.skein(0, 'status', '--check')
  },
)

const building: [ToolInTests, file: string, text: string][] = [
  [
    'goose',
    '0002_index.sql',
    '-- +goose NO TRANSACTION\n-- +goose Up\ncreate index concurrently root_note on root (note);\n-- +goose Down\ndrop index concurrently root_note;\n',
  ],
  [
    'dbmate',
    '20240101000002_index.sql',
    '-- migrate:up transaction:false\ncreate index concurrently root_note on root (note);\n-- migrate:down transaction:false\ndrop index concurrently root_note;\n',
  ],
]

it.concurrent.each(building)(
  '%s: killed while an index is built, the tool calls it pending, and Skein ends what it began',
  {
    timeout: 240_000,
  },
  async (name, file, text) => {
    const s = await shop(name, 1)
    await s.skein(0, 'up')
    s.write(file, text)
    const reader = await connect(s.url)
    await reader.query('begin; lock table root in row exclusive mode')
    const ours = started(s.made.root, ['up'], { env: { DATABASE_URL: s.url } })
    const isBuilding = async () =>
      (
        await s.rows(
          "select 1 from pg_stat_activity where datname = current_database() and query like 'create index concurrently%' and state = 'active'",
        )
      ).length > 0
    await eventually(isBuilding, 'Skein builds the index')
    ours.child.kill('SIGKILL')
    await ours.ended
    expect(await s.made.tool.status(s.place)).toEqual({ applied: 1, pending: 1 })
    await eventually(async () => !(await isBuilding()), 'the server noticed that nobody is there')
    await reader.query('rollback')
    await reader.end()
    await expect(s.made.tool.up(s.place)).rejects.toThrow(/relation "root_note" already exists/)
    await s.skein(0, 'up')
    expect(await s.rows("select indisvalid from pg_index where indexrelid = 'root_note'::regclass")).toEqual([{ indisvalid: true }])
    expect(await s.made.tool.status(s.place)).toEqual({ applied: 2, pending: 0 })
    await s.made.tool.down(s.place, 1)
    expect(await s.made.tool.status(s.place)).toEqual({ applied: 1, pending: 1 })
  },
)
