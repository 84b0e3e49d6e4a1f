import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, skein, sql, stateOf } from './kit.ts'

const tell = `run: 'echo "$SKEIN_HOOK $SKEIN_SERVICE \${SKEIN_STEP:--} \${SKEIN_STATUS:--} \${SKEIN_ERROR_CODE:--} $SKEIN_DONE/$SKEIN_STEPS" >> log'`
const everything = ['before-run', 'before-service', 'before-step', 'after-step', 'after-service', 'after-run']
  .map((moment) => `  ${moment}: [{ ${tell} }]\n`)
  .join('')

/** A shop and a till that needs it, in one database, with these hooks at the top of the file and in the shop. */
async function platform(hooks: string, { shop = '', files = {} }: { shop?: string; files?: Record<string, string> } = {}) {
  const { url } = await freshDatabase()
  const folder = folderOf({
    'skein.yaml': `services:
  shop: { path: shop, tool: golang-migrate, table: shop_migrations${shop === '' ? '' : `, hooks: ${shop}`} }
  till: { path: till, tool: golang-migrate, table: till_migrations, needs: [shop] }
hooks:
${hooks}`,
    ...shopFiles('shop'),
    'till/000001_create_till.up.sql': 'create table till (id int primary key, item bigint references items);\n',
    'till/000001_create_till.down.sql': 'drop table till;\n',
    ...files,
  })
  const env = { DATABASE_URL: url, PATH: process.env['PATH'] }
  const go = async (code: number, ...args: string[]) => {
    const ran = await inProcess(folder, args, { env })
    expect({ args, code: ran.code, said: ran.stdout + ran.stderr }).toEqual({ args, code, said: ran.stdout + ran.stderr })
    return ran
  }
  const log = (name = 'log') => {
    const path = join(folder, name)
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
  }
  return { url, folder, env, go, log }
}

