/** What goes wrong around migrations in code: each is an error with a code, a place and the next step, and nothing is half-written. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { skein, writeFiles } from '../cli/kit.ts'
import { connect, freshDatabase } from '../server.ts'
import { alembicPython } from '../tools.ts'
import { alembicWorkspace, className, environment, typeormWorkspace } from './services.ts'

async function up(folder: string, url: string, ...words: string[]) {
  return skein(folder, ['up', ...words], { env: { DATABASE_URL: url } })
}

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = await connect(url)
  const answer = await client.query({ text: sql, rowMode: 'array' })
  await client.end()
  return answer.rows.map((row) => (row as unknown[])[0])
}

test('a DataSource of another database: nothing runs there, and it is said how to hand over the right one', async () => {
  const [right, wrong] = [await freshDatabase(), await freshDatabase()]
  const folder = typeormWorkspace({ up: ['await runner.query("create table one (n int)")'] })
  const source = `import { DataSource } from 'typeorm'
export default new DataSource({ type: 'postgres', url: '${wrong.url}', migrations: ['src/migrations/*.ts'] })
`
  writeFileSync(join(folder, 'app/src/data-source.ts'), source)
  const ended = await up(folder, right.url)
  expect(ended.code, ended.stderr).toBe(2)
  expect(ended.stderr).toMatch(/DATASOURCE-ELSEWHERE: app@Step1/)
  expect(ended.stderr).toContain(wrong.name)
  expect(ended.stderr).toMatch(/next: .*DATABASE_URL/)
  expect(await rows(wrong.url, "select relname from pg_class where relnamespace = 'public'::regnamespace")).toEqual([])
  expect(await rows(right.url, 'select name from migrations')).toEqual([])
})

test('the URL goes to the variable that the program reads, and its password to no line that anybody sees', async () => {
  const { url } = await freshDatabase()
  const role = `canary_${Date.now()}`
  await rows(url, `create role ${role} superuser login password 'c4nary/secret'`)
  const withPassword = url.replace(/\/\/[^@]*@/, `//${role}:c4nary%2Fsecret@`)
  const folder = alembicWorkspace({
    revisions: { aa01: 'print(os.environ["AI_URL"]); print("the password is c4nary/secret"); op.execute("create table one (n int)")' },
    env: environment("os.environ['AI_URL']"),
  })
  writeFiles(folder, {
    'skein.yaml': `services:\n  ai: { path: ai/alembic, tool: alembic, runtime: { python: ${alembicPython()}, variable: AI_URL } }\n`,
  })
  const ended = await up(folder, withPassword, '--verbose')
  const both = ended.stdout + ended.stderr
  expect(both).not.toMatch(/c4nary/)
  expect(both).toMatch(/ai │ postgresql:\/\/canary_\d+:\*\*\*@/)
  expect(both).toMatch(/the password is \*\*\*/)
})

test('a no-op starts no Python and no second Node: it works where there is neither', async () => {
  const { url } = await freshDatabase()
  const ai = alembicWorkspace({ revisions: { aa01: 'op.execute("create table one (n int)")' } })
  expect((await up(ai, url)).code).toBe(0)
  writeFiles(ai, { 'skein.yaml': 'services:\n  ai: { path: ai/alembic, tool: alembic, runtime: { python: /nowhere/python } }\n' })
  for (const verb of ['up', 'status', 'plan', 'validate', 'verify']) {
    const ended = await skein(ai, [verb], { env: { DATABASE_URL: url } })
    expect(ended.code, `${verb}: ${ended.stderr}`).toBe(0)
  }
  const again = await skein(ai, ['redo', '--yes', '--allow-hollow', 'all'], { env: { DATABASE_URL: url } })
  expect(again.code).toBe(2)
  expect(again.stderr).toMatch(/RUNTIME-MISSING: .*\/nowhere\/python/)

  const app = typeormWorkspace({ up: ['await runner.query("create table two (n int)")'] })
  expect((await up(app, url)).code).toBe(0)
  rmSync(join(app, 'app/node_modules'))
  expect((await up(app, url)).stderr + (await up(app, url)).stdout).toMatch(/nothing to do/)
})

