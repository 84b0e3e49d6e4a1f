import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connect, freshDatabase } from '../../server.ts'
import { tool } from '../../tools.ts'
import { failureIn, key, makeService, migration } from './service.ts'

const A = 'Accounts1700000000001'
const file = 'src/migrations/a.js'

/** A service with one migration. */
const one = (up: string, more: Readonly<Record<string, string>> = {}) => makeService({ files: { [file]: migration(A, up), ...more } })

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await sleep(20)
}

test('a DataSource that leads to another database runs nothing', async () => {
  const thing = `exports.Thing = new (require('typeorm').EntitySchema)({
    name: 'thing', columns: { id: { type: 'uuid', primary: true, generated: 'uuid' } } })`
  const service = await makeService({
    files: { [file]: migration(A, ''), 'src/thing.js': thing },
    datasource: `migrations: ['src/migrations/*.js'], entities: ['src/thing.js']`,
  })
  const other = await freshDatabase()
  service.spec.env = { ...service.spec.env, DATABASE_URL: other.url }
  const child = await service.start()
  const failure = failureIn(await child.run(service.step(A)))
  expect(failure.stage).toBe('elsewhere')
  expect(failure.message).toContain(`database ${other.name} at `)
  const client = await connect(other.url)
  // TypeORM creates the extension when it connects, for the entity.
  expect((await client.query(`select from pg_extension where extname = 'uuid-ossp'`)).rowCount).toBe(0)
  await client.end()
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
  const hint = 'cd app && npm install left-pad'
  expect(failureIn(await (await imports.start()).run(imports.step(A)))).toMatchObject({ stage: 'load', hint })
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

test('a driver that is not installed is named', async () => {
  const service = await one('')
  const packages = join(tool('typeorm-0.3'), 'node_modules')
  const own = join(service.folder, 'node_modules')
  rmSync(own)
  // Empty rather than left out: folders above have one.
  mkdirSync(join(own, 'pg'), { recursive: true })
  writeFileSync(join(own, 'pg', 'package.json'), '{ "main": "gone.js" }')
  for (const name of readdirSync(packages)) if (name !== 'pg') symlinkSync(join(packages, name), join(own, name))
  service.spec.env = { ...service.spec.env, NODE_OPTIONS: '--preserve-symlinks' }
  await expect((await service.start()).facts()).rejects.toMatchObject({
    code: 'RUNTIME-MISSING',
    details: { hint: 'cd app && npm install pg' },
  })
})
