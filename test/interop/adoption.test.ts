/** A platform is adopted while its tools are at work: what was begun is gone on with, and nothing is run twice. */
import { expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { folderOf, sql } from '../cli/kit.ts'
import { eventually } from '../faults/kit.ts'
import { connect, freshDatabase } from '../server.ts'
import { command } from './command.ts'
import { golangMigrate, goose, migrateCommand } from './real-tools.ts'
import { join } from 'node:path'

const pair = (n: number, more = '') => ({
  [`shop/${n}_t.up.sql`]: `create table s${n} (id int);${more}\n`,
  [`shop/${n}_t.down.sql`]: `drop table s${n};\n`,
})
const whole = (n: number) => ({ [`bar/${n}_t.sql`]: `-- +goose Up\ncreate table b${n} (id int);\n-- +goose Down\ndrop table b${n};\n` })

it.concurrent('half of it is adopted when golang-migrate comes in between: the other half follows, and both tools agree', async () => {
  const root = folderOf({
    'skein.yaml': 'services: { bar: { path: bar }, shop: { path: shop } }\n',
    ...pair(1),
    ...pair(2),
    ...pair(3, ' select pg_advisory_xact_lock(4242);'),
    ...whole(1),
    ...whole(2),
    ...whole(3),
  })
  const { url } = await freshDatabase()
  const at = (folder: string) => ({ folder: join(root, folder), service: root, url })
  const skein = (...words: string[]) => inProcess(root, words, { env: { PATH: process.env.PATH, DATABASE_URL: url } })
  await golangMigrate().up(at('shop'), 2)
  await goose.up(at('bar'), 2)

  const gate = await connect(url)
  await gate.query('select pg_advisory_lock(4242)')
  const theirs = command(...migrateCommand(at('shop'), ['up']), { cwd: root })
  const inIt =
    "select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())"
  await eventually(async () => (await sql(url, inIt)).length > 0, 'golang-migrate is in its migration')
  const half = await skein('adopt', '--yes', '--no-wait')
  expect(half, half.stderr).toMatchObject({ code: 6 })
  expect(await skein('adopt', 'bar', '--yes')).toMatchObject({ code: 0 })
  const kinds = () =>
    sql(url, 'select h.service, a.version, a.kind from skein.applied a join skein.history h on h.id = a.history order by 1, 2').catch(
      String,
    )
  expect(await kinds()).toEqual([
    { service: 'bar', version: '1', kind: 'adopted' },
    { service: 'bar', version: '2', kind: 'adopted' },
  ])
  await gate.end()
  expect((await theirs).code, (await theirs).said).toBe(0)

  expect(await skein('adopt', '--yes')).toMatchObject({ code: 0 })
  const ended = await skein('up')
  expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 migration applied/) })
  expect(await golangMigrate().status(at('shop'))).toEqual({ applied: 3, pending: 0 })
  expect(await goose.status(at('bar'))).toEqual({ applied: 3, pending: 0 })
  expect(await kinds()).toEqual([
    { service: 'bar', version: '1', kind: 'adopted' },
    { service: 'bar', version: '2', kind: 'adopted' },
    { service: 'bar', version: '3', kind: 'executed' },
    ...['1', '2', '3'].map((version) => ({ service: 'shop', version, kind: version === '3' ? 'adopted' : 'assumed' })),
  ])
  expect(await skein('down', '--all', '--yes')).toMatchObject({ code: 0 })
  expect(await golangMigrate().status(at('shop'))).toEqual({ applied: 0, pending: 3 })
  expect(await goose.status(at('bar'))).toEqual({ applied: 0, pending: 3 })
})