test.each<[string, string, RegExp, { code?: number; files?: Record<string, string> }]>([
  [
    'an error of the server, at its line',
    'await runner.query("create table one (n int)");\n    await runner.query("select nothing from one")',
    /STEP-FAILED: .*column "nothing" does not exist[\s\S]*1700000000001-step\.ts:5:\d+[\s\S]*SQLSTATE 42703/,
    {},
  ],
  [
    'an exception',
    'throw new TypeError("no such thing")',
    /STEP-FAILED: .*TypeError: no such thing[\s\S]*1700000000001-step\.ts:4:\d+/,
    {},
  ],
  ['a query that nobody awaits', 'runner.query("select nothing")', /STEP-FAILED: .*column "nothing" does not exist/, {}],
  [
    'a promise that nobody awaits',
    'Promise.reject(new Error("forgotten")); await runner.query("select 1")',
    /STEP-FAILED: .*forgotten/,
    {},
  ],
  ['an end of the process', 'process.exit(0)', /RUNTIME-FAILED: .*1700000000001/, {}],
  ['a module that is not there', 'await import("no-such-package")', /no-such-package/, {}],
])('TypeORM: %s', async (_, body, said, { code = 1 }) => {
  const { url } = await freshDatabase()
  const ended = await up(typeormWorkspace({ up: [body] }), url)
  expect(ended.code, ended.stderr).toBe(code)
  expect(ended.stderr).toMatch(said)
  expect(ended.stderr).not.toMatch(/internal error/)
  expect(await rows(url, 'select name from migrations')).toEqual([])
  expect(await rows(url, "select to_regclass('one')")).toEqual([null])
  expect(await rows(url, 'select version from skein.journal')).toEqual([])
})

test.each<[string, string, RegExp, number]>([
  [
    'an error of the server, at its line',
    'op.execute("create table one (n int)")\nop.execute("select nothing from one")',
    /STEP-FAILED: .*column "nothing" does not exist[\s\S]*aa01_step\.py:\d+[\s\S]*SQLSTATE 42703/,
    1,
  ],
  ['an exception', 'raise RuntimeError("no such thing")', /STEP-FAILED: .*RuntimeError: no such thing[\s\S]*aa01_step\.py:9/, 1],
  ['a module that is not there', 'import no_such_module', /no_such_module/, 1],
  ['an end of the process', 'os._exit(0)', /RUNTIME-FAILED: .*aa01/, 1],
  ['sys.exit', 'raise SystemExit(0)', /STEP-FAILED|RUNTIME-FAILED/, 1],
  ['a signal to itself', 'os.kill(os.getpid(), signal.SIGKILL)', /RUNTIME-FAILED: .*SIGKILL/, 1],
])('Alembic: %s', async (_, body, said, code) => {
  const { url } = await freshDatabase()
  const ended = await up(alembicWorkspace({ revisions: { aa01: body } }), url)
  expect(ended.code, ended.stderr).toBe(code)
  expect(ended.stderr).toMatch(said)
  expect(ended.stderr).not.toMatch(/internal error/)
  expect(await rows(url, 'select version_num from alembic_version')).toEqual([])
  expect(await rows(url, "select to_regclass('one')")).toEqual([null])
  expect(await rows(url, 'select version from skein.journal')).toEqual([])
})

test.each<[string, Parameters<typeof alembicWorkspace>[0], RegExp, number]>([
  ['an env.py that raises', { revisions: { aa01: 'pass' }, env: 'raise ValueError("not configured")\n' }, /ValueError|not configured/, 2],
  [
    'an env.py that connects elsewhere',
    { revisions: { aa01: 'pass' }, env: environment("os.environ['ELSEWHERE_URL']") },
    /DATASOURCE-ELSEWHERE/,
    2,
  ],
  ['a missing Python', { revisions: { aa01: 'pass' }, python: 'no/such/python' }, /RUNTIME-MISSING: .*no\/such\/python/, 2],
  [
    'a table that env.py names otherwise',
    { revisions: { aa01: 'pass' }, env: environment(undefined, ", version_table='other_version'") },
    /✓ ai aa01/,
    0,
  ],
  [
    'a table that env.py computes',
    { revisions: { aa01: 'pass' }, env: environment(undefined, ", version_table='other_' + 'version'") },
    /✓ ai aa01/,
    0,
  ],
])('around Alembic: %s', async (_, wanted, said, code) => {
  const [here, elsewhere] = [await freshDatabase(), await freshDatabase()]
  const folder = alembicWorkspace(wanted)
  const ended = await skein(folder, ['up'], { env: { DATABASE_URL: here.url, ELSEWHERE_URL: elsewhere.url } })
  expect(ended.code, ended.stderr).toBe(code)
  expect(ended.stderr).toMatch(said)
  if (code === 0) expect(await rows(here.url, 'select version_num from other_version')).toEqual(['aa01'])
  expect(await rows(elsewhere.url, "select relname from pg_class where relnamespace = 'public'::regnamespace")).toEqual([])
})

