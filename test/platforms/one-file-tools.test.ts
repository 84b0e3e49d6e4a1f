import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, freshDatabase, majors } from '../server.ts'
import { failed, workspace, type Workspace } from '../execute/workspace.ts'
import { tool } from '../tools.ts'

const major = Math.max(...majors())

const goose = {
  'goose/00001_create_users.sql':
    '-- +goose Up\ncreate table users (id bigint primary key, name text not null);\n-- +goose Down\ndrop table users;\n',
  'goose/00002_touch.sql': [
    '-- +goose Up',
    'alter table users add column touched_at timestamptz;',
    '-- +goose StatementBegin',
    'create function touch() returns trigger language plpgsql as $$',
    'begin',
    '  new.touched_at := now(); return new;',
    'end',
    '$$',
    '-- +goose StatementEnd',
    'create trigger touch before update on users for each row execute function touch();',
    '-- +goose Down',
    'drop trigger touch on users;',
    'drop function touch();',
    'alter table users drop column touched_at;',
    '',
  ].join('\r\n'),
  'goose/00003_indexes.sql': `-- +goose NO TRANSACTION
-- +goose Up
create index concurrently users_name on users (name);
create index concurrently users_touched on users (touched_at);
-- +goose Down
drop index concurrently users_touched;
drop index concurrently users_name;
`,
  'goose/00010_first_user.sql': "-- +goose Up\ninsert into users (id, name) values (1, 'é');\n-- +goose Down\ndelete from users;\n",
}

const dbmate = {
  'dbmate/20240101_create_orders.sql': '-- migrate:up\ncreate table orders (id bigint primary key);\n-- migrate:down\ndrop table orders;\n',
  'dbmate/20240102_count.sql':
    '-- migrate:up\r\ncreate function total() returns bigint language sql as $$ select count(*) from orders; $$;\r\n-- migrate:down\r\ndrop function total();\r\n',
  'dbmate/20240103_index.sql':
    '-- migrate:up transaction:false\ncreate index concurrently orders_id on orders (id);\n-- migrate:down transaction:false\ndrop index concurrently orders_id;\n',
  'dbmate/20240104_vacuum.sql': '-- migrate:up transaction:false\nvacuum orders;\n-- migrate:down\nanalyze orders;\n',
}

const yaml = 'services:\n  users: { path: goose }\n  orders: { path: dbmate }\n'

async function open(files: Record<string, string | Buffer>): Promise<Workspace> {
  const w = await workspace(major, files)
  onTestFinished(() => w.end())
  return w
}

interface Said {
  code: number | null
  text: string
}

function say(command: string, args: readonly string[], folder: string): Said {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' })
  return { code: status, text: `${stdout}${stderr}` }
}

const runGoose = (w: Workspace, verb: string, url = w.database.url) =>
  say(join(tool('goose'), 'goose'), ['-dir', 'goose', 'postgres', withoutTls(url), verb], w.folder)

function runDbmate(w: Workspace, verb: string, url = w.database.url): Said {
  const packages = join(tool('dbmate'), 'node_modules', '@dbmate')
  const [platform = ''] = readdirSync(packages)
  return say(join(packages, platform, 'bin', 'dbmate'), ['--no-dump-schema', '-d', 'dbmate', '-u', withoutTls(url), verb], w.folder)
}

function withoutTls(url: string): string {
  return Object.assign(new URL(url), { search: '?sslmode=disable' }).href
}

/** The numbers of migrations that the tools call pending. */
function pending(w: Workspace): string[] {
  const [ofGoose, ofDbmate] = [runGoose(w, 'status'), runDbmate(w, 'status')]
  expect([ofGoose.code, ofDbmate.code]).toEqual([0, 0])
  return [
    ...[...ofGoose.text.matchAll(/Pending\s+-- (\d+)/g)].map((match) => match[1] ?? ''),
    ...[...ofDbmate.text.matchAll(/\[ \] (\d+)/g)].map((match) => match[1] ?? ''),
  ]
}

/** Both tables without times and ids, in the order of goose's ids, and what else is there. */
async function state(url: string): Promise<string[]> {
  const client = await connect(url)
  try {
    const { rows } = await client.query<{ line: string }>(
      `select line from (
         select 1 as part, row_number() over (order by id) as at, format('goose %s %s', version_id, is_applied) as line from goose_db_version
         union all select 2, row_number() over (order by version), format('dbmate %s', version) from schema_migrations
         union all select 3, row_number() over (order by relname), format('%s %s', relname, relkind) from pg_class
           where relnamespace = 'public'::regnamespace and relname !~ '_pkey$'
         union all select 4, row_number() over (order by proname), format('%s %s', proname, md5(prosrc)) from pg_proc where pronamespace = 'public'::regnamespace
       ) lines order by part, at`,
    )
    return rows.map((row) => row.line)
  } finally {
    await client.end()
  }
}

