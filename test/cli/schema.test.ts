import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf } from './kit.ts'

const files = {
  'skein.yaml':
    'services:\n  shop: { path: shop, tool: golang-migrate, table: shop_migrations }\n' +
    '  users: { path: users, tool: golang-migrate, table: users_migrations, aliases: [people] }\n',
  'shop/000001_items.up.sql':
    'create schema shop;\ncreate table shop.items (id int generated always as identity primary key, name text not null, twice int);\n',
  'shop/000002_orders.up.sql':
    'create table shop.orders (id bigserial primary key, item int not null references shop.items on delete cascade, gift int references shop.items,\n  amount numeric(10,2) default 0 check (amount >= 0), code varchar(8) unique);\ncreate table shop."Wéird ""one""" ("a b" int primary key references shop.orders, "50%" text, at timestamptz);\ncomment on column shop.orders.code is \'on the bill | never changed\';\n',
  'shop/000003_change.up.sql':
    'alter table shop.items alter column name type varchar(100), add column price int not null default 1;\nalter table shop.items rename twice to double;\ncreate index by_price on shop.items (price) where price > 1;\ncreate function shop.f() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger touch before update on shop.items for each row execute function shop.f();\n',
  'users/000001_users.up.sql': 'create table users (id int, mail text);\ncreate table items (id int);\n',
}

async function platform() {
  const env = { DATABASE_URL: (await freshDatabase()).url }
  const folder = folderOf(files)
  const skein = (...args: string[]) => inProcess(folder, args, { env })
  expect(await skein('up', '--quiet')).toMatchObject({ code: 0 })
  return skein
}

const named = async (skein: Awaited<ReturnType<typeof platform>>, ...words: string[]) => {
  const { stdout } = await skein('schema', ...words, '--json')
  return (JSON.parse(stdout) as { tables: { schema: string; name: string }[] }).tables.map((one) => `${one.schema}.${one.name}`)
}