describe.concurrent('hooks', () => {
  it('run before and after a run, each service and each step, outermost first and back, and are told what happens', async () => {
    const p = await platform(everything, { shop: `{ before-step: [{ run: 'echo own $SKEIN_VERSION >> log' }] }` })
    await p.go(0, 'up')
    expect(p.log()).toEqual([
      'before-run  - - - /3',
      'before-service shop - - - /2',
      'before-step shop shop@1 - - /1',
      'own 1',
      'after-step shop shop@1 success - 1/1',
      'before-step shop shop@2 - - /1',
      'own 2',
      'after-step shop shop@2 success - 1/1',
      'after-service shop - success - 2/2',
      'before-service till - - - /1',
      'before-step till till@1 - - /1',
      'after-step till till@1 success - 1/1',
      'after-service till - success - 1/1',
      'after-run  - success - 3/3',
    ])
  })

  it('hear run, verb, digest, direction, tool, database, environment and time, and no password', async () => {
    const p = await platform(
      `  before-run: [{ run: env >> log }]\n  after-step: [{ run: 'env | sort >> steps' }]\nenvironments: { staging: {} }\n`,
    )
    const url = new URL(p.url)
    const plan = JSON.parse((await p.go(0, 'plan', '--env', 'staging', '--json')).stdout)
    const report = JSON.parse((await p.go(0, 'up', '--env', 'staging', '--json')).stdout)
    expect(p.log()).toEqual(
      expect.arrayContaining([
        `SKEIN_RUN=${report.run}`,
        'SKEIN_VERB=up',
        `SKEIN_PLAN_DIGEST=${plan.digest}`,
        'SKEIN_SERVICES=shop till',
        'SKEIN_DIRECTION=up',
        'SKEIN_ENV=staging',
        'SKEIN_STEPS=3',
      ]),
    )
    const steps = p.log('steps')
    for (const line of ['SKEIN_TOOL=golang-migrate', 'SKEIN_NAME=create_items', 'SKEIN_VERSION=1', 'SKEIN_STEP=till@1'])
      expect(steps).toContain(line)
    expect(steps.find((line) => line.startsWith('SKEIN_DATABASE='))).toContain(`${url.pathname.slice(1)} as `)
    expect(steps.some((line) => /^SKEIN_DURATION_MS=\d+$/.test(line))).toBe(true)
    expect(steps.filter((line) => line.startsWith('SKEIN_') && line.includes(url.password || '\0'))).toEqual([])
  })

  it('do not run when nothing is to do, in a plan, in a dry run, and with --no-hooks; a plan shows them, without their command', async () => {
    const p = await platform(`${everything}  `.replace('before-run: [{', 'before-run: [{ name: ask the pager,'))
    const plan = await p.go(0, 'plan')
    expect(plan.stdout).toContain('hook: before-run ask the pager\n')
    expect(plan.stdout).toContain('hook: after-step skein.yaml:8\n')
    expect(plan.stdout).not.toContain('echo')
    expect(JSON.parse((await p.go(0, 'plan', '--json')).stdout).hooks[0]).toEqual({
      moment: 'before-run',
      name: 'ask the pager',
      services: ['shop', 'till'],
    })
    expect((await p.go(0, 'plan', '--no-hooks')).stdout).not.toContain('hook:')
    const own = await platform(everything, { shop: '{ before-step: [{ run: a, name: in }], after-step: [{ run: a, name: out }] }' })
    const { hooks } = JSON.parse((await own.go(0, 'plan', '--json')).stdout) as { hooks: { name: string }[] }
    const names = hooks.map(({ name }) => name)
    expect(names.slice(2, 6)).toEqual(['skein.yaml:7', 'in', 'out', 'skein.yaml:8'])
    await p.go(0, 'up', '--dry-run')
    await p.go(0, 'up', '--no-hooks')
    await p.go(0, 'up')
    expect(p.log()).toEqual([])
    await p.go(0, 'down', 'till', '--yes')
    expect(p.log().at(-1)).toBe('after-run  - success - 1/1')
    expect((await p.go(0, 'plan')).stdout).toContain('hook: before-step')
  })

  it('before a run: a failure stops it with HOOK-FAILED before anything is written, and what comes after runs', async () => {
    const p = await platform(
      `  before-run: [{ run: 'echo no frogs >&2; exit 3' }, { run: 'echo second >> log' }]\n  after-run: [{ ${tell} }]\n`,
    )
    const before = await stateOf(p.url)
    const { stderr } = await p.go(1, 'up')
    expect(stderr).toContain('HOOK-FAILED: the before-run hook skein.yaml:5 failed: exit code 3: no frogs')
    expect(stderr).toMatch(/at skein\.yaml:5:\d+/)
    expect(stderr).toContain('before-run skein.yaml:5 │ no frogs')
    expect(await stateOf(p.url)).toEqual(before)
    expect(await sql(p.url, "select to_regclass('skein.run') as ledger")).toEqual([{ ledger: null }])
    expect(p.log()).toEqual(['after-run  - failure HOOK-FAILED /3'])
    expect(JSON.parse((await p.go(1, 'up', '--json')).stdout).error).toMatchObject({
      code: 'HOOK-FAILED',
      place: { file: 'skein.yaml', line: 5 },
    })
    await p.go(0, 'up', '--no-hooks')
  })

  it('before a service or a step: the step does not begin, the ones before stay, and the next run goes on', async () => {
    const p = await platform(`${everything}`, { shop: `{ before-step: [{ run: 'test $SKEIN_VERSION != 2 || test -e ok' }] }` })
    const { stderr } = await p.go(1, 'up')
    expect(stderr).toMatch(/HOOK-FAILED: the before-step hook skein.yaml:2 failed: exit code 1/)
    expect(p.log().slice(-5)).toEqual([
      'after-step shop shop@1 success - 1/1',
      'before-step shop shop@2 - - /1',
      'after-step shop shop@2 failure HOOK-FAILED 0/1',
      'after-service shop - failure HOOK-FAILED 1/2',
      'after-run  - failure HOOK-FAILED 1/3',
    ])
    const [shop, till] = JSON.parse((await p.go(0, 'status', '--json')).stdout).services
    expect([shop.state, shop.current, till.applied]).toEqual(['pending', '1', 0])
    writeFileSync(join(p.folder, 'ok'), '')
    await p.go(0, 'up')

    const q = await platform(`  before-service: [{ run: 'test $SKEIN_SERVICE = shop' }]\n`)
    await q.go(1, 'up')
    expect(await sql(q.url, "select to_regclass('items') is not null as items, to_regclass('till') is null as no_till")).toEqual([
      { items: true, no_till: true },
    ])
  })

  it('after something: a failure is a warning, hides no failure, and is one only where it is required', async () => {
    const broken = { 'shop/000002_add_price.up.sql': 'alter table nothing add column price int;\n' }
    const p = await platform(`  after-step: [{ name: bad, run: exit 4 }]\n  after-run: [{ name: worse, run: exit 5, required: true }]\n`, {
      files: broken,
    })
    const failed = await p.go(1, 'up')
    expect(failed.stderr).toContain('STEP-FAILED')
    expect(failed.stderr).toContain('warning: shop: the after-step hook bad failed: exit code 4')
    expect(failed.stderr).toContain('warning: the after-run hook worse failed: exit code 5')
    expect(failed.stderr).not.toContain('HOOK-FAILED')

    const q = await platform(`  after-step: [{ name: bad, run: exit 4 }]\n`)
    expect((await q.go(0, 'up')).stderr).toContain('warning: shop: the after-step hook bad failed')

    const r = await platform(`  after-step: [{ run: 'test $SKEIN_VERSION != 2', required: true }]\n`)
    const { stderr } = await r.go(1, 'up')
    expect(stderr).toContain('HOOK-FAILED: the after-step hook')
    expect(stderr).toMatch(/2 migrations applied.*1 not started/)
    expect(await sql(r.url, "select to_regclass('till') as till, outcome, error ->> 'code' as code from skein.run")).toEqual([
      { till: null, outcome: 'failed', code: 'HOOK-FAILED' },
    ])
    await r.go(0, 'up')

    const s = await platform(`  after-run: [{ run: exit 5, required: true }]\n`)
    const report = JSON.parse((await s.go(1, 'up', '--json')).stdout)
    expect([report.outcome, report.exit, report.error.code]).toEqual(['failed', 1, 'HOOK-FAILED'])
    expect(report.steps.map((step: { outcome: string }) => step.outcome)).toEqual(['done', 'done', 'done'])
  })

  it('after something: `on` chooses', async () => {
    const p = await platform(
      `  after-run: [{ run: 'echo good >> log', on: [success] }, { run: 'echo bad $SKEIN_ERROR_CODE >> log', on: [failure] }]\n`,
      {
        files: { 'till/000001_create_till.up.sql': 'select 1/0;\n' },
      },
    )
    await p.go(1, 'up')
    await p.go(0, 'down', 'shop', '--yes')
    expect(p.log()).toEqual(['bad STEP-FAILED', 'good'])
  })

  it('have a time: the whole process group is stopped when it is over', async () => {
    const p = await platform(`  before-step: [{ run: 'sleep 61 & echo $! > pid; trap "" TERM; sleep 62; sleep 63', timeout: 300ms }]\n`)
    const { stderr } = await p.go(1, 'up')
    expect(stderr).toContain('it took longer than 0.3 s and was stopped')
    expect(isAlive(Number(p.log('pid')[0]))).toBe(false)
  })

  it('are told of an error however long it is, and may have all the time in the world', async () => {
    const p = await platform(`  after-run: [{ run: 'echo "$SKEIN_ERROR" > log', timeout: 1000h }]\n`, {
      files: { 'shop/000002_add_price.up.sql': "do $$ begin raise exception '%', repeat('long ', 100000); end $$;\n" },
    })
    const ran = await p.go(1, 'up')
    expect(ran.stderr).not.toContain('hook skein.yaml:5 failed')
    expect(p.log().join().length).toBe(16_384)
  })

  it('a program that cannot be started says so without the words of its command', async () => {
    const p = await platform(`  before-run: [{ run: [./nothing, secret-word] }]\n`)
    const ran = await p.go(1, 'up')
    expect(ran.stderr).toContain('it could not be started: there is no such program')
    expect(ran.stderr).not.toContain('secret-word')
    const q = await platform(`  before-run: [{ run: [echo, "\\0", secret-word] }]\n`)
    const other = await q.go(1, 'up')
    expect(other.stderr).toContain('it could not be started: ERR_INVALID_ARG_VALUE')
    expect(other.stderr).not.toContain('secret-word')
  })

  it('SQL: a connection of its own in the database of what it is about, told by settings', async () => {
    const p = await platform(
      `  before-run: [{ sql: "create table if not exists heard (at serial, what text); insert into heard (what) values (current_setting('skein.hook'))" }]
  before-step: [{ sql: ask.sql }]
  after-step: [{ sql: "insert into heard (what) select current_setting('skein.status') || ' ' || (select version from shop_migrations) || ' $HOME' where current_setting('skein.service') = 'shop'" }]\n`,
      { files: { 'ask.sql': "insert into heard (what) values (current_setting('skein.step'));\n" } },
    )
    await p.go(0, 'up', 'shop')
    expect(await sql(p.url, 'select what from heard order by at')).toEqual(
      ['before-run', 'shop@1', 'success 1 $HOME', 'shop@2', 'success 2 $HOME'].map((what) => ({ what })),
    )
    writeFileSync(join(p.folder, 'ask.sql'), 'insert into heard (what) values (1); select 1/0;\n')
    expect((await p.go(1, 'up')).stderr).toMatch(/the before-step hook skein.yaml:6 failed: division by zero \(22012\), in .*/)
    expect(await sql(p.url, 'select count(*)::int as n from heard')).toEqual([{ n: 6 }])
    writeFileSync(join(p.folder, 'ask.sql'), 'select pg_sleep(60);\n')
    const slow = readFileSync(join(p.folder, 'skein.yaml'), 'utf8').replace('sql: ask.sql', 'sql: ask.sql, timeout: 300ms')
    writeFileSync(join(p.folder, 'skein.yaml'), slow)
    expect((await p.go(1, 'up', '--json')).stdout).toContain('took longer than 0.3 s')
    expect(
      await sql(
        p.url,
        "select pid from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid() and state = 'active'",
      ),
    ).toEqual([])
  })

  it('SQL of a service: its role and its schema, which those of a run do not take', async () => {
    const { url } = await freshDatabase()
    const role = `owner_${new URL(url).pathname.slice(1)}`
    await sql(
      url,
      `create role ${role}; create schema own authorization ${role}; create table public.who (what text); grant insert on public.who to ${role}`,
    )
    const told = (moment: string) => `insert into public.who select '${moment} ' || current_user || ' ' || current_schema`
    const folder = folderOf({
      'skein.yaml': `services: { shop: { path: shop, tool: golang-migrate, role: ${role}, schema: own } }
hooks: { before-run: [{ sql: "${told('run')}" }], before-step: [{ sql: "${told('step')}" }] }\n`,
      'shop/1_a.up.sql': 'create table a (id int);\n',
    })
    const ran = await inProcess(folder, ['up'], { env: { DATABASE_URL: url } })
    expect({ code: ran.code, said: ran.stderr }).toMatchObject({ code: 0 })
    const [me] = await sql<{ me: string }>(url, 'select current_user as me')
    expect(await sql(url, 'select what from public.who')).toEqual([{ what: `run ${me?.me} public` }, { what: `step ${role} own` }])
    await sql(url, `drop owned by ${role} cascade; drop role ${role}`)
  })

  it('files: those of the including file stand around, each runs in its own folder; mistakes have their line', async () => {
    const p = await platform(
      `  before-step: [{ run: 'echo outer >> log' }]\n  after-step: [{ run: 'echo outer after >> log' }]\ninclude: [inner]\n`,
      {
        files: {
          'inner/skein.yaml': `services: { deep: { path: m, tool: golang-migrate, table: deep_migrations } }
hooks:
  before-step: [{ run: [sh, -c, 'echo inner $(basename $PWD) >> ../log'] }]
  after-step: [{ run: 'echo inner after >> ../log' }]
`,
          'inner/m/1_a.up.sql': 'select 1;\n',
        },
      },
    )
    await p.go(0, 'up', 'inner/deep')
    expect(p.log()).toEqual(['outer', 'inner inner', 'inner after', 'outer after'])

    const bad = await platform(`  before-run:
    - { run: a, sql: b }
    - { run: a, timeout: soon }
    - { run: a, required: true }
    - { sql: missing.sql }
    - { rum: a }
  before-lunch: []
`)
    const { stderr } = await bad.go(2, 'plan')
    expect(stderr).toContain('skein.yaml:10:9: unknown key hooks.before-run.4.rum (did you mean run?)')
    expect(stderr).toContain('unknown key hooks.before-lunch')
    writeFileSync(join(bad.folder, 'skein.yaml'), readFileSync(join(bad.folder, 'skein.yaml'), 'utf8').replace(/^.*(rum|lunch).*\n/gm, ''))
    const more = (await bad.go(2, 'plan')).stderr
    expect(more).toContain('skein.yaml:6:7: hooks.before-run.0 needs either run (a command) or sql')
    expect(more).toContain('skein.yaml:7:26: hooks.before-run.1 has a timeout that is no duration: soon')
    expect(more).toContain('hooks.before-run.2 cannot say required')
    expect(more).toContain('hooks.before-run.3 names a file that is not there: missing.sql')
  })

  it('--single-transaction: hooks around the run only', async () => {
    const p = await platform(everything)
    const one = readFileSync(join(p.folder, 'skein.yaml'), 'utf8')
    expect((await p.go(2, 'up', 'shop', '--single-transaction')).stderr).toMatch(/^NOT-SINGLE: .*before-service hook skein.yaml:6/)
    writeFileSync(join(p.folder, 'skein.yaml'), one.replace(/^ {2}(before|after)-(service|step).*\n/gm, ''))
    await p.go(0, 'up', 'shop', '--single-transaction')
    expect(p.log()).toEqual(['before-run  - - - /2', 'after-run  - success - 2/2'])
  })

  it('each step of a service with hooks of steps is committed before the hook of the next, however many there are', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`shop/${String(at + 3).padStart(6, '0')}_n.up.sql`, `create table n${at} ();\n`]),
    )
    const p = await platform(
      `  before-step: [{ sql: "insert into seen select current_setting('skein.version'), count(*) from skein.applied" }]\n`,
      { files: many },
    )
    await sql(p.url, 'create schema skein; create table skein.applied (x int)').catch(() => undefined)
    await sql(p.url, 'drop schema skein cascade; create table seen (version text, applied int)')
    await p.go(0, 'up', 'shop')
    const rows = await sql<{ version: string; applied: number }>(p.url, 'select version, applied from seen order by version::int')
    expect(rows).toEqual(Array.from({ length: 14 }, (_, at) => ({ version: String(at + 1), applied: at })))
  })
})

