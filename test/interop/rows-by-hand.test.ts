/** Rows that a person wrote into a tool's table: what the tool makes of them, what Skein says, and the way out that both agree on afterwards. */
import { expect, it } from 'vitest'
import type { ToolInTests } from './real-tools.ts'
import { type Shop, shop } from './shop.ts'

const because = ['--because', 'looked at it']

interface Hand {
  tool: ToolInTests
  what: string
  sql: string
  /** What the tool itself calls applied then, of three. */
  applied: number
  /** What `skein repair` says. */
  says: RegExp
  /** Words of Skein, or SQL that it printed. */
  out: readonly string[] | string | ((s: Shop) => Promise<unknown>)
  /** What was written back is now the tool's newest row, which it takes back first: not the greatest version. */
  newest?: true
}

const follow = ['repair', 'app', '--choose', 'follow-ledger', ...because]
const forget = (version: string) => ['repair', 'app', version, '--choose', 'mark-not-applied', ...because]

const hands: Hand[] = [
  {
    tool: 'golang-migrate',
    what: 'a second row',
    sql: 'insert into schema_migrations values (2, false)',
    applied: 3,
    says: /^HISTORY-BROKEN: golang-migrate keeps one row, and there are 2: 3, 2\n {2}next: [^]*migrate force VERSION/,
    out: (s) => s.migrate(['force', '3']),
  },
  {
    tool: 'golang-migrate',
    what: 'a version that no file has',
    sql: 'update schema_migrations set version = 77',
    applied: 3,
    says: /the database has 77, newer than all files here[^]*schema_migrations has it; the ledger never saw it/,
    out: forget('77'),
  },
  {
    tool: 'dbmate',
    what: 'a version that no file has',
    sql: "insert into schema_migrations values ('20990101000000')",
    applied: 3,
    says: /schema_migrations has it; the ledger never saw it/,
    out: forget('20990101000000'),
  },
  {
    tool: 'diesel',
    what: 'a row gone',
    sql: "delete from __diesel_schema_migrations where version = '20240101000002'",
    applied: 2,
    says: /only in the ledger: 20240101000002 \(executed/,
    out: follow,
  },
  {
    tool: 'typeorm',
    what: 'a row gone',
    sql: 'delete from migrations where id = 2',
    applied: 2,
    says: /only in the ledger: Step21700000000002 \(executed/,
    out: follow,
    newest: true,
  },
  {
    tool: 'goose',
    what: 'a newer row that says no',
    sql: 'insert into goose_db_version (version_id, is_applied) values (2, false)',
    applied: 2,
    says: /only in the ledger: 2 \(executed/,
    out: follow,
    newest: true,
  },
  {
    tool: 'goose',
    what: 'the row of version 0 gone',
    sql: 'delete from goose_db_version where version_id = 0',
    applied: 3,
    says: /^HISTORY-BROKEN: the row of version 0 is missing[^]*put it back: insert into goose_db_version \(id, version_id, is_applied\) select coalesce\(min\(id\), 2\) - 1, 0, true from goose_db_version/,
    // As the message says it: behind the others goose would take it for where it stands.
    out: 'insert into goose_db_version (id, version_id, is_applied) select coalesce(min(id), 2) - 1, 0, true from goose_db_version',
  },
]

it.concurrent.each(hands.map((one) => [one.tool, one.what, one] as const))('%s, %s', { timeout: 240_000 }, async (name, _what, hand) => {
  const s = await shop(name, 3)
  await s.skein(0, 'up')
  await s.rows(hand.sql)
  expect(await s.made.tool.status(s.place)).toEqual({ applied: hand.applied, pending: 3 - hand.applied })
  expect(await s.skein(7, 'repair')).toMatch(hand.says)
  if (typeof hand.out === 'string') await s.rows(hand.out)
  else if (typeof hand.out === 'function') await hand.out(s)
  else await s.skein(0, ...hand.out)
  expect(await s.skein(0, 'repair')).toBe('nothing is broken in 1 service\n')
  expect(await s.made.tool.status(s.place)).toEqual({ applied: 3, pending: 0 })
  await s.made.tool.up(s.place)
  await s.made.tool.down(s.place, 1)
  if (hand.newest === true) {
    expect(await s.skein(7, 'up')).toMatch(/^REVERTED: /)
    await s.skein(0, 'adopt', '--yes')
  }
  expect(await s.skein(0, 'up')).toMatch(/1 migration applied/)
  expect(await s.made.tool.status(s.place)).toEqual({ applied: 3, pending: 0 })
})

it('alembic, a row below the head: Alembic stops at it, to Skein it says nothing new, and `force` writes the head alone', async () => {
  const s = await shop('alembic', 2)
  const { tool } = s.made
  await s.skein(0, 'up')
  await s.rows("insert into alembic_version values ('a0001')")
  await expect(tool.up(s.place)).rejects.toThrow(/Requested revision a0002 overlaps with other requested revisions a0001/)
  expect(await s.skein(0, 'up')).toMatch(/nothing to do/)
  await s.skein(0, 'force', 'app', 'a0002', ...because, '--yes')
  expect(await s.rows('select version_num from alembic_version')).toEqual([{ version_num: 'a0002' }])
  await tool.up(s.place)
})
