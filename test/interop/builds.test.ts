/** An index is built beside writers while other programs come and wait: nobody is killed by deadlock. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { folderOf, sql } from '../cli/kit.ts'
import { eventually, serverLog } from '../faults/kit.ts'
import { connect, privateServer } from '../server.ts'
import { tool } from '../tools.ts'
import { command } from './command.ts'
import { migrateCommand, plain } from './real-tools.ts'

const times = 50

const each = <T>(make: (n: number) => T): T[] => Array.from({ length: times }, (_, at) => make(at + 1))

/** A table for each build, so that one who writes to it holds up this build alone. Beside it a service of goose. */
function workspace(): string {
  const builds = each((n): [string, string] => [`shop/${n + 1}_index.up.sql`, `create index concurrently i${n} on t${n} (id);\n`])
  const others = each((n): [string, string] => [
    `bar/${n}_row.sql`,
    `-- +goose Up\ncreate table g${n} (id int);\n-- +goose Down\ndrop table g${n};\n`,
  ])
  return folderOf({
    'skein.yaml': 'services: { shop: { path: shop, tool: golang-migrate } }\n',
    'shop/1_tables.up.sql': each((n) => `create table t${n} (id int);\n`).join(''),
    ...Object.fromEntries([...builds, ...others]),
  })
}

it(`${times} times golang-migrate and goose come while Skein builds an index and waits for a writer`, { timeout: 240_000 }, async () => {
  const server = await privateServer(18, { deadlock_timeout: '100ms' })
  const url = server.url('postgres')
  const root = workspace()
  const env = { PATH: process.env.PATH, DATABASE_URL: url }
  const skein = (...words: string[]) => inProcess(root, words, { env })
  expect(await skein('up', '1')).toMatchObject({ code: 0 })
  const look = await connect(url)
  const writers = [await connect(url), await connect(url)] as const
  // It has locked the table but has no snapshot: who comes now is older than the one that the build waits for in the end.
  const holdUp = (n: number) => writers[n % 2]?.query(`begin; lock table t${n} in row exclusive mode`)
  const isThere = async (condition: string) => (await look.query(`select 1 from pg_stat_activity where ${condition}`)).rows.length > 0
  const said: string[] = []

  await holdUp(1)
  const ours = skein('up')
  for (let n = 1; n <= times; n++) {
    await eventually(
      () => isThere(`query like 'create index concurrently i${n} %' and wait_event_type = 'Lock'`),
      `Skein builds index ${n}`,
    )
    const folder = join(root, 'shop')
    const migrate = command(...migrateCommand({ folder, service: folder, url }, ['up']), { cwd: root })
    const goose = command(join(tool('goose'), 'goose'), ['-dir', 'bar', 'postgres', plain(url), 'up-by-one'], { cwd: root })
    const arrived = { value: false }
    void Promise.all([migrate, goose]).then(() => (arrived.value = true))
    await eventually(async () => arrived.value || (await isThere("wait_event = 'advisory'")), 'both have come')
    if (n < times) await holdUp(n + 1)
    await writers[n % 2]?.query('commit')
    said.push((await migrate).said)
    const { code, said: words } = await goose
    expect(code, words).toBe(0)
  }
  const end = await ours
  expect(end.code, end.stderr).toBe(0)
  expect(end.stderr).not.toMatch(/INVALID|again/)
  // The lock is lent: golang-migrate obtains it, and finds its own mark that somebody is at work.
  expect(said).toEqual(each((n) => `error: Dirty database version ${n + 1}. Fix and force version.\n`))
  expect(serverLog(server)).not.toMatch(/deadlock detected/)
  expect(
    await sql(url, "select count(*)::int as good from pg_index where indisvalid and indexrelid::regclass::text ~ '^i[0-9]+$'"),
  ).toEqual([{ good: times }])
  expect(await sql(url, 'select max(version_id)::int as last from goose_db_version')).toEqual([{ last: times }])
  for (const one of [look, ...writers]) await one.end()
  await server.stop('immediate')
})