describe.concurrent('skein schema', () => {
  it('tells what a table is made of, and which migration made and changed what', async () => {
    const { code, stdout } = await (await platform())('schema', 'shop.items')
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'shop.items  table  made by shop 000001_items, changed by 000003_change',
        '  id      integer                 not null generated always as identity',
        '  name    character varying(100)  not null                               changed by 000003_change',
        '  double  integer                                                        changed by 000003_change',
        '  price   integer                 not null default 1                     added by 000003_change',
        '  keys and constraints',
        '    items_pkey  PRIMARY KEY (id)',
        '  indexes',
        '    by_price  btree (price) WHERE (price > 1)  added by 000003_change',
        '  triggers',
        '    touch  CREATE TRIGGER touch BEFORE UPDATE ON shop.items FOR EACH ROW EXECUTE FUNCTION shop.f()  added by 000003_change',
        '',
      ].join('\n'),
    )
  })

  it('a word is a service where one is called so, else a table; a typo in either is told', async () => {
    const skein = await platform()
    expect(await named(skein, 'shop')).toEqual(['shop.Wéird "one"', 'shop.items', 'shop.orders'])
    expect(await named(skein, 'users')).toEqual(['public.items', 'public.users'])
    expect(await named(skein, 'public.users')).toEqual(['public.users'])
    expect(await named(skein, 'people', 'items')).toEqual(['public.items'])
    expect(await named(skein, 'items', 'shop')).toEqual(['shop.items'])
    expect(await named(skein, 'orders', 'public.items')).toEqual(['public.items', 'shop.orders'])
    expect((await skein('schema', 'oders')).stderr).toMatch(/^USAGE: there is no service and no table oders\n.*did you mean orders\?/)
    expect((await skein('schema', 'peple')).stderr).toMatch(/did you mean people\?/)
    expect((await skein('schema', 'shop', 'nothing_like_it')).stderr).toMatch(/tables here: shop\./)
  })

  it('is JSON with all parts', async () => {
    const skein = await platform()
    const { tables } = JSON.parse((await skein('schema', 'orders', '--format', 'json')).stdout) as { tables: unknown[] }
    expect(tables).toMatchObject([
      {
        schema: 'shop',
        name: 'orders',
        kind: 'table',
        holds: 'data',
        service: 'shop',
        migration: '000002_orders',
        changedBy: [],
        columns: [
          { name: 'id', type: 'bigint', nullable: false, default: expect.stringContaining('nextval'), identity: null, generated: null },
          { name: 'item', madeBy: '000002_orders', changedBy: [] },
          { name: 'gift', nullable: true },
          { name: 'amount', type: 'numeric(10,2)', default: '0' },
          { name: 'code', comment: 'on the bill | never changed' },
        ],
        primaryKey: { name: 'orders_pkey', columns: ['id'], madeBy: '000002_orders' },
        unique: [{ name: 'orders_code_key', columns: ['code'], madeBy: '000002_orders' }],
        foreignKeys: [
          { name: 'orders_gift_fkey', columns: ['gift'], references: { schema: 'shop', table: 'items', columns: ['id'] } },
          { name: 'orders_item_fkey', definition: expect.stringMatching(/ON DELETE CASCADE$/) },
        ],
        checks: [{ name: 'orders_amount_check', definition: expect.stringContaining('amount >= '), madeBy: '000002_orders' }],
        exclusions: [],
        indexes: [],
        triggers: [],
      },
    ])
  })

  it('is a Mermaid diagram, whatever the names', async () => {
    const skein = await platform()
    expect((await skein('schema', 'shop', '--format', 'mermaid')).stdout).toBe(
      [
        'erDiagram',
        '  "shop.Wéird _one_" {',
        '    integer a_b PK, FK "a b"',
        '    text _50_ "50\', null"',
        '    timestamptz at "null"',
        '  }',
        '  "shop.items" {',
        '    integer id PK',
        '    varchar(100) name',
        '    integer double "null"',
        '    integer price',
        '  }',
        '  "shop.orders" {',
        '    bigint id PK',
        '    integer item FK',
        '    integer gift FK "null"',
        '    numeric(10_2) amount "numeric(10,2), null"',
        '    varchar(8) code UK "null"',
        '  }',
        '  "shop.orders" ||--o| "shop.Wéird _one_" : "a b"',
        '  "shop.items" |o--o{ "shop.orders" : "gift"',
        '  "shop.items" ||--o{ "shop.orders" : "item"',
        '',
      ].join('\n'),
    )
  })

  it('is a Mermaid diagram of several databases, whose tables may be called alike', async () => {
    const [one, two] = [await freshDatabase(), await freshDatabase()]
    const folder = folderOf({
      'skein.yaml':
        'services:\n  a: { path: a, tool: golang-migrate, database: "${ONE}" }\n  b: { path: b, tool: golang-migrate, database: "${TWO}" }\n',
      'a/1_a.up.sql':
        'create table users (id int primary key); create table cards (id int primary key, owner int not null references users);\n',
      'b/1_b.up.sql': 'create table users (id int primary key);\n',
    })
    const skein = (...args: string[]) => inProcess(folder, args, { env: { ONE: one.url, TWO: two.url } })
    expect(await skein('schema', '--format', 'markdown')).toMatchObject({ code: 0, stdout: '# Schema\n\nNo tables.\n' })
    expect(await skein('up')).toMatchObject({ code: 0 })
    const [first, second] = [one.url, two.url].map((url) => new URL(url).pathname.slice(1))
    const { stdout } = await skein('schema', '--format', 'mermaid')
    expect(stdout.match(/".*" \{/g)).toEqual([`"${first}.public.cards" {`, `"${first}.public.users" {`, `"${second}.public.users" {`])
    expect(stdout).toContain(`  "${first}.public.users" ||--o{ "${first}.public.cards" : "owner"\n`)
    expect((await skein('schema', 'a', '--format', 'mermaid')).stdout).toContain('  "public.users" ||--o{ "public.cards" : "owner"\n')
  })

  it('is a Markdown page', async () => {
    const { stdout } = await (await platform())('schema', 'orders', '--format', 'markdown')
    expect(stdout).toMatch(/^# Schema\n\n## shop\.orders\n\nTable, made by shop 000002_orders\.\n\n\| column \| type \|/)
    expect(stdout).toMatch(/\n\| code \| character varying\(8\) \| {2}\| on the bill \\\| never changed \|\n/)
    expect(stdout).toMatch(/\n- `orders_item_fkey`: `FOREIGN KEY \(item\) REFERENCES shop\.items\(id\) ON DELETE CASCADE`\n/)
  })
})
