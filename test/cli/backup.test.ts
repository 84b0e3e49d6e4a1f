import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pgBin } from '../pg-client.ts'
import { connect, freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql, stateOf } from './kit.ts'

describe.concurrent('backup', () => {
  for (const format of ['custom', 'sql'] as const)
    it(`${format}: what psql and pg_restore make of the file is what was there`, async () => {
      const { url } = await freshDatabase(15)
      const folder = folderOf(shopFiles())
      const env = { DATABASE_URL: url }
      await inProcess(folder, ['up'], { env })
      await sql(
        url,
        `create type mood as enum ('a', 'b'); create table "Odd ""name" (id int generated always as identity, "m M" mood[], j jsonb, b bytea, r int4range, g int generated always as (1 + 1) stored);
        insert into "Odd ""name" ("m M", j, b, r) values ('{a,b}', '{"x": [1]}', '\\x00ff', '[1,5)'), (null, null, null, 'empty'); select lo_from_bytea(0, 'large')`,
      )
      const ran = await inProcess(folder, ['backup', '--out', 'b', '--format', format, '--pg-bin', pgBin(16), '--json'], { env })
      expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 0, said: '' })
      expect(statSync(join(folder, 'b')).mode & 0o777).toBe(0o600)
      expect(JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8'))).toMatchObject({ format, services: [{ applied: ['1', '2'] }] })
      const { url: other } = await freshDatabase(15)
      const [program, args] =
        format === 'sql' ? ['psql', ['-qXv', 'ON_ERROR_STOP=1', '-f', 'b', other]] : ['pg_restore', ['-d', other, 'b']]
      const back = spawnSync(join(pgBin(16), program as string), args as string[], { cwd: folder, encoding: 'utf8' })
      expect({ status: back.status, said: back.stderr }).toEqual({ status: 0, said: '' })
      expect(await stateOf(other)).toEqual(await stateOf(url))
      expect(await sql(other, "select convert_from(lo_get(oid), 'UTF8') as t from pg_largeobject_metadata")).toEqual([{ t: 'large' }])
      expect((await inProcess(folder, ['backup', '--out', 'b', '--pg-bin', pgBin(16)], { env })).stderr).toMatch(/^FILE-EXISTS: /)
    }, 60_000)

  it('the name of the file says the format; on a server of 18', async () => {
    const { url } = await freshDatabase(18)
    const folder = folderOf(shopFiles())
    const run = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: url, SKEIN_PG_BIN: pgBin(18) } })
    expect(await run('up')).toMatchObject({ code: 0 })
    const heads: string[] = []
    for (const name of ['a.dump', 'a.sql', 'a.sql.gz']) {
      expect(await run('backup', '--out', name)).toMatchObject({ code: 0, stderr: '' })
      heads.push(readFileSync(join(folder, name)).subarray(0, 5).toString('latin1'))
    }
    expect(heads).toEqual(['PGDMP', '--\n--', expect.stringContaining('\u001f\u008b\b')])
    const text = gunzipSync(readFileSync(join(folder, 'a.sql.gz'))).toString()
    expect(text).toContain('-- Dumped by pg_dump version 18')
    expect(statSync(join(folder, 'a.sql.gz')).mode & 0o777).toBe(0o600)
  }, 60_000)

  it('at a terminal, and with --verbose, it says how far it is', async () => {
    const { url } = await freshDatabase(18)
    const folder = folderOf(shopFiles())
    const env = { DATABASE_URL: url, SKEIN_PG_BIN: pgBin(18) }
    await inProcess(folder, ['up'], { env })
    // Long enough for a look at the file: pg_dump waits for the lock.
    const holder = await connect(url)
    await holder.query('begin; lock table items')
    const running = inProcess(folder, ['backup', '--out', 'b', '--verbose'], { env })
    await sleep(1_000)
    await holder.end()
    const ran = await running
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/backup of .*: \d+ \w+ written; the database has \d/)
    expect(ran.stderr).toMatch(/✓ backup of .*\/b \(/)
  }, 60_000)

  it('a pg_dump older than the server, and a folder that is not there: said, and nothing is left', async () => {
    const { url } = await freshDatabase(18)
    const folder = folderOf(shopFiles())
    const env = { DATABASE_URL: url }
    const old = await inProcess(folder, ['backup', '--pg-bin', pgBin(16)], { env })
    expect(old).toMatchObject({ code: 2, stderr: expect.stringMatching(/^BACKUP-TOOL-MISSING: [^]*PostgreSQL 18[^]*pg_dump is 16/) })
    expect(readdirSync(folder)).toEqual(['migrations'])
    const { url: older } = await freshDatabase(15)
    const nowhere = await inProcess(folder, ['backup', '--out', 'no/b', '--pg-bin', pgBin(16), '--database', older])
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/^BACKUP-FAILED: [^]*ENOENT/) })
  }, 60_000)
})