describe('hooks and signals', () => {
  it('Ctrl-C while a hook before a step runs: its group is ended, what comes after runs, exit 130, nothing half-done', async () => {
    const p = await platform(`  before-step: [{ run: 'sleep 61 & echo $! > pid; sleep 62' }]\n  after-run: [{ ${tell} }]\n`)
    const ran = await skein(p.folder, ['up'], {
      env: p.env,
      onStart: (child) =>
        void (async () => {
          while (!existsSync(join(p.folder, 'pid'))) await sleep(50)
          await sleep(100)
          child.kill('SIGINT')
        })(),
    })
    expect(ran.code, ran.stderr).toBe(130)
    expect(ran.stderr).toContain('INTERRUPTED')
    expect(isAlive(Number(p.log('pid')[0]))).toBe(false)
    expect(p.log()).toEqual(['after-run  - interrupted INTERRUPTED 0/3'])
    expect(await sql(p.url, "select to_regclass('items') as items")).toEqual([{ items: null }])
  })
})

const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'guides', 'hooks.md'), 'utf8')
const [firstYaml = '', , curlYaml = ''] = [...guide.matchAll(/```yaml run\n([^]*?)```/g)].map(([, text]) => text)

describe('docs/guides/hooks.md', () => {
  it('has a first example that is valid, and names every variable', async () => {
    const folder = folderOf({ 'skein.yaml': firstYaml, ...shopFiles('services/wallet/migrations') })
    const { code, stderr } = await inProcess(folder, ['validate'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const told = readFileSync(join(import.meta.dirname, '..', '..', 'src', 'execute', 'hooks', 'told.ts'), 'utf8')
    for (const [name] of told.matchAll(/SKEIN_[A-Z_]+(?=:)/g)) expect(guide).toContain(`\`${name}\``)
  })

  it('tells a server how a run ended, from node and by curl', async () => {
    const script = /```js not-run-here\n\/\/ notify\.mjs\n([^]*?)```/.exec(guide)?.[1] ?? ''
    const yaml = /```yaml run\n# skein\.yaml: tell a webhook\n([^]*?)```/.exec(guide)?.[1] ?? ''
    const heard: unknown[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', () => {
        heard.push(JSON.parse(body))
        response.end('ok')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const p = await platform(yaml.replace(/^hooks:\n/m, ''), { files: { 'notify.mjs': script } })
      const { port } = server.address() as { port: number }
      Object.assign(p.env, { WEBHOOK_URL: `http://127.0.0.1:${port}/services/secret` })
      await p.go(0, 'up')
      writeFileSync(join(p.folder, 'till/000002_broken.up.sql'), 'select 1/0;\n')
      const failed = await p.go(1, 'up')
      expect(failed.stdout + failed.stderr).not.toContain('services/secret')
      expect(heard).toEqual([
        { text: expect.stringMatching(/^✅ up of shop till: success, 3 of 3 migrations in \d+ s$/) },
        { text: expect.stringMatching(/^❌ up of till: failure, 0 of 1 migrations in \d+ s\nSTEP-FAILED: .*division by zero/) },
      ])
      writeFileSync(join(p.folder, 'skein.yaml'), readFileSync(join(p.folder, 'skein.yaml'), 'utf8').replace(/^hooks:[^]*/m, curlYaml))
      await p.go(1, 'up')
      expect(heard.at(-1)).toEqual({ text: 'up: failure' })
    } finally {
      server.close()
    }
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended and was not reaped by anybody yet is none.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
