import { cpSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { freshDatabase } from '../../../test/server.ts'
import { program, run } from '../../../test/other-process.ts'
import { failureIn, key, makeService, migration, type TestService } from './service.fixture.ts'

const A = 'Accounts1700000000001'
const file = 'src/migrations/a.js'

/** A service with one migration. */
const one = (up: string, more: Readonly<Record<string, string>> = {}) => makeService({ files: { [file]: migration(A, up), ...more } })

async function backends(service: TestService): Promise<number> {
  const [row] = await service.query(`select count(*)::int as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`)
  return Number(row?.n)
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await sleep(20)
}

test('a DataSource that leads to another database runs nothing', async () => {
  const service = await one('await q.query("create table t ()")')
  const other = await freshDatabase()
  service.spec.env = { ...service.spec.env, DATABASE_URL: other.url }
  const child = await service.start()
  const failure = failureIn(await child.run(service.step(A)))
  expect(failure.stage).toBe('elsewhere')
  expect(failure.message).toContain(`database ${other.name} at `)
  expect(failure.message).toContain(`database ${new URL(service.url).pathname.slice(1)} `)
})

test('a lock that is gone stops the next step', async () => {
  const service = await one('')
  const child = await service.start()
  expect(await child.run(service.step(A))).toMatchObject({ ok: true })
  await service.query(`select pg_advisory_unlock(${key})`)
  expect(failureIn(await child.run(service.step(A, { direction: 'down' }))).stage).toBe('elsewhere')
})

test('a key that an earlier run left behind stops the step, and another may try later', async () => {
  const service = await one('')
  await service.query('select pg_advisory_lock(4712)')
  const child = await service.start()
  expect(failureIn(await child.run(service.step(A))).stage).toBe('orphan')
  await service.query('select pg_advisory_unlock(4712)')
  const next = await service.start()
  expect(await next.run(service.step(A))).toMatchObject({ ok: true })
  expect(await service.query('select pg_try_advisory_lock(4712) as free')).toEqual([{ free: false }])
  await next.end()
  await until(async () => (await service.query('select pg_try_advisory_lock(4712) as free'))[0]?.free === true)
})

test('a thrown error and a failed query say where, what and why', async () => {
  const service = await makeService({
    files: {
      [file]: migration(A, 'throw new RangeError("too much")'),
      'src/migrations/b.js': migration('Bad1700000000002', 'await require("../helper.js").insert(q)'),
      'src/migrations/c.js': migration('Word1700000000003', 'throw "a word"'),
      'src/helper.js':
        'exports.insert = async (q) => {\n  await q.query("create table u (id int unique)")\n  await q.query("insert into u values (1), ($1)", [1])\n}\n',
    },
  })
  const child = await service.start()
  expect(failureIn(await child.run(service.step(A)))).toEqual({
    stage: 'migrate',
    name: 'RangeError',
    message: 'too much',
    place: { file: `app/${file}`, line: 4, column: 11 },
    stack: expect.stringMatching(/^RangeError: too much\n {4}at Accounts1700000000001\.up \(.*a\.js:4:11\)$/),
  })
  expect(failureIn(await child.run(service.step('Bad1700000000002')))).toMatchObject({
    stage: 'migrate',
    name: 'QueryFailedError',
    sqlstate: '23505',
    detail: 'Key (id)=(1) already exists.',
    statement: 'insert into u values (1), ($1)',
    place: { file: 'app/src/migrations/b.js', line: 4 },
  })
  expect(failureIn(await child.run(service.step('Word1700000000003')))).toMatchObject({
    stage: 'migrate',
    message: expect.stringContaining('a word'),
  })
  expect(await service.query(`select to_regclass('u') as u`)).toEqual([{ u: null }])
})

test('a constraint that is checked at the end fails the commit', async () => {
  const service = await one(
    `await q.query('create table u (id int unique deferrable initially deferred)'); await q.query('insert into u values (1), (1)')`,
  )
  const child = await service.start()
  expect(failureIn(await child.run(service.step(A)))).toMatchObject({ stage: 'commit', sqlstate: '23505' })
  expect(await service.query(`select to_regclass('u') as u, to_regclass('migrations') as m`)).toEqual([{ u: null, m: null }])
})

test('a file that cannot be parsed is named with line and column', async () => {
  const service = await makeService({ files: { [file]: 'exports.A = class {\n  async up(q) {\n    const x = = 3\n  }\n}\n' } })
  const child = await service.start()
  const place = { file: `app/${file}`, line: 3, column: 15 }
  await expect(child.facts()).rejects.toMatchObject({
    code: 'RUNTIME-INVALID',
    details: { place, message: expect.stringContaining('SyntaxError') },
  })
  expect(failureIn(await child.run(service.step(A)))).toMatchObject({ stage: 'load', name: 'SyntaxError', place })
})

test('a program that throws while it loads, or exports something else', async () => {
  const service = await makeService({ files: { [file]: migration(A, ''), 'src/data-source.js': '\nnull.x\n' } })
  await expect((await service.start()).facts()).rejects.toMatchObject({
    code: 'RUNTIME-INVALID',
    details: { place: { file: 'app/src/data-source.js', line: 2 } },
  })
  const empty = await makeService({ files: { [file]: migration(A, ''), 'src/data-source.js': 'exports.x = 1' } })
  await expect((await empty.start()).facts()).rejects.toMatchObject({
    code: 'RUNTIME-INVALID',
    details: { message: expect.stringContaining('exports no DataSource'), hint: expect.stringContaining('datasource') },
  })
  const twice = await makeService({
    files: { [file]: migration(A, ''), 'src/more.js': migration(A, '') },
    datasource: `migrations: ['src/m*/*.js', 'src/more.js']`,
  })
  await expect((await twice.start()).facts()).rejects.toMatchObject({
    details: { message: expect.stringContaining(`Duplicate migrations: ${A}`) },
  })
  const ends = await makeService({ files: { [file]: 'console.error("no licence"); process.exit(4)' } })
  await expect((await ends.start()).facts()).rejects.toMatchObject({
    code: 'RUNTIME-FAILED',
    details: { message: expect.stringMatching(/exit code 4.*\n.*no licence/) },
  })
})

test('what is not installed is named, with the command that installs it', async () => {
  const imports = await one('', { 'src/migrations/b.js': 'require("left-pad/x")' })
  await expect((await imports.start()).facts()).rejects.toMatchObject({
    code: 'RUNTIME-MISSING',
    details: { hint: 'cd app && npm install left-pad', place: { file: 'app/src/migrations/b.js' } },
  })
  const own = await one('', { 'src/migrations/b.js': 'require("./gone")' })
  await expect((await own.start()).facts()).rejects.toMatchObject({
    code: 'RUNTIME-INVALID',
    details: { place: { file: 'app/src/migrations/b.js', line: 1 } },
  })

  rmSync(join(own.folder, 'node_modules'))
  await expect(own.start()).rejects.toMatchObject({ code: 'RUNTIME-MISSING', details: { hint: 'cd app && npm install typeorm' } })
  rmSync(join(imports.folder, 'package.json'))
  await expect(imports.start()).rejects.toMatchObject({ code: 'RUNTIME-MISSING', details: { hint: expect.stringContaining('cwd') } })

  const nowhere = await makeService({ files: { [file]: migration(A, '') }, options: { datasource: 'lib/ds.js' } })
  await expect(nowhere.start()).rejects.toMatchObject({
    code: 'RUNTIME-INVALID',
    details: { message: expect.stringContaining('app/lib/ds.js') },
  })
  rmSync(join(nowhere.folder, 'src/data-source.js'))
  nowhere.spec.options = {}
  await expect(nowhere.start()).rejects.toMatchObject({ code: 'RUNTIME-MISSING', details: { hint: expect.stringContaining('datasource') } })
  nowhere.spec.options = { datasource: 'package.json', node: '/no/such/node' }
  await expect(nowhere.start()).rejects.toMatchObject({
    code: 'RUNTIME-MISSING',
    details: { message: expect.stringContaining('/no/such/node') },
  })
})

test('a process that ends within a migration is a crash; nothing is left', async () => {
  const service = await one('await q.query("create table t ()"); console.error("going"); process.exit(7)')
  const child = await service.start()
  expect(failureIn(await child.run(service.step(A)))).toMatchObject({
    stage: 'crash',
    message: expect.stringMatching(/exit code 7 while it ran Accounts1700000000001\ngoing$/),
  })
  expect(failureIn(await child.run(service.step(A))).stage).toBe('crash')
  const killed = await one('await q.query("create table t ()"); process.kill(process.pid, "SIGKILL")')
  expect(failureIn(await (await killed.start()).run(killed.step(A)))).toMatchObject({ message: expect.stringContaining('SIGKILL') })
  for (const each of [service, killed]) {
    await until(async () => (await backends(each)) === 0)
    expect(await each.query(`select to_regclass('t') as t`)).toEqual([{ t: null }])
  }
})

test('a rejection outside a step ends the child as Node does', async () => {
  const service = await one('setTimeout(() => Promise.reject(new Error("too late")), 50)')
  const child = await service.start()
  expect(await child.run(service.step(A))).toMatchObject({ ok: true })
  await until(async () => (await backends(service)) === 0)
  expect(failureIn(await child.run(service.step(A, { direction: 'down' })))).toMatchObject({
    stage: 'crash',
    message: expect.stringContaining('too late'),
  })
})

test('a migration that hangs is killed, with what it started, and leaves nothing', async () => {
  const up = `await q.query("create table t ()")
    const { spawn } = require('node:child_process')
    console.log(spawn('sleep', ['1000'], { stdio: 'inherit' }).pid)
    await new Promise(() => setInterval(() => {}, 1000))`
  const service = await one(up)
  const child = await service.start()
  const running = child.run(service.step(A))
  await until(async () => service.output.length > 0)
  expect(child.backendPid).toEqual(expect.any(Number))
  await child.kill()
  expect(failureIn(await running)).toMatchObject({ stage: 'cancelled', message: `stopped while it ran ${A}` })
  const grandchild = Number(service.output[0])
  await until(async () => !isAlive(grandchild))
  await until(async () => (await backends(service)) === 0)
  expect(await service.query(`select to_regclass('t') as t`)).toEqual([{ t: null }])
})

test('a child that is in the middle when its pipe closes ends at once', async () => {
  const service = await one('await q.query("create table t ()"); console.log("here"); await new Promise(() => setInterval(() => {}, 1000))')
  const child = await service.start()
  const running = child.run(service.step(A))
  await until(async () => service.output.length > 0)
  await child.end()
  expect(failureIn(await running).stage).toBe('crash')
  await until(async () => (await backends(service)) === 0)
})

test('when its parent dies, the child ends and its locks are free', async () => {
  const service = await one('await q.query("create table t ()"); await new Promise(() => setInterval(() => {}, 1000))')
  const step = JSON.stringify(service.step(A), (_, value) => (typeof value === 'bigint' ? String(value) : value))
  const parent = await program(`import { startTypeorm } from './src/runtimes/typeorm/index.ts'
const spec = ${JSON.stringify(service.spec)}
const child = await startTypeorm({ ...spec, onOutput() {} })
console.log(child.pid)
await child.run({ ...${step}, orphanKey: 4712n })`)
  cpSync(join(import.meta.dirname, 'typeorm-child'), join(dirname(parent), 'typeorm-child'), { recursive: true })
  const held = 'select pg_try_advisory_lock(4712) as free, pg_advisory_unlock(4712)'
  const ended = await run(parent, [], async (started) => {
    await until(async () => (await service.query(held))[0]?.free === false)
    started.kill('SIGKILL')
  })
  await until(async () => !isAlive(Number(ended.stdout)))
  await until(async () => (await service.query(held))[0]?.free === true)
  await until(async () => (await backends(service)) === 0)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
