import { describe, expect, it } from 'vitest'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freshDatabase, privateServer } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql } from './kit.ts'

const yaml = { 'skein.yaml': 'services: { shop: { path: migrations, tool: golang-migrate } }\n' }

describe('wait', () => {
  it('waits for the schema that this checkout needs while another process brings it', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf({ ...yaml, ...shopFiles() })
    expect(await inProcess(folder, ['wait', '--for', 'schema', '--timeout', '100ms'], { env })).toMatchObject({
      code: 9,
      stderr: expect.stringMatching(/^PENDING: shop: 000001_create_items and 1 more are not applied\n/),
    })
    const waiting = inProcess(folder, ['wait', '--for', 'schema', '--json'], { env })
    expect((await inProcess(folder, ['up'], { env })).code).toBe(0)
    const ran = await waiting
    expect(JSON.parse(ran.stdout)).toMatchObject({ databases: [{}], services: [{ service: 'shop', version: '2' }] })
    expect(ran.code).toBe(0)
  })

  it('takes one version, one that no file has too, and a database that is ahead; a broken-off one is told', async () => {
    const { url } = await freshDatabase()
    const env = { DATABASE_URL: url }
    const folder = folderOf({ ...yaml, ...shopFiles() })
    const go = (...args: string[]) => inProcess(folder, ['wait', '--timeout', '100ms', ...args], { env })
    await inProcess(folder, ['up', '1'], { env })
    expect((await go('--for', 'shop@1')).code).toBe(0)
    expect(await go('--for', 'shop@2')).toMatchObject({ code: 9, stderr: expect.stringContaining('shop@2 is not applied') })
    expect((await go('--for', 'shop@7')).code).toBe(9)
    await sql(url, 'update schema_migrations set version = 9')
    expect((await go('--for', 'shop@7', '--for', 'schema')).code).toBe(0)
    await sql(url, 'update schema_migrations set dirty = true')
    expect((await go('--for', 'schema')).code).toBe(7)
    expect(await go('--for', 'shop')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE: --for shop is nothing/) })
    expect((await go('--for', 'shpo@1')).stderr).toMatch(/^SERVICE-UNKNOWN: /)
  })

  it('up --wait comes through while the server starts', async () => {
    const server = await privateServer()
    const env = { DATABASE_URL: server.url('postgres') }
    await server.stop()
    const folder = folderOf({ ...yaml, ...shopFiles() })
    expect((await inProcess(folder, ['up'], { env })).code).toBe(3)
    expect((await inProcess(folder, ['up', '--wait', '--wait-timeout', '100ms'], { env })).code).toBe(3)
    const up = inProcess(folder, ['up', '--wait', '--no-wait'], { env })
    await server.start()
    expect(await up).toMatchObject({ code: 0, stdout: expect.stringContaining('2 migrations applied') })
  })
})

describe('--env-file', () => {
  it('is read before everything; the environment wins unless it is told not to', async () => {
    const { url } = await freshDatabase()
    const folder = folderOf({ ...yaml, ...shopFiles(), '.env': `# the database\nDATABASE_URL="${url}"\n` })
    writeFileSync(join(folder, 'other.env'), 'DATABASE_URL=postgres://nobody@127.0.0.1:1/none\n')
    const go = async (code: number, env: NodeJS.ProcessEnv, ...args: string[]) => {
      const ran = await inProcess(folder, args, { env })
      expect({ args, code: ran.code, said: ran.stderr }).toEqual({ args, code, said: ran.stderr })
      return ran
    }
    const wrong = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    await go(0, {}, 'wait', '--env-file', '.env')
    await go(0, {}, '--env-file=other.env', '--env-file', '.env', 'wait')
    await go(3, wrong, 'wait', '--timeout', '100ms', '--env-file', '.env')
    await go(0, wrong, 'wait', '--env-file', '.env', '--env-file-override')
    expect((await go(2, {}, 'wait', '--env-file', 'none')).stderr).toMatch(/^SOURCE-UNREADABLE: .*: none \(ENOENT\)/)
    expect((await go(2, {}, 'wait', '--env-file')).stderr).toMatch(/^USAGE: /)
  })
})
