import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connect, freshDatabase, server } from '../server.ts'
import { dumped, pgBin } from '../pg-client.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql, stateOf, writeFiles } from './kit.ts'

const yaml = (environment: string) =>
  `services:\n  shop: { path: migrations, tool: golang-migrate }\nenvironments:\n  production: ${environment}\n`

/** A shop in a folder, and its command line. */
async function shop(files: Record<string, string> = {}, more: NodeJS.ProcessEnv = {}) {
  const { url, name, server } = await freshDatabase(18)
  const folder = folderOf({ ...shopFiles(), 'kept/': '', ...files })
  const env = { DATABASE_URL: url, SKEIN_BACKUP_DIR: 'kept', SKEIN_PG_BIN: pgBin(18), ...more }
  const run = (...args: string[]) => inProcess(folder, args, { env })
  const kept = () => readdirSync(join(folder, 'kept')).filter((file) => file.endsWith('.dump'))
  return { url, name, server, folder, run, kept }
}

interface RunJson {
  run: string
  digest: string
  backups: { file: string; sha256: string }[]
}

describe.concurrent('up --backup', () => {
  it('before the first step, linked in the ledger, and restore --before goes back to it', async () => {
    const { url, folder, run, kept } = await shop()
    expect(await run('up', '1')).toMatchObject({ code: 0 })
    await sql(url, "insert into items values (1, 'first')")
    const before = dumped(url)
    const ran = await run('up', '--backup', '--json')
    expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 0, said: expect.not.stringMatching(/backup/) })
    const done = JSON.parse(ran.stdout) as RunJson
    const [backup] = done.backups
    expect(kept()).toEqual([expect.stringContaining(done.run.slice(0, 8))])
    const manifest = JSON.parse(readFileSync(`${backup?.file}.json`, 'utf8')) as object
    expect(manifest).toMatchObject({ before: { run: done.run, verb: 'up', digest: done.digest }, sha256: backup?.sha256 })
    expect(manifest).toMatchObject({ services: [{ applied: ['1'] }] })
    const linked = await sql<{ details: object }>(url, "select details from skein.audit where what = 'backup'")
    expect(linked).toMatchObject([{ details: { run: done.run, digest: done.digest, file: backup?.file, sha256: backup?.sha256 } }])

    expect((await run('logs')).stdout).toContain(`before it: ${backup?.file}`)

    // Nothing to do: nothing is written.
    expect(await run('up', '--backup')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') })
    expect(kept()).toHaveLength(1)

    expect(await run('down', '--yes')).toMatchObject({ code: 0 })
    const shown = await run('restore', '--before', done.run.slice(0, 8), '--dry-run')
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/as it was before up [\w-]+; 1 later run goes back with it/) })
    const back = await run('restore', '--before', done.run, '--yes', '--json')
    expect({ code: back.code, said: back.stderr }).toEqual({ code: 0, said: '' })
    // A database remembers itself by its oid, which is all that may differ.
    const oid = /(?<=COPY skein\.meta .*\n.*)\b\d+\t(?=t_)/
    expect(dumped(url).replace(oid, '')).toBe(before.replace(oid, ''))
    expect(await run('status', '--json')).toMatchObject({ code: 0 })
    expect(readdirSync(folder).filter((file) => file.endsWith('.dump'))).toEqual([])
    // The ledger that was restored has forgotten that run; the manifest has not.
    const again = await run('restore', '--before', done.run.slice(0, 8), '--dry-run')
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('knows nothing of it; by its manifest') })
  }, 60_000)

  it('down takes one too; a file that was altered, moved, or never was is refused', async () => {
    const { run, kept, folder } = await shop()
    const first = JSON.parse((await run('up', '--json')).stdout) as RunJson
    const ran = JSON.parse((await run('down', '--yes', '--backup', '--json')).stdout) as RunJson
    expect(kept()).toHaveLength(1)
    const never = await run('restore', '--before', first.run, '--yes')
    expect(never).toMatchObject({ code: 2, stderr: expect.stringMatching(/^BACKUP-UNKNOWN: .*links no backup/) })
    expect(await run('restore', '--before', 'yesterday', '--yes')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE: /) })
    const elsewhere = await run('restore', '--before', ran.run, '--yes', '--backup-dir', 'nowhere')
    expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringMatching(/^SOURCE-UNREADABLE: [^]*--backup-dir DIR/) })
    const file = ran.backups[0]?.file as string
    // Another good backup under its name, with a manifest of its own.
    expect(await run('backup', '--out', 'other.dump')).toMatchObject({ code: 0 })
    const [other, manifest] = [readFileSync(join(folder, 'other.dump')), readFileSync(join(folder, 'other.dump.json'))]
    writeFiles(folder, { [file.slice(folder.length)]: other, [`${file.slice(folder.length)}.json`]: manifest })
    const altered = await run('restore', '--before', ran.run, '--yes')
    expect(altered).toMatchObject({ code: 2, stderr: expect.stringMatching(/^BACKUP-INVALID: .*is not the backup of run/) })
  }, 60_000)

  it('one that fails: nothing runs, nothing is written', async () => {
    const { url, run, kept } = await shop({}, { SKEIN_PG_BIN: pgBin(16) })
    const before = await stateOf(url)
    const old = await run('up', '--backup')
    expect(old).toMatchObject({ code: 2, stderr: expect.stringMatching(/^BACKUP-TOOL-MISSING: [^]*pg_dump is 16/) })
    const nowhere = await run('up', '--backup', '--pg-bin', pgBin(18), '--backup-dir', 'nowhere')
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/^BACKUP-FAILED: [^]*ENOENT/) })
    expect(await stateOf(url)).toEqual(before)
    expect(await sql(url, "select to_regclass('skein.run') as ledger")).toEqual([{ ledger: null }])
    expect(kept()).toEqual([])
  }, 60_000)

  it('a long backup: the sessions with the locks outlast the limit for idle ones', async () => {
    const { url, name, run, kept } = await shop()
    await sql(url, `create table held (id int); alter database ${name} set idle_session_timeout = '300ms'`)
    const holder = await connect(url)
    await holder.query('begin; lock table held')
    const running = run('up', '--backup')
    for (let waits = 0; waits === 0; ) {
      const rows = await sql(url, `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
      waits = rows.length
    }
    await holder.query('set idle_in_transaction_session_timeout = 0; select pg_sleep(1)')
    await holder.end()
    expect(await running).toMatchObject({ code: 0 })
    expect(kept()).toHaveLength(1)
  }, 60_000)

  it('several databases: one backup for each that is changed', async () => {
    const [one, two] = [await freshDatabase(18), await freshDatabase(18)]
    const folder = folderOf({
      ...shopFiles('a'),
      ...shopFiles('b'),
      'skein.yaml': `services:\n  a: { path: a, database: "${one.url}" }\n  b: { path: b, database: "${two.url}" }\n`,
    })
    const run = (...args: string[]) => inProcess(folder, args, { env: { SKEIN_PG_BIN: pgBin(18) } })
    const ran = JSON.parse((await run('up', '--backup', '--json')).stdout) as RunJson
    expect(ran.backups.map(({ file }) => existsSync(file))).toEqual([true, true])
    expect(await run('up', 'a', '--backup')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') })
    const both = await run('restore', '--before', ran.run, '--yes')
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('are in 2') })
    expect(await run('restore', '--before', ran.run, 'b', '--yes')).toMatchObject({ code: 0 })
    expect(await sql(one.url, "select to_regclass('items')::text as t")).toEqual([{ t: 'items' }])
    expect(await sql(two.url, "select to_regclass('items')::text as t")).toEqual([{ t: null }])
  }, 60_000)

  it('databases of one name on two servers: a file for each, and each goes back to its own', async () => {
    const [one, other] = [await freshDatabase(18), await server(17)]
    await sql(other.url(), `create database ${one.name}`)
    const two = other.url(one.name)
    const folder = folderOf({
      ...shopFiles('a'),
      ...shopFiles('b'),
      'skein.yaml': `services:\n  a: { path: a, database: "${one.url}" }\n  b: { path: b, database: "${two}" }\n`,
    })
    const run = (...args: string[]) => inProcess(folder, args, { env: { SKEIN_PG_BIN: pgBin(18) } })
    await sql(one.url, 'create table of_one (id int)')
    await sql(two, 'create table of_two (id int)')
    expect(await run('backup')).toMatchObject({ code: 0 })
    expect(readdirSync(folder).filter((file) => file.endsWith('.dump'))).toHaveLength(2)
    const ran = JSON.parse((await run('up', '--backup', '--json')).stdout) as RunJson
    expect(new Set(ran.backups.map(({ file }) => file)).size).toBe(2)
    // As if the ledgers had forgotten it: the manifests tell which file is whose. A dump of 18 does not go into 17.
    for (const url of [one.url, two]) await sql(url, "delete from skein.audit where what = 'backup'")
    for (const [name, its] of ['a', 'b'].entries()) {
      const shown = await run('restore', '--before', ran.run, its, '--dry-run', '--json')
      expect(JSON.parse(shown.stdout)).toMatchObject({ file: ran.backups[name]?.file })
    }
    expect(await run('restore', '--before', ran.run, 'a', '--yes')).toMatchObject({ code: 0 })
    expect(await sql(one.url, "select to_regclass('of_one')::text as t")).toEqual([{ t: 'of_one' }])
  }, 60_000)
})

describe.concurrent('an environment that demands a backup', () => {
  it.each([
    ['skein.yaml: backup', { 'skein.yaml': yaml('{ backup: high }') }],
    ['backup_required: high', { 'migrations/environments.json': '{ "production": { "backup_required": "high" } }' }],
  ])(
    '%s: from that risk on, and nowhere else',
    async (_, files) => {
      const { run, kept } = await shop({ ...files, 'migrations/000003_tidy.up.sql': 'alter table items drop column price;\n' })
      const production = (...args: string[]) => run(...args, '--env', 'production')
      expect(await production('up', '2')).toMatchObject({ code: 0 })
      expect(kept()).toEqual([])
      expect(await production('plan')).toMatchObject({ code: 0, stdout: expect.stringContaining('production wants a backup before') })
      expect(await production('up')).toMatchObject({ code: 0, stdout: expect.stringMatching(/as it was before is in .*\.dump \(/) })
      expect(kept()).toHaveLength(1)
      // What takes everything away has no steps, and is the worst of all.
      expect(await production('clean', '--yes')).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/as it was before clean is in .*\.dump/),
      })
      expect(await production('drop', '--yes')).toMatchObject({ code: 0 })
      expect(kept()).toHaveLength(3)
    },
    60_000,
  )

  it('no pg_dump: nothing runs', async () => {
    const { url, run } = await shop({ 'skein.yaml': yaml('{ backup: low }') }, { SKEIN_PG_BIN: '/nonexistent' })
    expect(await run('up', '--env', 'production')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^BACKUP-TOOL-MISSING/) })
    expect(await stateOf(url)).toEqual([])
  }, 60_000)
})
