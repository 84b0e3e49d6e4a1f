import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql } from './kit.ts'

async function platform(files: Record<string, string>) {
  const { url } = await freshDatabase()
  const folder = folderOf(files)
  const env = { DATABASE_URL: url }
  const go = async (code: number, ...args: string[]) => {
    const ran = await inProcess(folder, args, { env })
    expect({ args, code: ran.code, said: ran.stdout + ran.stderr }).toEqual({ args, code, said: ran.stdout + ran.stderr })
    return ran
  }
  const things = async () =>
    (
      await sql<{ name: string }>(
        url,
        `select oid::regclass::text as name from pg_class where relnamespace = any (array(select oid from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'skein')))
           and relkind in ('r', 'v', 'm', 'S', 'p') order by 1`,
      )
    ).map((row) => row.name)
  return { url, folder, env, go, things }
}

const rich = `create schema app;
create type mood as enum ('good', 'bad');
create domain short as varchar(10);
create sequence numbers;
create table a (id bigint primary key default nextval('numbers'), feeling mood, word short);
create table b (id bigserial primary key, a_id bigint references a);
alter table a add column b_id bigint references b;
create table app.kept (id int) partition by range (id);
create table app.kept_1 partition of app.kept for values from (0) to (10);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create function all_a() returns setof a language sql begin atomic; select * from a; end;
create trigger touched before update on a for each row execute function touch();
create view good as select * from a where feeling = 'good';
create materialized view counted as select count(*) from good;
create table wrong (id int);
alter table wrong rename to right_name;
create table short_lived (id int);
drop table short_lived;
`

