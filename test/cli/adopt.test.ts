import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql } from './kit.ts'

/** What golang-migrate leaves behind after the two migrations of shopFiles. */
const shopDone = `create table schema_migrations (version bigint not null primary key, dirty boolean not null);
insert into schema_migrations values (2, false);
create table items (id bigint primary key, name text not null, price numeric not null default 0);`

/** A workspace `shop` (golang-migrate) and `wallet` (diesel, a schema of its own) in one database. */
async function platform(text = shopDone) {
  const { url } = await freshDatabase()
  const root = folderOf({
    ...shopFiles('shop/migrations'),
    'shop/migrations/000003_add_index.up.sql': 'create index items_name on items (name);',
    'wallet/migrations/2024-01-01-000000_create_wallets/up.sql': 'create table wallet.wallets (id int primary key);',
    'skein.yaml': `database: "${url}"
services:
  shop: { path: shop/migrations }
  wallet: { path: wallet/migrations, table: wallet.__diesel_schema_migrations }
`,
  })
  await sql(
    url,
    `${text}; create schema wallet; create table wallet.wallets (id int primary key);
     create table wallet.__diesel_schema_migrations (version varchar(50) primary key, run_on timestamp not null default current_timestamp);
     insert into wallet.__diesel_schema_migrations values ('20240101000000', '2024-01-02T03:04:05')`,
  )
  return { root, url, adopted: async () => (await sql(url, 'select version, kind from skein.applied order by 1')).map(Object.values) }
}

