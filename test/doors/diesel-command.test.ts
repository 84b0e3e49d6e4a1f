import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { skein, writeFiles } from '../cli/kit.ts'
import { connect, freshDatabase, temporaryFolder } from '../server.ts'

/** What docs/guides/diesel-command.md says that diesel does otherwise, or does not have: one test for each line of its table. */
describe('skein as diesel, where it is itself,', () => {
  it('keeps a ledger, and looks without writing', async () => {
    const { diesel, query } = await place(migration('2024_a', 'create table a ();'))
    expect((await diesel('migration', 'list')).stdout).toBe('Migrations:\n  [ ] 2024_a\n')
    expect(await query("select to_regclass('__diesel_schema_migrations') as there")).toEqual([{ there: null }])
    await diesel('migration', 'run')
    expect(await query('select version, tool from skein.applied join skein.history on history.id = applied.history')).toHaveLength(1)
  })

  it('runs once when it is started three times', async () => {
    const { diesel } = await place(migration('2024_a', 'create table a (); select pg_sleep(0.3);'))
    const all = await Promise.all([1, 2, 3].map(() => diesel('migration', 'run')))
    expect(all.map(({ code, stderr }) => [code, stderr])).toEqual([1, 2, 3].map(() => [0, '']))
    expect(all.filter(({ stdout }) => stdout === 'Running migration 2024_a\n')).toHaveLength(1)
  })

  it('goes on with a concurrent index that broke off', async () => {
    const { diesel, query } = await place({
      ...migration('2024_a', 'create table a (n int); insert into a values (1), (1);'),
      ...migration('2025_i', 'create unique index concurrently a_n on a (n);'),
      'migrations/2025_i/metadata.toml': 'run_in_transaction = false\n',
    })
    const broken = await diesel('migration', 'run')
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringContaining('Failed to run 2025_i with: could not create unique index "a_n"'),
    ])
    await query('delete from a where ctid in (select ctid from a limit 1)')
    expect(await diesel('migration', 'run')).toMatchObject({ code: 0, stdout: 'Running migration 2025_i\n' })
    expect(await query("select indisvalid from pg_index where indexrelid = 'a_n'::regclass")).toEqual([{ indisvalid: true }])
  })

  it('refuses two folders of one version', async () => {
    const { diesel } = await place({ ...migration('2024-01-01_a', 'select 1;'), ...migration('20240101_b', 'select 2;') })
    const { code, stderr } = await diesel('migration', 'run')
    expect([code, stderr]).toEqual([1, expect.stringContaining('both have version 20240101')])
  })

  it('refuses a version that the column does not hold before it runs anything', async () => {
    const { diesel, query } = await place({ ...migration('1_a', 'create table a ();'), ...migration(`${'2'.repeat(51)}_b`, 'select 1;') })
    expect((await diesel('migration', 'run')).code).toBe(1)
    expect(await query("select to_regclass('a') as a")).toEqual([{ a: null }])
  })

  it('runs files with a transaction of their own, each with its row', async () => {
    const { diesel, query } = await place(migration('2024_a', 'begin;\ncreate table a ();\ncommit;\n', 'begin; drop table a; commit;'))
    for (const verb of ['run', 'redo', 'revert']) expect(await diesel('migration', verb)).toMatchObject({ code: 0, stderr: '' })
    expect(await query("select to_regclass('a') as a from __diesel_schema_migrations")).toEqual([])
  })

  it('names the migration also when a constraint that is checked at the end is broken', async () => {
    const table = 'create table k (n int primary key, m int references k deferrable initially deferred); insert into k values (1, 7);'
    const { diesel, query } = await place(migration('2024_a', table))
    const { code, stderr } = await diesel('migration', 'run')
    const said = 'insert or update on table "k" violates foreign key constraint "k_m_fkey"'
    expect([code, stderr]).toEqual([1, `Failed to run migrations: Failed to run 2024_a with: ${said}\n`])
    expect(await query("select to_regclass('k') as k")).toEqual([{ k: null }])
  })

  it('says what is wrong with a file that it does not send', async () => {
    const { diesel } = await place({ ...migration('2024_a', 'select 1;'), ...migration('2025_b', '\ufeffselect 1;') })
    const { code, stdout, stderr } = await diesel('migration', 'run')
    expect([code, stdout]).toEqual([1, 'Running migration 2024_a\nRunning migration 2025_b\n'])
    expect(stderr).toContain('Failed to run 2025_b with: the file begins with a byte order mark')
  })

  it('starts from the beginning when the schema was dropped and made again', async () => {
    const { diesel, query } = await place(migration('2024_a', 'create table a ();'))
    await diesel('migration', 'run')
    await query('drop schema public cascade; create schema public')
    expect(await diesel('migration', 'run')).toMatchObject({ code: 0, stdout: 'Running migration 2024_a\n' })
    expect(await query('select version from skein.applied where undone_at is null')).toEqual([{ version: '2024' }])
  })

  it('says no password', async () => {
    const { folder } = await place(migration('2024_a', 'select 1;'))
    const canary = 'cAnArY-4711'
    for (const url of [
      `postgres://u:${canary}@127.0.0.1:1/d`,
      `mysql://u:${canary}@h/d`,
      `postgres://127.0.0.1:1/d?user=u&password=${canary}`,
    ]) {
      const { code, stdout, stderr } = await inProcess(folder, ['as', 'diesel', 'migration', 'run', '--database-url', url])
      expect(code).toBe(url.startsWith('mysql') ? 101 : 1)
      expect(stdout + stderr).not.toContain(canary)
    }
    writeFiles(folder, { '.env': `DATABASE_URL=postgres://u:${canary}@h/d and more\n` })
    expect((await inProcess(folder, ['as', 'diesel', 'migration', 'run'])).stderr).toMatch(
      /^Initializing `.env` file failed: Error parsing line/,
    )
    expect((await inProcess(folder, ['as', 'diesel', 'migration', 'run'])).stderr).not.toContain(canary)
  })

  it('writes no schema.rs, says so, and refuses to promise anything about it', async () => {
    const { diesel, folder } = await place({
      ...migration('2024_a', 'create table a ();'),
      'diesel.toml': '[print_schema]\nfile = "src/schema.rs"\n',
    })
    expect(folder).not.toBe('')
    expect(await diesel('migration', 'run', '--locked-schema')).toMatchObject({ code: 1, stdout: '' })
    const ended = await diesel('migration', 'run')
    expect(ended).toEqual({
      code: 0,
      stdout: 'Running migration 2024_a\n',
      stderr: 'src/schema.rs was not written: `diesel print-schema` does that\n',
    })
  })

  it('reads diesel.toml before it runs anything', async () => {
    const { diesel, query } = await place({ ...migration('2024_a', 'create table a ();'), 'diesel.toml': 'nonsense = true\n' })
    const { code, stderr } = await diesel('migration', 'run', '--migration-dir', 'migrations')
    expect([code, stderr]).toEqual([1, expect.stringContaining('Failed to parse config file: unknown field `nonsense`, expected')])
    expect(await query("select to_regclass('a') as a")).toEqual([{ a: null }])
  })

  it.each([
    'setup',
    'database setup',
    'db reset',
    'database drop',
    'print-schema',
    'completions bash',
    'migration generate x --diff-schema',
  ])('refuses %s and says what does it', async (words) => {
    const { diesel, query } = await place(migration('2024_a', 'create table a ();'))
    const { code, stdout, stderr } = await diesel(...words.split(' '))
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/^skein as diesel does not do `.*`: .*(?:dropdb|createdb|diesel)/),
    ])
    expect(await query("select to_regclass('a') as a")).toEqual([{ a: null }])
  })

  it('follows no link out of the folder', async () => {
    const { diesel, folder } = await place(migration('2024_a', 'select 1;'))
    const outside = temporaryFolder()
    writeFiles(outside, { 'up.sql': 'select 1;' })
    symlinkSync(outside, join(folder, 'migrations', '2025_b'))
    expect((await diesel('migration', 'run')).code).toBe(1)
  })

  it('cancels the running migration on Ctrl-C and leaves nothing of it', async () => {
    const { folder, url, query } = await place({
      ...migration('2024_a', 'create table a ();'),
      ...migration('2025_b', 'create table b (); select pg_sleep(60);'),
    })
    const ended = await skein(folder, ['as', 'diesel', 'migration', 'run'], {
      env: { DATABASE_URL: url },
      onStart: (child) => child.stdout?.on('data', (text) => String(text).includes('2025_b') && child.kill('SIGINT')),
    })
    expect(ended.code).toBe(130)
    expect(await query("select version, to_regclass('b') as b from __diesel_schema_migrations")).toEqual([{ version: '2024', b: null }])
  })
})

function migration(name: string, up: string, down = 'select 1;'): Record<string, string> {
  return { [`migrations/${name}/up.sql`]: up, [`migrations/${name}/down.sql`]: down }
}

async function place(files: Readonly<Record<string, string>>) {
  const [folder, database] = [temporaryFolder(), await freshDatabase()]
  mkdirSync(join(folder, 'migrations'))
  writeFiles(folder, files)
  const diesel = (...words: string[]) => inProcess(folder, ['as', 'diesel', ...words], { env: { DATABASE_URL: database.url } })
  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = await connect(database.url)
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  return { folder, url: database.url, diesel, query }
}