describe('goose and dbmate: up and down in one file', () => {
  it('one begins, the other goes on, and the tables are those of the tools alone', async () => {
    const w = await open({ 'skein.yaml': yaml, ...goose, ...dbmate })
    const alone = await freshDatabase(major)
    expect(runGoose(w, 'up', alone.url).code).toBe(0)
    expect(runDbmate(w, 'up', alone.url).code).toBe(0)

    expect((await w.outcome({ count: 2 })).sort()).toEqual(['orders@20240101 done', 'orders@20240102 done', 'users@1 done', 'users@2 done'])
    expect(pending(w)).toEqual(['00003', '00010', '20240103', '20240104'])
    runGoose(w, 'up')
    runDbmate(w, 'up')
    expect(pending(w)).toEqual([])
    expect(await state(w.database.url)).toEqual(await state(alone.url))

    expect(await w.outcome({ verb: 'down', services: ['users'], count: 2 })).toEqual(['users@10:down done', 'users@3:down done'])
    expect(await w.outcome({ verb: 'down', services: ['orders'], count: 3 })).toEqual([
      'orders@20240104:down done',
      'orders@20240103:down done',
      'orders@20240102:down done',
    ])
    for (const verb of ['down', 'down']) runGoose(w, verb, alone.url)
    for (const verb of ['down', 'down', 'down']) runDbmate(w, verb, alone.url)
    expect(await state(w.database.url)).toEqual(await state(alone.url))
    expect(pending(w)).toEqual(['00003', '00010', '20240102', '20240103', '20240104'])

    expect(runGoose(w, 'down').text).toMatch(/OK\s+00002_touch\.sql/)
    expect(runDbmate(w, 'rollback').text).toMatch(/Rolled back: 20240101/)
    expect(await w.outcome()).toEqual(expect.arrayContaining(['users@2 done', 'users@3 done', 'users@10 done', 'orders@20240104 done']))
    for (const verb of ['down']) runGoose(w, verb, alone.url)
    runDbmate(w, 'rollback', alone.url)
    runGoose(w, 'up', alone.url)
    runDbmate(w, 'up', alone.url)
    expect(await state(w.database.url)).toEqual(await state(alone.url))
    await alone.drop()
  })

  it('what is marked by hand is what the tools see, in the table that an old goose left, too', async () => {
    const w = await open({ 'skein.yaml': yaml, ...goose, ...dbmate })
    await w.rows(
      'create table goose_db_version (id serial primary key, version_id bigint not null, is_applied boolean not null, tstamp timestamp default now())',
    )
    await w.rows('insert into goose_db_version (version_id, is_applied) values (0, true), (1, true), (1, false)')
    expect(await w.outcome({ count: 1 })).toEqual(expect.arrayContaining(['users@1 done', 'orders@20240101 done']))
    await w.mark('users', '2', 'applied')
    await w.mark('orders', '20240102', 'applied')
    expect(pending(w)).toEqual(['00003', '00010', '20240103', '20240104'])
    await w.mark('users', '2', 'not-applied')
    await w.mark('orders', '20240102', 'not-applied')
    expect(pending(w)).toEqual(['00002', '00003', '00010', '20240102', '20240103', '20240104'])
    expect(runGoose(w, 'up').code).toBe(0)
    expect(await w.outcome({ services: ['orders'] })).toHaveLength(3)
    expect(pending(w)).toEqual([])
    const { services } = await w.status()
    expect(services.map((one) => one.pending)).toEqual([0, 0])
  })

  it('says the line of the whole file when an up or a down fails', async () => {
    const w = await open({
      'goose/00001_a.sql': '-- a\n\n-- +goose Up\nselect 1;\n  select nothing;\n-- +goose Down\nselect 1;\n',
      'dbmate/1_a.sql': '-- migrate:up\nselect 1;\n\n-- migrate:down\nselect 1;\n    select nothing;\n',
      'skein.yaml': yaml,
    })
    const ofGoose = failed(await w.run({ services: ['users'] }))
    expect(ofGoose.error.place).toMatchObject({ file: 'goose/00001_a.sql', line: 5, column: 10 })
    expect(await w.outcome({ services: ['orders'] })).toEqual(['orders@1 done'])
    const ofDbmate = failed(await w.run({ verb: 'down', services: ['orders'], count: 1 }))
    expect(ofDbmate.error.place).toMatchObject({ file: 'dbmate/1_a.sql', line: 6, column: 12 })
    expect(await w.rows('select version from schema_migrations')).toEqual([{ version: '1' }])
  })

  it('NO TRANSACTION: each statement is a transaction, and the next run goes on behind those that are done', async () => {
    const text = (last: string) =>
      `-- +goose NO TRANSACTION\n-- +goose Up\ncreate table a (id int);\ninsert into a values (1);\ncreate index concurrently a_id on a (id);\n${last}\n`
    const w = await open({ 'skein.yaml': 'services: { users: { path: goose } }\n', 'goose/00001_a.sql': text('select nothing;') })
    const { error } = failed(await w.run())
    expect(error.place).toMatchObject({ file: 'goose/00001_a.sql', line: 6, column: 8 })
    expect(error.message).toContain('3 of 4 statements are done and stay done')
    w.write({ 'goose/00001_a.sql': text('select 1;') })
    expect(await w.outcome()).toEqual(['users@1 done'])
    expect(await w.rows('select count(*)::int as rows from a')).toEqual([{ rows: 1 }])
    expect(runGoose(w, 'version').text).toMatch(/version 1/)
  })

  it('a change of the down is no changed migration, a change of the up is', async () => {
    const w = await open({ 'skein.yaml': 'services: { users: { path: goose } }\n', ...goose })
    await w.run()
    w.write({
      'goose/00001_create_users.sql': goose['goose/00001_create_users.sql'].replace('drop table users', 'drop table if exists users'),
    })
    expect(await w.outcome()).toEqual([])
    w.write({ 'goose/00001_create_users.sql': goose['goose/00001_create_users.sql'].replace('name text', 'name varchar') })
    expect(await w.outcome()).toEqual(['CHANGED'])
  })

  it('cannot run in a transaction: says what the tool’s own annotation is', async () => {
    const w = await open({
      'skein.yaml': yaml,
      'goose/00001_a.sql': '-- +goose Up\nvacuum pg_class;\n-- +goose Down\n',
      'dbmate/1_a.sql': '-- migrate:up\nvacuum pg_class;\n-- migrate:down\n',
    })
    expect(failed(await w.run({ services: ['users'] })).error.hint).toContain('-- +goose NO TRANSACTION')
    expect(failed(await w.run({ services: ['orders'] })).error.hint).toContain('transaction:false')
  })

  it.each([
    ['an empty file', '', /must start with '-- \+goose Up'/],
    ['a BOM', '\ufeff-- +goose Up\nselect 1;\n', /unexpected state 0/],
    ['ENVSUB', '-- +goose ENVSUB ON\n-- +goose Up\nselect ${A};\n', /ENVSUB ON puts the environment/],
  ])('refuses %s before anything runs', async (_, text, message) => {
    const w = await open({ 'skein.yaml': 'services: { users: { path: goose, tool: goose } }\n', 'goose/00001_a.sql': text })
    await expect(w.run()).rejects.toThrow(message)
    expect(await w.rows(`select to_regclass('goose_db_version') as made`)).toEqual([{ made: null }])
  })

  it('says where a NUL is, and records nothing', async () => {
    const text = '-- a\n-- +goose Up\nselect 1; -- \0\n-- +goose Down\n'
    const w = await open({ 'skein.yaml': 'services: { users: { path: goose } }\n', 'goose/00001_a.sql': text })
    const { error } = failed(await w.run())
    expect(error.place).toMatchObject({ file: 'goose/00001_a.sql', line: 3, column: 14 })
    expect(runGoose(w, 'version').text).toMatch(/version 0/)
  })

  it('names a migration in Go, and what can be done', async () => {
    const w = await open({ 'skein.yaml': yaml, ...goose, ...dbmate, 'goose/00004_seed.go': 'package migrations\n' })
    await expect(w.run()).rejects.toThrow(/goose\/00004_seed\.go is a migration in Go/)
  })

  it('refuses a dbmate service whose table is golang-migrate’s', async () => {
    const w = await open({ 'skein.yaml': 'services: { orders: { path: dbmate } }\n', ...dbmate })
    await w.rows('create table schema_migrations (version bigint primary key, dirty boolean not null)')
    expect(await w.outcome()).toEqual(['TABLE-FOREIGN'])
  })
})
