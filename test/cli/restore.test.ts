import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pgBin } from '../pg-client.ts'
import { restore } from '../../src/app/restore.ts'
import { resolveConnection } from '../../src/postgres/resolve-connection.ts'
import { connect as open } from '../../src/postgres/connect.ts'
import { compare } from '../../src/schema/compare.ts'
import { inspect } from '../../src/schema/inspect.ts'
import { connect, freshDatabase, server, temporaryFolder, type TestDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { examples, folderOf, shopFiles, sql, stateOf } from './kit.ts'

/** The databases that a restore of `name` made, and itself. */
async function databases(name: string): Promise<string[]> {
  const on = await server(15)
  const rows = await sql<{ n: string }>(on.url(), `select datname as n from pg_database where starts_with(datname, '${name}') order by 1`)
  return rows.map((row) => row.n.replace(name, '').replace(/_\d{14}_[0-9a-f]{4}$/, ''))
}

async function catalogue(url: string) {
  const session = await open(resolveConnection({ env: {}, given: url }))
  try {
    return await inspect(session)
  } finally {
    await session.end()
  }
}

/** A shop with both migrations and a row in it, and a backup of it in `b`. */
async function shop(
  format = 'custom',
): Promise<{ database: TestDatabase; folder: string; run: (...args: string[]) => ReturnType<typeof inProcess> }> {
  const database = await freshDatabase(15)
  const folder = folderOf(shopFiles())
  const run = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: database.url } })
  expect((await run('up')).code).toBe(0)
  await sql(database.url, "insert into items values (1, 'first', 2)")
  expect(await run('backup', '--out', 'b', '--format', format, '--pg-bin', pgBin(16))).toMatchObject({ code: 0 })
  return { database, folder, run }
}

