import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { folderOf, skein, sql, stateOf, writeFiles } from './kit.ts'

const base = {
  'migrations/000001_users.up.sql': 'create table users (id int, name text);\n',
  'migrations/000001_users.down.sql': 'drop table users;\n',
  'migrations/000002_index.up.sql': 'create index users_name on users (name);\n',
  'migrations/000002_index.down.sql': 'drop index users_name;\n',
}
const bad = {
  'migrations/000003_tidy.up.sql': 'alter table users add column age int;\n  alter table users drop column name;\n\ntruncate users;\n',
  'migrations/000003_tidy.down.sql': 'select 1;\n',
}
const yaml = (environment: string) =>
  `services:\n  shop: { path: migrations, tool: golang-migrate }\nenvironments:\n  production: ${environment}\n`

interface Refused {
  error: {
    code: string
    message: string
    hint: string
    place: object
    data: { statements: { kind: string; place: object; unseen: boolean }[] }
  }
}

async function failure(folder: string, args: string[], env: NodeJS.ProcessEnv): Promise<Refused['error'] & { exit: number | null }> {
  const ran = await skein(folder, [...args, '--json'], { env })
  return { ...(JSON.parse(ran.stdout) as Refused).error, exit: ran.code }
}

describe('an environment that allows nothing destructive', () => {
  it('refuses plan, dry run and up alike, names each statement, and runs nothing', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url, SKEIN_ENV: 'production' }
    const folder = folderOf({ ...base, ...bad, 'skein.yaml': yaml('{ allow: { destructive: false } }') })
    const before = await stateOf(env.DATABASE_URL)
    for (const args of [['plan'], ['up', '--dry-run'], ['up'], ['up', '3']]) {
      const error = await failure(folder, args, env)
      expect(error).toMatchObject({
        exit: 4,
        code: 'DESTRUCTIVE-REFUSED',
        place: { file: 'migrations/000003_tidy.up.sql', line: 2, column: 3 },
      })
      expect(error.message).toContain(
        'production does not allow what destroys data (environments.production.allow.destructive, skein.yaml:4:39)',
      )
      expect(error.data.statements).toMatchObject([
        { kind: 'ALTER TABLE', what: 'drops the column name of users', place: { line: 2, column: 3 } },
        { kind: 'TRUNCATE', what: 'empties users', place: { line: 4, column: 1 } },
      ])
    }
    expect(await stateOf(env.DATABASE_URL)).toEqual(before)
    // What comes before it may run, and so may the same files elsewhere.
    expect(await skein(folder, ['up', '2'], { env })).toMatchObject({ code: 0 })
    writeFiles(folder, { 'skein.yaml': yaml('{ allow: { destructive: true } }') })
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
  })

  it('refuses going back as well, where that destroys', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const files = { ...base, 'migrations/environments.json': '{ "production": { "allow_destructive_operations": false } }' }
    const folder = folderOf({ ...files, 'skein.yaml': 'services:\n  shop: { path: migrations }\n' })
    expect(await skein(folder, ['up', '--env', 'production'], { env })).toMatchObject({ code: 0 })
    const with2 = await stateOf(env.DATABASE_URL)
    for (const args of [['down', '2'], ['goto', 'none'], ['reset'], ['redo', '2'], ['drop']]) {
      const error = await failure(folder, [...args, '--yes', '--env', 'production'], env)
      expect({ args, ...error }).toMatchObject({
        args,
        exit: 4,
        code: 'DESTRUCTIVE-REFUSED',
        message: expect.stringContaining('migrations/environments.json:1:51'),
      })
    }
    expect(await stateOf(env.DATABASE_URL)).toEqual(with2)
    expect(await skein(folder, ['down', '--yes', '--env', 'production'], { env })).toMatchObject({ code: 0 })
  })

  it('judges what it cannot look into as destructive, until code: true', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url, SKEIN_ENV: 'production' }
    const dynamic = {
      'migrations/000003_do.up.sql': "do $$ begin execute 'select 1'; end $$;\n",
      'migrations/000003_do.down.sql': 'select 1;\n',
    }
    const folder = folderOf({ ...base, ...dynamic, 'skein.yaml': yaml('{ allow: { destructive: false } }') })
    const error = await failure(folder, ['up'], env)
    expect(error).toMatchObject({
      exit: 4,
      hint: expect.stringContaining('code: true'),
      data: { statements: [{ kind: 'DO', unseen: true }] },
    })
    writeFiles(folder, { 'skein.yaml': yaml('{ allow: { destructive: false, code: true } }') })
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
  })

  it('allow_reset: false stops reset and drop', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url, SKEIN_ENV: 'staging' }
    const folder = folderOf({ ...base, 'migrations/environments.json': '{ "environments": { "staging": { "allow_reset": false } } }' })
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
    for (const verb of ['reset', 'drop'])
      expect(await failure(folder, [verb, '--yes'], env)).toMatchObject({ exit: 4, code: 'DESTRUCTIVE-REFUSED' })
    expect(await skein(folder, ['down', '2', '--yes'], { env })).toMatchObject({ code: 0 })
  })
})