describe.concurrent('drop', () => {
  it('asks, shows, drops dependants first with rows of table and ledger; what is not its own stays', async () => {
    const p = await platform({
      'skein.yaml': 'services: { shop: { path: migrations, tool: golang-migrate } }\n',
      'migrations/000001_all.up.sql': rich,
      'migrations/000001_all.down.sql': 'select 1;\n',
    })
    await p.go(0, 'up')
    await sql(p.url, 'create table by_hand (id int); create table short_lived (id int); insert into a (feeling) values ($$good$$)')
    const before = await p.things()
    expect((await p.go(2, 'drop')).stderr).toMatch(/^CONFIRM-NEEDED: /)
    const dry = (await p.go(0, 'drop', '--dry-run')).stdout
    expect(dry).toMatch(/^-- shop in .*: \d+ objects, 1 migration\n-- stays: table public\.by_hand\n/)
    expect(await p.things()).toEqual(before)
    const no = await inProcess(p.folder, ['drop', 'shop'], { env: p.env, answers: ['no'] })
    expect(no).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/drop +table +public\.a\n[^]*stays table public\.short_lived[^]*not confirmed/),
    })
    expect(await p.things()).toEqual(before)
    expect((await p.go(0, 'drop', '--yes', '--because', 'test')).stdout).toMatch(
      /^✓ shop \d+ objects dropped, 1 migration recorded as not applied/,
    )
    expect(await p.things()).toEqual(['by_hand', 'schema_migrations', 'short_lived'])
    expect(await sql(p.url, 'select * from schema_migrations')).toEqual([])
    expect(await sql(p.url, "select nspname from pg_namespace where nspname = 'app'")).toEqual([])
    expect(await sql(p.url, "select typname from pg_type where typname in ('mood', 'short')")).toEqual([])
    expect(await sql(p.url, "select what, details ->> 'because' as why from skein.audit order by seq desc limit 1")).toEqual([
      { what: 'drop', why: 'test' },
    ])
    expect(await sql(p.url, 'select undone_kind from skein.applied')).toEqual([{ undone_kind: 'forced' }])
    expect((await p.go(9, 'status', '--check')).stdout).toMatch(/0 applied {2}1 pending/)
    await sql(p.url, 'drop table short_lived')
    await p.go(0, 'up')
    expect(await p.things()).toContain('a')
  }, 60_000)

  it('a foreign key from outside stops it, is named, and goes with --cascade; its table stays', async () => {
    const p = await platform({ ...shopFiles(), 'skein.yaml': 'services: { shop: { path: migrations, tool: numbered } }\n' })
    await p.go(0, 'up')
    await sql(p.url, 'create table orders (id int, item bigint references items); create view cheap as select * from items')
    const { stderr } = await p.go(2, 'drop', '--yes')
    expect(stderr).toMatch(/^USAGE: shop: others use what would go: [^]*constraint orders_item_fkey on table orders[^]*--cascade/)
    expect(stderr).toMatch(/view cheap/)
    expect(await sql(p.url, 'select version from migration_records order by 1')).toEqual([{ version: 1 }, { version: 2 }])
    expect((await p.go(0, 'drop', '--dry-run')).stdout).toMatch(/-- used by .*needs --cascade/)
    await p.go(0, 'drop', '--yes', '--cascade')
    expect(await p.things()).toEqual(['migration_records', 'migration_records_id_seq', 'orders', 'schema_versions'])
    expect(await sql(p.url, 'select * from schema_versions')).toEqual([])
  }, 60_000)

  it('services that need it: NEEDED-BY, unless selected or --with-dependants, and they go first', async () => {
    const files = {
      'skein.yaml':
        'services: { core: { path: core, tool: diesel, table: core_history }, shop: { path: shop, tool: numbered, needs: [core] }, other: { path: other, tool: numbered, needs: [core], table: other_records } }\n',
      'core/20240101000001_a/up.sql': 'create table core_a (id int primary key);',
      'core/20240101000001_a/down.sql': 'drop table core_a;',
      'shop/001_b.up.sql': 'create table shop_b (id int references core_a);',
      'shop/001_b.down.sql': 'drop table shop_b;',
      'other/001_c.up.sql': 'create table other_c (); create table if not exists core_a (id int primary key);',
      'other/001_c.down.sql': 'drop table other_c;',
    }
    const p = await platform(files)
    await p.go(0, 'up', 'core', 'shop')
    expect((await p.go(5, 'drop', 'core', '--yes')).stderr).toMatch(
      /^NEEDED-BY: core cannot be dropped: shop needs it[^]*--with-dependants/,
    )
    const { services } = JSON.parse((await p.go(0, 'drop', 'core', '--yes', '--with-dependants', '--json', '--quiet')).stdout) as {
      services: { service: string }[]
    }
    expect(services).toMatchObject([
      { service: 'shop', drops: [{ kind: 'table', name: 'public.shop_b' }], users: [], versions: ['1'] },
      { service: 'core', drops: [{ kind: 'table', name: 'public.core_a' }], users: [], versions: ['20240101000001'] },
    ])
    await p.go(0, 'up')
    expect((await p.go(0, 'drop', 'other', '--yes')).stdout).toMatch(/1 object dropped[^]*left: table public\.core_a/)
    await p.go(0, 'up')
    await p.go(0, 'drop', '--yes')
    expect((await p.things()).filter((name) => /_[abc]$/.test(name))).toEqual([])
  }, 60_000)

  it('what cannot be read has to be named: --tables, --schema', async () => {
    const p = await platform({ ...shopFiles(), 'skein.yaml': 'services: { shop: { path: migrations, ahead: ok } }\n' })
    await p.go(0, 'up')
    await sql(
      p.url,
      'update schema_migrations set version = 7; create table more (id int); create schema extra; create table extra.one (id int)',
    )
    const { stderr } = await p.go(2, 'drop', '--yes')
    expect(stderr).toMatch(
      /^USAGE: shop: what 7 made cannot be told from it[^]*--tables a,b or --schema public\. The tables in public: items, more/,
    )
    expect((await p.go(2, 'drop', '--yes', '--tables', 'nothing')).stderr).toMatch(
      /there is no table nothing[^]*there are: extra\.one, public\.items, public\.more/,
    )
    expect((await p.go(2, 'drop', '--yes', '--tables', 'a', '--schema', 'b')).stderr).toMatch(/two different things/)
    expect((await p.go(0, 'drop', '--dry-run', '--schema', 'extra')).stdout).toMatch(/drop table if exists extra\.one;/)
    await p.go(0, 'drop', '--yes', '--tables', 'items,extra.one')
    expect(await p.things()).toEqual(['more', 'schema_migrations'])
  }, 60_000)
})
