import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { folderOf, shopFiles, skein, sql, stateOf, writeFiles } from './kit.ts'

const workspace = 'services:\n  items: { path: items, table: items_migrations }\n  orders: { path: orders, table: orders_migrations }\n'
const ordersUp = 'create table orders (id bigint primary key);\n'
const files = {
  'skein.yaml': workspace,
  ...shopFiles('items'),
  'orders/000001_create_orders.up.sql': ordersUp,
  'orders/000001_create_orders.down.sql': 'drop table orders;\n',
}

describe.concurrent('plan --json | up --plan -', () => {
  it('runs exactly that plan, once, from a pipe or a file', async () => {
    const { url } = await freshDatabase()
    const folder = folderOf(files)
    const env = { DATABASE_URL: url }
    const one = await skein(folder, ['plan', 'items', '1', '--json'], { env })
    expect(JSON.parse(one.stdout)).toMatchObject({
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      basis: expect.stringMatching(/^[0-9a-f]{64}$/),
      steps: [
        {
          id: 'items@1',
          service: 'items',
          version: '1',
          name: 'create_items',
          direction: 'up',
          transactional: true,
          after: [],
          statements: 1,
        },
      ],
    })
    const ran = await skein(folder, ['up', '--plan', '-'], { env, input: one.stdout })
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('items 1 create_items') })
    const status = await skein(folder, ['status', '--json'], { env })
    expect(JSON.parse(status.stdout)).toMatchObject({ services: [{ current: '1', pending: 1 }, { current: null }] })

    // The same plan again: its state is no more.
    const again = await skein(folder, ['up', '--plan', '-'], { env, input: one.stdout })
    expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/PLAN-CHANGED[^]*next: /) })

    const rest = await skein(folder, ['plan', '--json'], { env })
    writeFileSync(join(folder, 'plan.json'), rest.stdout)
    expect(await skein(folder, ['up', '--plan', 'plan.json'], { env })).toMatchObject({ code: 0 })
    expect(await skein(folder, ['plan', '--check'], { env })).toMatchObject({ code: 0 })
  })

  it.each<[string, (folder: string, url: string) => Promise<unknown> | void]>([
    ['one byte of a file', (folder) => writeFileSync(join(folder, 'orders/000001_create_orders.up.sql'), `${ordersUp} `)],
    [
      'one row of a table of a tool',
      (_folder, url) =>
        sql(
          url,
          'create table orders_migrations (version bigint primary key, dirty boolean not null); insert into orders_migrations values (1, false)',
        ),
    ],
    [
      'one edge',
      (folder) =>
        writeFileSync(join(folder, 'skein.yaml'), workspace.replace('orders_migrations }', 'orders_migrations, needs: [items] }')),
    ],
    [
      'one policy',
      (folder) =>
        writeFileSync(join(folder, 'skein.yaml'), workspace.replace('orders_migrations }', 'orders_migrations, out-of-order: run }')),
    ],
    ['one more file', (folder) => writeFiles(folder, { 'orders/000002_more.up.sql': 'select 1;\n' })],
  ])('refuses after a change of %s, and touches nothing', async (_what, change) => {
    const { url } = await freshDatabase()
    const folder = folderOf(files)
    const env = { DATABASE_URL: url }
    const made = await skein(folder, ['plan', '--json'], { env })
    expect(made).toMatchObject({ code: 0, stderr: '' })
    await change(folder, url)
    const before = await stateOf(url)
    const ran = await skein(folder, ['up', '--plan', '-'], { env, input: made.stdout })
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^PLAN-CHANGED: [^]*next: /) })
    expect(await stateOf(url)).toEqual(before)
  })
})