test('a step that fails for a lock is tried again; --no-wait gives up at once with exit 6', async () => {
  const { url } = await freshDatabase()
  const folder = typeormWorkspace({
    up: ['await runner.query("create table one (n int)")', 'await runner.query("alter table one add m int")'],
  })
  expect((await up(folder, url, '1')).code).toBe(0)
  const holder = await connect(url)
  await holder.query('begin; select * from one')
  const ended = await up(folder, url, '--no-wait')
  expect(ended.code, ended.stderr).toBe(6)
  expect(ended.stderr).toMatch(/LOCK-TIMEOUT: app@Step2/)
  setTimeout(() => void holder.query('rollback'), 1_500)
  const patient = await up(folder, url)
  expect(patient.code, patient.stderr).toBe(0)
  await holder.end()
  expect(await rows(url, 'select name from migrations')).toEqual([className(1), className(2)])
})

test('a key under lock_keys is free while the program runs, which takes it itself, and nobody calls that a loss', async () => {
  const { url } = await freshDatabase()
  const take = 'await runner.query("select pg_advisory_xact_lock(4711)"); await runner.query("create table'
  const folder = typeormWorkspace({ up: [`${take} one (n int)")`, `${take} two (n int)")`], yaml: '    lock_keys: [4711]\n' })
  const ended = await up(folder, url)
  expect(ended.code, ended.stderr).toBe(0)
  expect(ended.stderr).not.toMatch(/warning/)
  expect(await rows(url, 'select name from migrations')).toEqual([className(1), className(2)])
})

test('code in a plan of one transaction is refused before anything runs', async () => {
  const { url } = await freshDatabase()
  const ended = await up(typeormWorkspace({ up: ['await runner.query("create table one (n int)")'] }), url, '--single-transaction')
  expect(ended.code, ended.stderr).toBe(2)
  expect(ended.stderr).toMatch(/CODE-UNSUPPORTED/)
})

test('TypeORM: a class that speaks of transactions under the mode that forbids it is refused before the first step; under `each` it holds both ways', async () => {
  const { url } = await freshDatabase()
  const body = 'await runner.query("create index concurrently i on one (n)") // down await runner.query("drop index concurrently i")'
  const wanted = { up: ['await runner.query("create table one (n int)")', body] }
  const folder = typeormWorkspace(wanted)
  const file = join(folder, 'app/src/migrations/1700000000002-step.ts')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('implements MigrationInterface {', 'implements MigrationInterface {\n  transaction = false'),
  )
  const source = join(folder, 'app/src/data-source.ts')
  const each = readFileSync(source, 'utf8')
  writeFileSync(source, each.replace("migrationsTransactionMode: 'each',", ''))
  const refused = await up(folder, url)
  expect(refused.code, refused.stderr).toBe(2)
  expect(refused.stderr).toMatch(/CODE-UNSUPPORTED: app@Step2\d+ says transaction = false/)
  writeFileSync(source, each)
  const planned = await skein(folder, ['plan', '--json'], { env: { DATABASE_URL: url } })
  expect(JSON.parse(planned.stdout).steps.map((step: { transactional: boolean }) => step.transactional)).toEqual([true, false])
  expect((await up(folder, url)).code).toBe(0)
  const down = await skein(folder, ['down', '1', '--yes'], { env: { DATABASE_URL: url } })
  expect(down.code, down.stderr).toBe(0)
  expect(await rows(url, 'select name from migrations')).toEqual([className(1)])
})