describe('environments.json that cannot be read', () => {
  it('a file that is broken stops up, and drop too', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf({ ...base, 'migrations/environments.json': '{ "production": {' })
    for (const args of [['up'], ['plan'], ['drop', '--yes']])
      expect(await failure(folder, args, env)).toMatchObject({
        exit: 2,
        code: 'SOURCE-INVALID',
        place: { file: 'migrations/environments.json', line: 1 },
      })
  })
})

describe('the environment of a database', () => {
  const files = {
    ...base,
    'migrations/development/000003_dev_data.up.sql': "insert into users values (1, 'dev');\n",
    'migrations/development/000003_dev_data.down.sql': 'delete from users where id = 1;\n',
    'migrations/production/000004_tuning.up.sql': 'create index users_id on users (id);\n',
    'migrations/production/000004_tuning.down.sql': 'drop index users_id;\n',
  }

  it('is kept: another one, and the base files alone, are refused', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf(files)
    expect(await skein(folder, ['up', '--env', 'production'], { env })).toMatchObject({ code: 0 })
    const before = await stateOf(env.DATABASE_URL)
    const other = await failure(folder, ['up', '--env', 'development'], env)
    expect(other).toMatchObject({ exit: 7, code: 'ENVIRONMENT-DIFFERS', hint: expect.stringContaining('--env production') })
    const none = await failure(folder, ['up'], env)
    expect(none).toMatchObject({ exit: 7, code: 'ENVIRONMENT-DIFFERS', hint: 'add --env production, or set SKEIN_ENV=production' })
    expect(await stateOf(env.DATABASE_URL)).toEqual(before)
  })

  it('development: a changed file offers redo, and changed: redo runs it again', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url, SKEIN_ENV: 'development' }
    const folder = folderOf(files)
    const names = () => sql<{ name: string }>(env.DATABASE_URL, 'select name from users').then((rows) => rows.map(({ name }) => name))
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
    writeFiles(folder, { 'migrations/development/000003_dev_data.up.sql': "insert into users values (1, 'changed');\n" })
    const changed = await failure(folder, ['up'], env)
    expect(changed).toMatchObject({ exit: 7, code: 'CHANGED' })
    const [, command = ''] = /skein (redo \S+ --env development); with "(.*)" in skein\.yaml/.exec(changed.hint) ?? []
    expect(await skein(folder, [...command.split(' '), '--yes'], { env: { DATABASE_URL: env.DATABASE_URL } })).toMatchObject({ code: 0 })
    expect(await names()).toEqual(['changed'])
    writeFiles(folder, {
      'migrations/development/000003_dev_data.up.sql': "insert into users values (1, 'again');\n",
      'skein.yaml': `services:\n  ${command.split(' ')[1]}: { path: migrations }\nenvironments: { development: { changed: redo } }\n`,
    })
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
    expect(await names()).toEqual(['again'])
  })
})

