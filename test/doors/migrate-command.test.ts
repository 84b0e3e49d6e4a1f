import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { advisoryLockId } from '../../src/histories/golang-lock-key.ts'
import { connect, freshDatabase, temporaryFolder } from '../server.ts'
import { commands } from '../under-test.ts'
import { type Ended, runMigrate, type HowToRun } from './run-migrate.ts'

const door = join(commands, 'migrate')

/** What docs/guides/migrate-command.md says that golang-migrate does otherwise, or does not have. */
describe('migrate, where it is itself,', () => {
  it('starts from the beginning when the schema was dropped and made again', async () => {
    const { migrate, query } = await place({ '1_a.up.sql': 'create table a ();', '2_b.up.sql': 'create table b ();' })
    await migrate('up')
    await query('drop schema public cascade; create schema public')
    const again = await migrate('up')
    expect([again.code, again.stderr.replace(/\(.*?\)/g, '')]).toEqual([0, '1/u a \n2/u b \n'])
    expect(await query('select version from skein.applied where undone_at is null order by 1')).toEqual([
      { version: '1' },
      { version: '2' },
    ])
  })

  it('does not take back a late file that never ran', async () => {
    const { migrate, query, write } = await place({
      '1_a.up.sql': 'create table a ();',
      '1_a.down.sql': 'drop table a;',
      '3_c.up.sql': 'create table c ();',
      '3_c.down.sql': 'drop table c;',
    })
    await migrate('up')
    write({ '2_b.up.sql': 'create table b ();', '2_b.down.sql': 'drop table b;' })
    expect((await migrate('down', '1')).code).toBe(0)
    expect(await query('select version from schema_migrations')).toEqual([{ version: '1' }])
    expect((await migrate('up')).stderr.replace(/\(.*?\)/g, '')).toBe('2/u b \n3/u c \n')
  })

  it('runs once when it is started five times', async () => {
    const { migrate, query } = await place({ '1_a.up.sql': 'create table a (); select pg_sleep(0.5);', '2_b.up.sql': 'create table b ();' })
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => migrate('up')))
    expect(all.map((one) => one.code)).toEqual([0, 0, 0, 0, 0])
    expect(all.filter((one) => one.stderr === 'no change\n')).toHaveLength(4)
    expect(await query('select version, dirty from schema_migrations')).toEqual([{ version: '2', dirty: false }])
  })

  it('waits for the tool’s own lock, and no longer than it was told', async () => {
    const { options, query, folder, hold } = await place({ '1_a.up.sql': 'create table a ();' })
    const [named] = await query('select current_database() as name')
    // The key that golang-migrate's own command takes.
    const release = await hold(advisoryLockId('public', 'schema_migrations', `/${String(named?.['name'])}`))
    const refused = await runMigrate(door, [...options, '-lock-timeout', '1', 'up'], { cwd: folder })
    await release()
    expect([refused.code, refused.stderr]).toEqual([1, "error: timeout: can't acquire database lock\n"])
    expect((await runMigrate(door, [...options, '-lock-timeout', '5', 'up'], { cwd: folder })).code).toBe(0)
  })

  it('cancels the running migration on Ctrl-C and leaves nothing of it', async () => {
    const { options, query, folder } = await place({
      '1_a.up.sql': 'create table a ();',
      '2_b.up.sql': 'create table b (); select pg_sleep(60);',
    })
    const ended = runMigrate(door, [...options, 'up'], {
      cwd: folder,
      onStart: (child) => child.stderr?.once('data', () => child.kill('SIGINT')),
    })
    expect((await ended).code).toBe(130)
    expect(await query("select version, dirty, to_regclass('b') as b from schema_migrations")).toEqual([
      { version: '1', dirty: false, b: null },
    ])
  })

  it('goes on with a concurrent index that broke off', async () => {
    const { migrate, query } = await place({
      '1_a.up.sql': 'create table a (n int); insert into a values (1), (1);',
      '2_i.up.sql': 'create unique index concurrently a_n on a (n);',
      '2_i.down.sql': 'drop index concurrently a_n;',
    })
    const broken = await migrate('up')
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('migration failed: could not create unique index "a_n"')])
    await query('delete from a where ctid in (select ctid from a limit 1)')
    expect((await migrate('up')).code).toBe(0)
    expect(await query("select indisvalid from pg_index where indexrelid = 'a_n'::regclass")).toEqual([{ indisvalid: true }])
    expect(await query('select version, dirty from schema_migrations')).toEqual([{ version: '2', dirty: false }])
  })

  it('cuts a file where a statement ends, and not at every semicolon', async () => {
    const body =
      "create function f() returns int language plpgsql as $$ begin perform 1; return 2; end; $$;\ncreate table a as select ';' as b;"
    const { folder, url, query } = await place({ '1_a.up.sql': body })
    const done = await runMigrate(door, ['-path', 'migrations', '-database', `${url}&x-multi-statement=true`, 'up'], { cwd: folder })
    expect([done.code, done.stderr]).toEqual([0, expect.stringMatching(/^1\/u a \(.*\)\n$/)])
    expect(await query('select b, f() from a')).toEqual([{ b: ';', f: 2 }])
  })

  it('reads no DATABASE_URL, and no workspace file', async () => {
    const { migrate, write, folder } = await place({ '1_a.up.sql': 'create table a ();' })
    write({ '../skein.yaml': 'nonsense: true' })
    const environment = { DATABASE_URL: 'postgres://elsewhere/x', DB_HOST: 'elsewhere', PGUSER: 'nobody' }
    expect((await migrate({ env: environment, cwd: folder }, 'up')).code).toBe(0)
    const none = await runMigrate(door, ['-path', 'migrations', 'up'], { cwd: folder, env: environment })
    expect(none.stderr).toBe('error: failed to parse scheme from database URL: URL cannot be empty\n')
  })

  it('says no password, whatever is wrong with the URL', async () => {
    const { folder, url } = await place({ '1_a.up.sql': 'select 1/0;' })
    const canary = 'cAnArY-4711'
    const wrong = new URL(url)
    wrong.password = canary
    for (const address of [
      wrong.href,
      `postgres://u:${canary}@127.0.0.1:1/d`,
      `postgres://u:${canary}@127.0.0.1:port/d`,
      `postgres://u:${canary}%zz@h/d`,
      `mysql://u:${canary}@h/d`,
    ]) {
      const { code, stdout, stderr } = await runMigrate(door, ['-path', 'migrations', '-database', address, 'up'], { cwd: folder })
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).not.toContain(canary)
    }
  })

  it('refuses like the tool when the file of the current version is gone', async () => {
    const { migrate, query, folder } = await place({ '1_a.up.sql': 'create table a ();', '1_a.down.sql': 'drop table a;' })
    await migrate('up')
    rmSync(join(folder, 'migrations', '1_a.up.sql'))
    rmSync(join(folder, 'migrations', '1_a.down.sql'))
    expect((await migrate('down', '1')).stderr).toContain(
      'error: no migration found for version 1: read down for version 1 .: file does not exist',
    )
    expect(await query('select version from schema_migrations')).toEqual([{ version: '1' }])
  })
})

async function place(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder()
  const database = await freshDatabase()
  const write = (more: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, 'migrations', name), text)
  }
  mkdirSync(join(folder, 'migrations'))
  write(files)
  const url = `${database.url}${database.url.includes('?') ? '&' : '?'}sslmode=disable`
  const options = ['-path', 'migrations', '-database', url]
  const migrate = (first: string | HowToRun, ...words: string[]): Promise<Ended> =>
    typeof first === 'string'
      ? runMigrate(door, [...options, first, ...words], { cwd: folder })
      : runMigrate(door, [...options, ...words], first)
  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = await connect(database.url)
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  const hold = async (key: bigint) => {
    const client = await connect(database.url)
    await client.query('select pg_advisory_lock($1)', [String(key)])
    return () => client.end()
  }
  return { folder, url, options, migrate, query, write, hold }
}
