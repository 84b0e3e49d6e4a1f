/** The one-file program, built once, run where nothing of this checkout is in sight: in folders of their own, with a bare environment. */
import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { folderOf, shopFiles, sql } from '../cli/kit.ts'
import { alembicWorkspace, className, typeormWorkspace } from '../code/services.ts'
import { freshDatabase, temporaryFolder } from '../server.ts'
import { must, root, run } from './kit.ts'

let folder: string
beforeAll(() => {
  folder = temporaryFolder()
  must(process.execPath, [join(root, 'scripts', 'binary.mjs'), '--into', folder], root)
}, 120_000)

/** A command of it, with nothing in its environment but where programs are, where it may write, and `env`. */
const command = (name: string, words: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) =>
  run(join(folder, name), words, cwd, { PATH: '/usr/bin:/bin', TMPDIR: temporaryFolder(), ...env })

const withNode = `${dirname(process.execPath)}:/usr/bin:/bin`

it('has nothing in it that leads back to the checkout', () => {
  expect(readFileSync(join(folder, 'skein')).includes(root)).toBe(false)
  expect(readdirSync(folder).sort()).toEqual(['migrate', 'migrator', 'skein', 'third-party-licenses.txt'])
})

it('runs, shows and takes back SQL without Node, and reads no .env of the folder by itself', async () => {
  const { url } = await freshDatabase()
  const files = { ...shopFiles(), '.env': 'SKEIN_ENV=nowhere\n', 'skein.yaml': 'services:\n  shop: { path: migrations }\n' }
  const place = folderOf(files)
  const skein = (...words: string[]) => command('skein', words, place, { DATABASE_URL: url, PATH: '/nonexistent' })
  expect(await skein('status', '--check')).toMatchObject({ code: 9 })
  expect(await skein('up')).toMatchObject({ code: 0, stdout: expect.stringContaining('2 migrations applied') })
  expect(JSON.parse((await skein('status', '--json')).stdout)).toMatchObject({ services: [{ name: 'shop', pending: 0 }] })
  expect(await skein('down', '1', '--yes')).toMatchObject({ code: 0 })
  expect(await sql(url, 'select version from schema_migrations')).toEqual([{ version: '1' }])
  expect(await skein('upp')).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean up?') })
})

it('parses what is too deep for one stack, and goes on', async () => {
  const { url } = await freshDatabase()
  const deep = `select ${'('.repeat(20_000)}1${')'.repeat(20_000)};`
  const place = folderOf({
    ...shopFiles(),
    'migrations/000003_deep.up.sql': deep,
    'migrations/000004_last.up.sql': 'create table last ();',
  })
  const ran = await command('skein', ['validate', '--json'], place, { DATABASE_URL: url })
  expect(JSON.parse(ran.stdout)).toMatchObject({ services: [{ migrations: 4 }] })
})

it('is migrate and migrator by the name of a link, wherever that lies', async () => {
  const { url } = await freshDatabase()
  const place = folderOf(shopFiles())
  const migrate = await command('migrate', ['-path', 'migrations', '-database', url, 'up'], place)
  expect(migrate).toMatchObject({ code: 0, stderr: expect.stringMatching(/^1\/u create_items/) })
  symlinkSync(join(folder, 'skein'), join(place, 'migrate'))
  const linked = await run(join(place, 'migrate'), ['-version'], place, {})
  expect(linked).toMatchObject({ code: 0, stderr: expect.stringMatching(/^4\.19\.1 \(skein /) })
  expect(await command('migrator', ['-help'], place)).toMatchObject({ stderr: expect.stringContaining('Usage of migrator') })
})

it('runs TypeORM migrations with the Node on the PATH, says so where there is none, and leaves no file behind', async () => {
  const { url } = await freshDatabase()
  const place = typeormWorkspace({ up: ['await runner.query("create table one (n int)") // down await runner.query("drop table one")'] })
  const env = { DATABASE_URL: url, TMPDIR: temporaryFolder() }
  const without = await command('skein', ['up'], place, { ...env, PATH: '/nonexistent' })
  expect(without).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/RUNTIME-MISSING: .*there is no node on the PATH\n.*install Node/),
  })
  expect(await command('skein', ['up'], place, { ...env, PATH: withNode })).toMatchObject({ code: 0 })
  expect(await sql(url, 'select name from migrations')).toEqual([{ name: className(1) }])
  expect(await command('skein', ['down', '1', '--yes'], place, { ...env, PATH: withNode })).toMatchObject({ code: 0 })
  expect(readdirSync(env.TMPDIR)).toEqual([])
})

it('runs Alembic revisions with the Python of the service', async () => {
  const { url } = await freshDatabase()
  const place = alembicWorkspace({ revisions: { aa01: 'op.execute("create table one (n int)")' } })
  expect(await command('skein', ['up'], place, { DATABASE_URL: url })).toMatchObject({ code: 0 })
  expect(await sql(url, 'select version_num from alembic_version')).toEqual([{ version_num: 'aa01' }])
})

it('finds the embedded server in node_modules of the folder in which it is called', async () => {
  const place = folderOf({ ...shopFiles(), 'skein.yaml': 'database: embedded\nservices:\n  shop: { path: migrations }\n' })
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
  expect(await command('skein', ['up'], place)).toMatchObject({ code: 0 })
  expect(await command('skein', ['embedded', 'remove'], place)).toMatchObject({ code: 0 })
})