describe.concurrent('skein adopt', () => {
  it('shows per service what it read, asks for each on a terminal, and adopts those with a yes', async () => {
    const { root, adopted } = await platform()
    const ran = await inProcess(root, ['adopt'], { answers: ['y', 'n'] })
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ shop recorded as applied: 1, 2 .+\n$/) })
    expect(ran.stderr).toMatch(
      new RegExp(
        [
          '^shop golang-migrate .+',
          '  table    public.schema_migrations \\(version, dirty\\), 1 row',
          '  applied  2 of 3 files: 000001_create_items … 000002_add_price \\(1 because it is below the version in the table\\)',
          '  pending  000003_add_index',
          '  there    1 of 1 table, 1 of 1 column, of what the applied files make',
          '  adopt    2 versions, recorded as applied in the ledger; public.schema_migrations stays as it is',
          'wallet diesel .+',
          '  table    wallet.__diesel_schema_migrations \\(version, run_on\\), 1 row',
        ].join('\n'),
      ),
    )
    expect(await adopted()).toEqual([
      ['1', 'assumed'],
      ['2', 'adopted'],
    ])
    // Running it again goes on with what is left.
    const again = await inProcess(root, ['adopt'], { answers: ['yes'] })
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ wallet recorded as applied: 20240101000000 /) })
    expect(again.stderr).toContain('  adopt    nothing: the ledger says the same\n')
    expect(await adopted()).toHaveLength(3)
  })

  it('writes nothing when every answer is no', async () => {
    const { root, url } = await platform()
    expect(await inProcess(root, ['adopt'], { answers: ['n', ''] })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('CONFIRM-NEEDED: not confirmed; nothing was done'),
    })
    expect(await sql(url, "select 1 from pg_namespace where nspname = 'skein'")).toEqual([])
  })

  it('asks nothing without a terminal or with --yes; --quiet says only what was recorded', async () => {
    for (const how of [{}, { answers: [] }]) {
      const { root, adopted } = await platform()
      const ran = await inProcess(root, ['adopt', '--yes', '--quiet'], how)
      expect(ran).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^✓ shop [^]*✓ wallet /) })
      expect(await adopted()).toHaveLength(3)
    }
    const { root } = await platform()
    expect(await inProcess(root, ['adopt', 'shop'])).toMatchObject({ code: 0, stderr: expect.stringContaining('  applied  2 of 3 files') })
  })

  it('gives the evidence as JSON, and writes nothing in a dry run', async () => {
    const { root, url } = await platform()
    const ran = await inProcess(root, ['adopt', 'shop', '--dry-run', '--json'])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ran.stdout)).toEqual({
      edits: [{ service: 'shop', database: expect.any(String), added: ['1', '2'], removed: [] }],
      sql: expect.any(Array),
      exit: 0,
      evidence: [
        {
          service: 'shop',
          tool: 'golang-migrate',
          database: expect.any(String),
          table: { schema: 'public', name: 'schema_migrations', columns: ['version', 'dirty'], rows: 1 },
          matched: ['000001_create_items', '000002_add_price'],
          assumed: 1,
          unknown: [],
          pending: ['000003_add_index'],
          made: [
            { kind: 'table', name: 'items', there: true },
            { kind: 'column', name: 'items.price', there: true },
          ],
          unread: [],
          doubts: [],
          add: ['1', '2'],
          remove: [],
        },
      ],
    })
    const shown = await inProcess(root, ['adopt', '--dry-run'], { answers: [] })
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^begin;$/m), stderr: expect.stringContaining('wallet diesel') })
    expect(await sql(url, "select 1 from pg_namespace where nspname = 'skein'")).toEqual([])
  })

  it('says what speaks against it', async () => {
    const lost = await platform(`${shopDone} drop table items; create table items (id int); create index items_name on items (id)`)
    const said = (await inProcess(lost.root, ['adopt', 'shop', '--dry-run'])).stderr
    expect(said).toContain('  there    1 of 1 table, 0 of 1 column, of what the applied files make\n')
    expect(said).toContain('  doubt    1 thing that the applied files make is not there: column items.price. Somebody dropped them by hand')
    expect(said).toContain(
      '  doubt    000003_add_index is pending, and everything that it makes is there: if it was run by hand, skein mark shop VERSION --applied\n',
    )
    const broke = await platform(shopDone.replace('(2, false)', '(2, true)'))
    expect((await inProcess(broke.root, ['adopt', 'shop', '--dry-run'])).stderr).toContain(
      '  doubt    public.schema_migrations says that 2 broke off',
    )
  })

  it('where the table is not there, says where it may be, or that the schema was made otherwise', async () => {
    const renamed = await platform(`${shopDone} alter table schema_migrations rename to shop_history`)
    expect((await inProcess(renamed.root, ['adopt', 'shop'])).stderr).toContain(
      '  doubt    public.schema_migrations is not there; public.shop_history has its columns: say table: public.shop_history if that is it\n',
    )
    const made = await platform(`${shopDone} drop table schema_migrations`)
    expect((await inProcess(made.root, ['adopt', 'shop'])).stderr).toContain(
      '  doubt    public.schema_migrations is not there, but all that 000001_create_items, 000002_add_price would make is: skein baseline shop VERSION',
    )
    const empty = await platform('select 1')
    expect((await inProcess(empty.root, ['adopt', 'shop'])).stderr).toContain('nothing was run here yet, and there is nothing to adopt')
  })

  it('names files that changed since they were applied, where the table keeps sums', async () => {
    const { url } = await freshDatabase()
    const root = folderOf({
      'chat/migrations/001_chat_up.sql': 'create table chat (id int);',
      'chat/migrations/002_more_up.sql': 'select 1;',
    })
    const env = { DATABASE_URL: url, MIGRATION_DIR: 'chat/migrations' }
    expect(await inProcess(root, ['up'], { env })).toMatchObject({ code: 0 })
    await sql(url, 'drop schema skein cascade')
    expect((await inProcess(root, ['adopt', '--dry-run'], { env })).stderr).not.toContain('doubt')
    writeFileSync(join(root, 'chat/migrations/001_chat_up.sql'), 'create table chat (id bigint);')
    expect((await inProcess(root, ['adopt', '--dry-run'], { env })).stderr).toMatch(
      / {2}doubt {4}1 file changed since they were applied, by the sums in \S+: 001_chat/,
    )
  })
})