describe.concurrent('restore', () => {
  for (const format of ['custom', 'sql'] as const)
    it(`${format}: user-service comes back as it was, and the old database is kept`, async () => {
      const database = await freshDatabase(15)
      const { url, name } = database
      const folder = join(temporaryFolder(), 'user-service')
      cpSync(join(examples, 'user-service'), folder, { recursive: true })
      const run = (...args: string[]) => inProcess(folder, [...args, '--env', 'development'], { env: { USER_SERVICE_DATABASE_URL: url } })
      expect((await run('up')).code).toBe(0)
      await sql(url, `alter database ${name} set search_path to "$user", public, user_service; comment on database ${name} is 'it''s'`)
      await sql(url, `revoke connect on database ${name} from public`)
      const [rows, before] = [await stateOf(url), await catalogue(url)]
      expect((await run('backup', '--out', 'b', '--format', format, '--pg-bin', pgBin(16))).code).toBe(0)
      await sql(url, 'delete from user_service.user_roles; drop table user_service.user_preferences cascade; create table later (id int)')
      const shown = await run('restore', 'b', '--dry-run', '--pg-bin', pgBin(16))
      expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/to be replaced by [^]*user-service \d+ migrations applied/) })
      expect(await databases(name)).toEqual([''])
      const ran = await run('restore', 'b', '--yes', '--pg-bin', pgBin(16), '--json')
      expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 0, said: '' })
      expect(JSON.parse(ran.stdout)).toMatchObject({
        services: [{ name: 'user-service', pending: [], ahead: [] }],
        notes: [],
        dryRun: false,
      })
      expect(await stateOf(url)).toEqual(rows)
      expect(compare(before, await catalogue(url))).toEqual([])
      expect(await databases(name)).toEqual(['', '_before'])
      const facts = `select current_setting('search_path') as path, shobj_description(oid, 'pg_database') as c, datacl::text as acl,
        (select database_oid from skein.meta) = oid as home from pg_database where datname = current_database()`
      expect(await sql(url, facts)).toEqual([
        { path: '"$user", public, user_service', c: "it's", acl: '{=T/postgres,postgres=CTc/postgres}', home: true },
      ])
      const kept = (JSON.parse(ran.stdout) as { kept: string }).kept
      expect(await sql(database.server.url(kept), "select to_regclass('public.later')::text as t")).toEqual([{ t: 'later' }])
      expect((await run('status')).stdout).toMatch(/up to date|up-to-date/)
    }, 60_000)

  it('altered, cut off, empty, missing: nothing is made', async () => {
    const { database, folder, run } = await shop()
    const whole = readFileSync(join(folder, 'b'))
    const altered = Buffer.from(whole)
    altered[whole.length - 20] = (altered[whole.length - 20] as number) ^ 1
    writeFileSync(join(folder, 'b'), altered)
    expect(await run('restore', 'b', '--yes', '--pg-bin', pgBin(16))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^BACKUP-INVALID: [^]*altered[^]*SHA-256/),
    })
    truncateSync(join(folder, 'b'), whole.length - 100)
    expect(await run('restore', 'b', '--yes', '--pg-bin', pgBin(16))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/BACKUP-INVALID: .*cut off/),
    })
    const text = spawnSync(join(pgBin(16), 'pg_dump'), [database.url], { encoding: 'utf8' }).stdout
    writeFileSync(join(folder, 'half.sql'), text.slice(0, -200))
    expect(await run('restore', 'half.sql', '--yes', '--pg-bin', pgBin(16))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cut off'),
    })
    writeFileSync(join(folder, 'away.sql'), `select 1;\n\\connect ${database.name}\ndrop table items;\n`)
    expect(await run('restore', 'away.sql', '--yes', '--pg-bin', pgBin(16))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('away.sql:2'),
    })
    const packed = gzipSync(text)
    const flipped = Buffer.from(packed)
    flipped[packed.length >> 1] = (packed[packed.length >> 1] as number) ^ 1
    for (const [name, content, said] of [
      ['cut.sql.gz', packed.subarray(0, -100), 'cut off or altered'],
      ['flipped.sql.gz', flipped, 'cut off'],
      ['half.sql.gz', gzipSync(text.slice(0, -200)), 'cut off'],
      ['away.sql.gz', gzipSync(`select 1;\n\\connect ${database.name}\n`), 'away.sql.gz:2'],
      ['archive.gz', gzipSync(whole), 'unpack it first'],
      ['b.tar', Buffer.concat([Buffer.from('toc.dat'), Buffer.alloc(600)]), 'unpack it'],
    ] as const) {
      writeFileSync(join(folder, name), content)
      expect(await run('restore', name, '--yes', '--pg-bin', pgBin(16))).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(new RegExp(`^BACKUP-INVALID: [^]*${said}`)),
      })
    }
    expect(await run('restore', 'none', '--yes', '--pg-bin', pgBin(16))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^SOURCE-UNREADABLE/),
    })
    expect(await run('restore', 'b', '--pg-bin', pgBin(16))).toMatchObject({ code: 2, stderr: expect.stringMatching(/^CONFIRM-NEEDED/) })
    expect(await databases(database.name)).toEqual([''])
  }, 60_000)

  it('a text of pg_dump with \\restrict, without a manifest: restored, behind today’s files, and the old one is dropped', async () => {
    const { database, folder, run } = await shop()
    expect((await run('down', '--yes')).code).toBe(0)
    const dump = spawnSync(join(pgBin(16), 'pg_dump'), [database.url], { encoding: 'utf8' })
    expect(dump.stdout).toMatch(/^\\restrict \w+$/m)
    writeFileSync(join(folder, 'backup_file.sql'), dump.stdout)
    expect((await run('up')).code).toBe(0)
    const ran = await run('restore', 'backup_file.sql', '--yes', '--drop-old', '--pg-bin', pgBin(16))
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toMatch(/1 migration applied, 1 pending[^]*was dropped[^]*there is no .*backup_file\.sql\.json[^]*pending then: 2/)
    expect(await sql(database.url, 'select * from items')).toEqual([{ id: '1', name: 'first' }])
    expect(await databases(database.name)).toEqual([''])
  }, 60_000)

  it('a file that fails half-way, and one that lost its history: all is as it was', async () => {
    const { database, folder, run } = await shop('sql')
    const before = await stateOf(database.url)
    writeFileSync(join(folder, 'bad.sql'), 'create table half (id int);\nselect 1/0;\n')
    const bad = await run('restore', 'bad.sql', '--yes', '--pg-bin', pgBin(16))
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringMatching(/^RESTORE-FAILED: [^]*bad\.sql:2: ERROR:  division by zero/) })
    // A manifest that says more than its file has.
    const noted = readFileSync(join(folder, 'b.json'), 'utf8')
    writeFileSync(join(folder, 'b.json'), noted.replace(/"hash": "\w+"/, `"hash": "${'f'.repeat(64)}"`))
    const other = await run('restore', 'b', '--yes', '--pg-bin', pgBin(16))
    expect(other).toMatchObject({ code: 1, stderr: expect.stringMatching(/^RESTORE-FAILED: [^]*otherwise in the ledger: 1/) })
    expect(await stateOf(database.url)).toEqual(before)
    expect(await databases(database.name)).toEqual([''])
  }, 60_000)

  it('others are connected: named and left alone, or ended', async () => {
    const { database, run } = await shop()
    const other = await connect(`${database.url}${database.url.includes('?') ? '&' : '?'}application_name=shop-api`)
    try {
      const refused = await run('restore', 'b', '--yes', '--pg-bin', pgBin(16))
      expect(refused).toMatchObject({ code: 6, stderr: expect.stringMatching(/^DATABASE-IN-USE: [^]*pid \d+ postgres[^]*shop-api/) })
      expect(await databases(database.name)).toEqual([''])
      expect(await run('restore', 'b', '--yes', '--disconnect', '--pg-bin', pgBin(16))).toMatchObject({ code: 0, stderr: '' })
      await expect(other.query('select 1')).rejects.toThrow()
      expect(await databases(database.name)).toEqual(['', '_before'])
    } finally {
      await other.end().catch(() => {})
    }
  }, 60_000)

  it('a terminal is asked when the new database is filled and checked; no: it goes', async () => {
    const { database, folder } = await shop()
    const env = { DATABASE_URL: database.url }
    const no = await inProcess(folder, ['restore', 'b', '--pg-bin', pgBin(16)], { env, answers: ['n'] })
    expect(no).toMatchObject({ code: 2, stderr: expect.stringMatching(/ 2 migrations applied[^]*CONFIRM-NEEDED/) })
    expect(await databases(database.name)).toEqual([''])
    const yes = await inProcess(folder, ['restore', 'b', '--pg-bin', pgBin(16)], { env, answers: ['y'] })
    expect(yes).toMatchObject({ code: 0, stdout: expect.stringContaining('kept as') })
  }, 60_000)

  it('the owner of the database, no superuser: refused without CREATEDB, sees who is connected, restores', async () => {
    const database = await freshDatabase(15)
    const role = `r_${database.name}`
    await sql(database.url, `create role ${role} login password 'mine'; alter database ${database.name} owner to ${role}`)
    const url = new URL(database.url)
    url.username = role
    url.password = 'mine'
    const folder = folderOf(shopFiles())
    const run = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: url.href } })
    expect((await run('up')).code).toBe(0)
    expect((await run('backup', '--out', 'b', '--pg-bin', pgBin(16))).code).toBe(0)
    const before = await stateOf(database.url)
    const refused = await run('restore', 'b', '--yes', '--pg-bin', pgBin(16))
    expect(refused).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^PERMISSION-DENIED: [^]*may not create databases[^]*createdb/),
    })
    await sql(database.url, `alter role ${role} createdb`)
    const other = await connect(database.url)
    try {
      expect(await run('restore', 'b', '--yes', '--pg-bin', pgBin(16))).toMatchObject({ code: 6, stderr: expect.stringContaining('pid') })
      // Only a superuser may end a superuser's session.
      const denied = await run('restore', 'b', '--yes', '--disconnect', '--pg-bin', pgBin(16))
      expect(denied).toMatchObject({ code: 4, stderr: expect.stringMatching(/^PERMISSION-DENIED/) })
      expect(await databases(database.name)).toEqual([''])
    } finally {
      await other.end()
    }
    expect(await run('restore', 'b', '--yes', '--drop-old', '--pg-bin', pgBin(16))).toMatchObject({ code: 0, stderr: '' })
    expect(await stateOf(database.url)).toEqual(before)
    expect(await databases(database.name)).toEqual([''])
  }, 60_000)

  it('without rows: refused, for nothing would say what is applied', async () => {
    const { database, folder, run } = await shop()
    const before = await stateOf(database.url)
    expect((await run('backup', '--out', 'empty', '--schema-only', '--pg-bin', pgBin(16))).code).toBe(0)
    const noted = await run('restore', 'empty', '--yes', '--pg-bin', pgBin(16))
    expect(noted).toMatchObject({ code: 2, stderr: expect.stringMatching(/^BACKUP-INVALID: [^]*has no rows/) })
    rmSync(join(folder, 'empty.json'))
    const found = await run('restore', 'empty', '--yes', '--pg-bin', pgBin(16))
    expect(found).toMatchObject({ code: 1, stderr: expect.stringMatching(/^RESTORE-FAILED: [^]*has no rows/) })
    expect(await stateOf(database.url)).toEqual(before)
    expect(await databases(database.name)).toEqual([''])
  }, 60_000)

  it('stopped while the new database is filled: it goes, and all is as it was', async () => {
    const { database, folder } = await shop()
    const before = await stateOf(database.url)
    writeFileSync(join(folder, 'slow.sql'), 'create table half (id int);\nselect pg_sleep(300);\n')
    const abort = new AbortController()
    const outcome = restore(
      { services: [], database: database.url, from: 'slow.sql', pgBin: pgBin(16) },
      {
        cwd: folder,
        env: {},
        now: () => performance.now(),
        emit: () => {},
        signal: abort.signal,
        program: 'skein/test',
        osUser: null,
        host: null,
      },
      async () => {},
    ).then(
      () => 'restored',
      (error: { code: string }) => error.code,
    )
    const filling = `select from pg_stat_activity where starts_with(datname, '${database.name}_restore') and query like 'select pg_sleep%'`
    while ((await sql(database.server.url(), filling)).length === 0) await sleep(50)
    abort.abort()
    expect(await outcome).toBe('INTERRUPTED')
    expect(await databases(database.name)).toEqual([''])
    expect(await stateOf(database.url)).toEqual(before)
  }, 60_000)

  it('a server newer than the programs: said, and nothing is made', async () => {
    const { folder } = await shop()
    const { url } = await freshDatabase(18)
    const ran = await inProcess(folder, ['restore', 'b', '--yes', '--pg-bin', pgBin(16)], { env: { DATABASE_URL: url } })
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringMatching(/^BACKUP-TOOL-MISSING: [^]*PostgreSQL 18[^]*pg_dump is 16/) })
  }, 60_000)
})