describe('skein config', () => {
  const canary = 'c4nary-P@ss'
  const files = {
    ...base,
    'skein.yaml':
      'database: ${SHOP_URL}\nservices:\n  shop: { path: migrations, role: owner, aliases: [store] }\n  cart: { path: migrations, table: carts, database: "host=h2 dbname=c user=u password=\'c4nary-P@ss\'" }\nenvironments:\n  production: { changed: warn, backup: high, allow: { destructive: false } }\n',
  }

  it('says what is in force and where it came from, without a database and without secrets', async () => {
    const env = { SHOP_URL: `postgres://u:${encodeURIComponent(canary)}@nowhere.invalid:5/x?sslmode=disable`, MIGRATION_TIMEOUT: '90s' }
    const folder = folderOf(files)
    const ran = await skein(folder, ['config', '--env', 'production', '--json', '--lock-wait', '5s'], { env })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const told = JSON.parse(ran.stdout) as { services: { settings: object }[] }
    expect(told).toMatchObject({
      environment: { value: 'production', from: '--env' },
      run: {
        timeout: { value: 90_000, from: 'MIGRATION_TIMEOUT' },
        'lock-wait': { value: 5_000, from: '--lock-wait' },
        'lock-timeout': { value: 3_000, from: 'default' },
      },
    })
    expect(told.services[0]?.settings).toMatchObject({
      path: { value: ['migrations'], from: 'skein.yaml:3' },
      tool: { value: 'golang-migrate', from: 'told from the files' },
      table: { value: 'schema_migrations', from: 'default' },
      database: { value: 'nowhere.invalid:5/x as u', from: 'skein.yaml:1 with SHOP_URL' },
      role: { value: 'owner', from: 'skein.yaml:3' },
      changed: { value: 'warn', from: 'skein.yaml:6' },
      ahead: { value: 'error', from: 'default' },
      'allow.destructive': { value: false, from: 'skein.yaml:6 (environments.production.allow.destructive)' },
      backup: { value: 'high', from: 'skein.yaml:6 (environments.production.backup)' },
      approve: { value: null, from: 'default' },
    })
    expect(told.services[1]?.settings).toMatchObject({
      table: { value: 'carts', from: 'skein.yaml:4' },
      database: { from: 'skein.yaml:4' },
    })
    const human = await skein(folder, ['config', 'store', '--verbose', '--timeout', '2m'], { env: { ...env, SKEIN_ENV: 'production' } })
    expect(human.stdout).toMatch(/database +nowhere\.invalid:5\/x as u +skein\.yaml:1 with SHOP_URL/)
    expect(human.stdout).toMatch(/environment +production +SKEIN_ENV/)
    expect(human.stdout).toMatch(/timeout +2 min 0 s +--timeout/)
    for (const output of [ran.stdout, human.stdout, human.stderr]) expect(output).not.toMatch(/c4nary/)
  })

  it.each([
    ['DATABASE_URL', { DATABASE_URL: 'postgres://u:c4nary@h/d' }, [], { value: 'h:5432/d as u', from: 'DATABASE_URL' }],
    ['DB_*', { DB_HOST: 'h', DB_NAME: 'd', DB_USER: 'u', DB_PASSWORD: 'c4nary' }, [], { value: 'h:5432/d as u', from: 'DB_*' }],
    ['PG*', { PGHOST: 'h', PGDATABASE: 'd', PGUSER: 'u', PGPASSWORD: 'c4nary' }, [], { value: 'h:5432/d as u', from: 'PG*' }],
    ['a flag', {}, ['-d', 'host=h user=u dbname=d password=c4nary'], { value: 'h:5432/d as u', from: '--database' }],
    ['the embedded server', {}, ['--embedded'], { value: 'embedded:skein', from: '--embedded' }],
    ['nothing', {}, [], { value: null, from: 'default', problem: 'DATABASE-MISSING: no database is configured' }],
    [
      'a URL that cannot be read',
      { DATABASE_URL: 'postgres://u:c4nary@h:port/d' },
      [],
      { value: null, problem: expect.stringMatching(/^URL-INVALID/) },
    ],
  ])('a database from %s', async (_, env, args, database) => {
    const ran = await skein(folderOf(base), ['config', '--json', ...args], { env })
    expect(ran.code).toBe(0)
    expect((JSON.parse(ran.stdout) as { services: object[] }).services[0]).toMatchObject({ settings: { database } })
    expect(ran.stdout + ran.stderr).not.toContain('c4nary')
  })
})
