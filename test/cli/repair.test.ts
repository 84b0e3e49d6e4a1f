import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { examples, folderOf, sql, writeFiles } from './kit.ts'

type Tool = 'golang-migrate' | 'numbered' | 'diesel'
const tools: Tool[] = ['golang-migrate', 'numbered', 'diesel']

/** Versions and files of three migrations: `items`, its column `price`, its column `note`. */
const versions = {
  'golang-migrate': ['1', '2', '3'],
  numbered: ['1', '2', '3'],
  diesel: ['20240101000001', '20240101000002', '20240101000003'],
}
const names = ['create_items', 'add_price', 'add_note']
const ups = [
  'create table items (id bigint primary key, name text);\n',
  'alter table items add column price numeric;\n',
  'alter table items add column note text;\n',
]
const downs = ['drop table items;\n', 'alter table items drop column price;\n', 'alter table items drop column note;\n']

function path(tool: Tool, at: number, direction: 'up' | 'down'): string {
  const version = versions[tool][at] as string
  if (tool === 'diesel') return `migrations/${version}_${names[at]}/${direction}.sql`
  return `migrations/${version.padStart(tool === 'numbered' ? 3 : 6, '0')}_${names[at]}.${direction}.sql`
}

function files(tool: Tool, count = 3): Record<string, string> {
  const all: Record<string, string> = { 'skein.yaml': `services: { shop: { path: migrations, tool: ${tool} } }\n` }
  for (let at = 0; at < count; at++) {
    all[path(tool, at, 'up')] = ups[at] as string
    all[path(tool, at, 'down')] = downs[at] as string
  }
  return all
}

const tables = { 'golang-migrate': 'schema_migrations', numbered: 'migration_records', diesel: '__diesel_schema_migrations' }

async function shop(tool: Tool, count = 3) {
  const { url } = await freshDatabase()
  const folder = folderOf(files(tool, count))
  const env = { DATABASE_URL: url }
  const go = async (code: number, ...args: string[]) => {
    const ran = await inProcess(folder, args, { env })
    expect({ args, code: ran.code, said: ran.stdout + ran.stderr }).toEqual({ args, code, said: ran.stdout + ran.stderr })
    return ran
  }
  const states = async () => {
    const ran = await inProcess(folder, ['repair', '--json'], { env })
    const result = JSON.parse(ran.stdout) as {
      states: { kind: string; subject: string | null; choices: { name: string }[] }[]
      exit: number
    }
    expect(ran.code).toBe(result.exit)
    return result.states.map(({ kind, subject, choices }) => ({ kind, subject, choices: choices.map((one) => one.name) }))
  }
  /** Takes a way out, and then nothing is broken, and the chain tells of it. */
  const choose = async (choice: string, ...words: string[]) => {
    const dry =
      choice === 'resume' ? undefined : await go(0, 'repair', 'shop', ...words, '--choose', choice, '--because', 'seen', '--dry-run')
    if (dry !== undefined) expect(dry.stdout).toMatch(/^begin;$[^]*^commit;$/m)
    expect(await states()).not.toEqual([])
    await go(0, 'repair', 'shop', ...words, '--choose', choice, ...(choice === 'resume' ? [] : ['--because', 'seen']))
    expect(await states()).toEqual([])
    if (choice !== 'resume') {
      const [entry] = await sql<{ what: string; details: unknown }>(url, 'select what, details from skein.audit order by seq desc limit 1')
      expect(entry).toMatchObject({ what: 'repair', details: { service: 'shop', because: 'seen' } })
    }
  }
  return { url, folder, env, go, states, choose, db: <Row extends object>(text: string) => sql<Row>(url, text) }
}

async function toolVersions(s: Awaited<ReturnType<typeof shop>>, tool: Tool): Promise<string[]> {
  return (await s.db<{ version: string }>(`select version::text from ${tables[tool]} order by 1`)).map((row) => row.version)
}

describe.concurrent('repair', () => {
  it('nothing broken: says so and exits with 0; a choice needs something broken and a reason', async () => {
    const s = await shop('golang-migrate')
    expect((await s.go(0, 'repair')).stdout).toBe('nothing is broken in 1 service\n')
    await s.go(0, 'up')
    expect((await s.go(0, 'repair')).stdout).toBe('nothing is broken in 1 service\n')
    expect((await s.go(2, 'repair', 'shop', '--choose', 'accept', '--because', 'x')).stderr).toMatch(
      /^USAGE: accept is no way out of anything/,
    )
    await s.db('update schema_migrations set dirty = true')
    expect((await s.go(2, 'repair', 'shop', '--choose', 'mark-applied')).stderr).toMatch(/^USAGE: mark-applied needs a reason/)
    expect((await s.go(2, 'repair', '--choose', 'guess')).stderr).toMatch(/choices/)
  }, 60_000)

  it.each([
    ['mark-applied', ['2'], '2'],
    ['mark-not-applied', ['2'], '1'],
    ['force', ['3'], '3'],
    ['force', ['none'], undefined],
  ] as const)(
    'dirty, not by us: %s %s',
    async (choice, words, version) => {
      const s = await shop('golang-migrate')
      await s.go(0, 'up', '1')
      await s.db('alter table items add column price numeric; update schema_migrations set version = 2, dirty = true')
      const shown = (await s.go(7, 'repair')).stdout
      expect(shown).toMatch(
        /dirty: golang-migrate's table says 2, dirty[^]*the last run here: up on [^]*add_price makes is there: column items\.price[^]*nothing that 000003_add_note makes is there/,
      )
      expect(shown).toMatch(/migrate -path FOLDER -database URL force 1/)
      await s.choose(choice, ...words)
      expect(await s.db('select version::text, dirty from schema_migrations')).toEqual(
        version === undefined ? [] : [{ version, dirty: false }],
      )
    },
    60_000,
  )

  it('dirty at the first, and dirty with a file that nobody has', async () => {
    const s = await shop('golang-migrate')
    await s.db(
      'create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (1, true)',
    )
    await s.choose('mark-not-applied', '1')
    expect(await s.db('select * from schema_migrations')).toEqual([])
    await s.go(0, 'up')
    await s.db('update schema_migrations set version = 9, dirty = true')
    await s.choose('mark-not-applied', '9')
    expect(await toolVersions(s, 'golang-migrate')).toEqual(['3'])
  }, 60_000)

  const stopped = {
    up: 'create index concurrently items_name on items (name);\nvacuum nothing_here;\n',
    down: 'drop index concurrently items_name;\n',
  }

  it.each(tools.flatMap((tool) => (['resume', 'mark-applied', 'mark-not-applied'] as const).map((choice) => ({ tool, choice }))))(
    'partial, $tool: $choice',
    async ({ tool, choice }) => {
      const s = await shop(tool, 2)
      await s.go(0, 'up', '1')
      const meta = tool === 'diesel' ? { [path(tool, 1, 'up').replace('up.sql', 'metadata.toml')]: 'run_in_transaction = false\n' } : {}
      const up = 'create unique index concurrently items_name on items (name);\n'
      writeFiles(s.folder, { ...meta, [path(tool, 1, 'up')]: up, [path(tool, 1, 'down')]: stopped.down })
      await s.db('insert into items (id, name) values (1, $$a$$), (2, $$a$$)')
      await s.go(1, 'up')
      const version = versions[tool][1] as string
      expect(await s.states()).toEqual([{ kind: 'partial', subject: version, choices: ['resume', 'mark-applied', 'mark-not-applied'] }])
      const shown = (await s.go(7, 'repair')).stdout
      expect(shown).toMatch(/stopped half-way: 0 of 1 statements done[^]*:1: create unique index[^]*is there: index items_name/)
      expect(shown).toMatch(/it was up on .*\n +the server said: .*items_name/)
      await s.db('update items set name = id::text')
      if (choice === 'mark-applied') await s.db('reindex index items_name')
      if (choice === 'mark-not-applied') await s.db('drop index items_name')
      await s.choose(choice, version)
      expect(await toolVersions(s, tool)).toContain(choice === 'mark-not-applied' ? versions[tool][0] : version)
      expect(await s.db('select * from skein.journal')).toEqual([])
    },
    60_000,
  )

  it.each(tools.flatMap((tool) => (['accept', 'restore'] as const).map((choice) => ({ tool, choice }))))(
    'changed, $tool: $choice',
    async ({ tool, choice }) => {
      const s = await shop(tool)
      await s.go(0, 'up')
      const file = join(s.folder, path(tool, 1, 'up'))
      writeFileSync(file, 'alter table items add column price bigint;\n')
      expect(await s.states()).toEqual([{ kind: 'changed', subject: versions[tool][1], choices: ['restore', 'accept'] }])
      const shown = (await s.go(7, 'repair', 'shop')).stdout
      expect(shown).toContain('    -alter table items add column price numeric;\n    +alter table items add column price bigint;\n')
      await s.choose(choice, versions[tool][1] as string)
      expect(readFileSync(file, 'utf8')).toContain(choice === 'restore' ? 'numeric' : 'bigint')
      expect((await s.go(0, 'verify')).stdout).toMatch(/^3 applied migrations: 3 as applied\n$/)
      await s.go(0, 'status', '--check')
      await s.go(0, 'down', '3', '--yes')
    },
    60_000,
  )

  it.each(
    tools.flatMap((tool) => (['restore', 'mark-not-applied'] as const).flatMap((choice) => [1, 2].map((at) => ({ tool, choice, at })))),
  )(
    'a file that is gone, $tool, number $at: $choice',
    async ({ tool, choice, at }) => {
      const s = await shop(tool)
      await s.go(0, 'up')
      const file = join(s.folder, path(tool, at, 'up'))
      if (tool === 'diesel') rmSync(join(file, '..'), { recursive: true })
      else for (const direction of ['up', 'down'] as const) rmSync(join(s.folder, path(tool, at, direction)))
      const kind = at === 2 ? 'ahead' : 'missing'
      expect(await s.states()).toEqual([{ kind, subject: versions[tool][at], choices: ['restore', 'mark-not-applied'] }])
      await s.choose(choice, versions[tool][at] as string)
      if (choice === 'restore')
        expect([file, join(s.folder, path(tool, at, 'down'))].map((one) => readFileSync(one, 'utf8'))).toEqual([ups[at], downs[at]])
      else if (tool !== 'golang-migrate') expect(await toolVersions(s, tool)).not.toContain(versions[tool][at])
      else expect(await toolVersions(s, tool)).toEqual([at === 2 ? '2' : '3'])
      await s.go(0, 'status', '--check')
    },
    60_000,
  )

  const lost = {
    'golang-migrate': 'delete from schema_migrations; insert into schema_migrations values (1, false)',
    numbered: 'delete from migration_records where version = 2',
    diesel: "delete from __diesel_schema_migrations where version = '20240101000002'",
  }
  it.each(tools.flatMap((tool) => (['follow-tool', 'follow-ledger'] as const).map((choice) => ({ tool, choice }))))(
    'table and ledger apart, $tool: $choice',
    async ({ tool, choice }) => {
      const s = await shop(tool)
      if (tool === 'golang-migrate') for (const at of [1, 2]) writeFileSync(join(s.folder, path(tool, at, 'down')), '-- nothing\n')
      await s.go(0, 'up')
      const before = await toolVersions(s, tool)
      await s.db(lost[tool])
      const after = await toolVersions(s, tool)
      expect(await s.states()).toEqual([{ kind: 'apart', subject: null, choices: ['follow-tool', 'follow-ledger'] }])
      await s.choose(choice)
      expect(await toolVersions(s, tool)).toEqual(choice === 'follow-ledger' ? before : after)
    },
    60_000,
  )

  it.each(tools.flatMap((tool) => (['follow-tool', 'follow-ledger'] as const).map((choice) => ({ tool, choice }))))(
    'the table is gone, $tool: $choice',
    async ({ tool, choice }) => {
      const s = await shop(tool)
      await s.go(0, 'up')
      const before = await toolVersions(s, tool)
      await s.db(`drop table ${tables[tool]}`)
      await s.choose(choice)
      expect(await toolVersions(s, tool)).toEqual(choice === 'follow-ledger' ? before : [])
    },
    60_000,
  )

  it.each(['rebuild-index', 'drop-invalid-index'])(
    'an INVALID index that somebody left: %s',
    async (choice) => {
      const s = await shop('golang-migrate')
      await s.go(0, 'up')
      await s.db('insert into items (id, name) values (1, $$a$$), (2, $$a$$)')
      await s.db('create unique index concurrently items_name on items (name)').catch(() => undefined)
      await s.db('update items set name = id::text')
      expect(await s.states()).toEqual([
        { kind: 'invalid-index', subject: 'public.items_name', choices: ['rebuild-index', 'drop-invalid-index'] },
      ])
      await s.choose(choice, 'public.items_name')
      expect(await s.db("select indisvalid from pg_index where indexrelid = to_regclass('items_name')")).toEqual(
        choice === 'rebuild-index' ? [{ indisvalid: true }] : [],
      )
    },
    60_000,
  )

  it('a step of several statements tells which is next, and whether its parts are there', async () => {
    const s = await shop('numbered', 2)
    await s.go(0, 'up', '1')
    writeFiles(s.folder, { [path('numbered', 1, 'up')]: stopped.up, [path('numbered', 1, 'down')]: stopped.down })
    await s.go(1, 'up')
    const shown = (await s.go(7, 'repair')).stdout
    expect(shown).toMatch(
      /1 of 2 statements done[^]*next is statement 2, .*_add_price\.up\.sql:2: vacuum nothing_here\n[^]*is there: index items_name/,
    )
    await s.db('create table nothing_here ()')
    await s.choose('resume')
    await s.db(
      'create view v as select 1; insert into skein.journal (history, version, direction, run, statements, done) select id, $$2$$, $$down$$, gen_random_uuid(), 2, 1 from skein.history',
    )
    expect((await s.go(7, 'repair')).stdout).toMatch(/the down of 2 stopped half-way: 1 of 2[^]*skein down shop 1/)
    await s.choose('mark-applied', '2')
  }, 60_000)

  it('a file with transactions of its own cannot be gone on with', async () => {
    const s = await shop('numbered', 2)
    await s.go(0, 'up', '1')
    writeFiles(s.folder, { [path('numbered', 1, 'up')]: 'begin; create table one (); commit;\nselect 1/0;\nbegin; commit;\n' })
    await s.go(1, 'up')
    expect(await s.states()).toEqual([{ kind: 'partial', subject: '2', choices: ['mark-applied', 'mark-not-applied'] }])
    await s.db('drop table one')
    await s.choose('mark-not-applied')
  }, 60_000)

  it('asks on a terminal, one thing after the other; what is left leaves exit 7', async () => {
    const s = await shop('golang-migrate')
    await s.go(0, 'up')
    for (const at of [0, 1]) writeFileSync(join(s.folder, path('golang-migrate', at, 'up')), `${ups[at]}select ${at};\n`)
    const answered = await inProcess(s.folder, ['repair'], { env: s.env, answers: ['', 'accept', 'it is the same'] })
    expect(answered).toMatchObject({ code: 7, stdout: '✓ shop 2: accept\n', stderr: expect.stringMatching(/changed: [^]*changed: /) })
    const all = await inProcess(s.folder, ['repair'], { env: s.env, answers: ['restore', 'a slip'] })
    expect(all).toMatchObject({ code: 0, stdout: expect.stringMatching(/^✓ shop 1: restore; written: .*create_items\.up\.sql\n$/) })
    expect(await s.states()).toEqual([])
  }, 60_000)

  it('force clears what stopped half-way, up or down', async () => {
    const s = await shop('numbered', 2)
    await s.go(0, 'up', '1')
    writeFiles(s.folder, { [path('numbered', 1, 'up')]: stopped.up })
    await s.go(1, 'up')
    await s.go(0, 'force', 'shop', '1', '--yes')
    expect(await s.states()).toEqual([])
    await s.go(1, 'up')
    await s.go(0, 'force', 'shop', '2', '--yes')
    expect(await s.states()).toEqual([])
  }, 60_000)

  it('a step that failed and left nothing: repair says so, down refuses, down 1 takes back the good one all the same', async () => {
    const { url } = await freshDatabase()
    const root = folderOf({})
    cpSync(join(examples, 'user-service'), root, { recursive: true })
    const go = (...args: string[]) => inProcess(root, [...args, '--env', 'development'], { env: { USER_SERVICE_DATABASE_URL: url } })
    expect(await go('up')).toMatchObject({ code: 0 })
    writeFiles(root, {
      'migrations/000009_bad.up.sql': 'create table user_service.nine ();\nalter table user_service.nope add column x int;\n',
      'migrations/000009_bad.down.sql': 'drop table user_service.nine;\n',
    })
    expect(await go('up')).toMatchObject({ code: 1 })
    expect(await go('repair')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^user-service: the last step, 9 up, failed and left nothing: .*\nnothing is broken in 1 service\n$/),
    })
    const rows = () => sql(url, 'select version::text, dirty from user_service_schema_migrations')
    expect(await go('down', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^NOTHING-TO-UNDO: .*the last step, 9 up, failed and left nothing[^]*next: skein down user-service 1 takes back version 8/,
      ),
    })
    expect(await rows()).toEqual([{ version: '8', dirty: false }])
    expect(await go('down', '1', '--yes')).toMatchObject({ code: 0 })
    expect(await rows()).toEqual([{ version: '7', dirty: false }])
    expect(await go('down', '--yes')).toMatchObject({ code: 0 })
    expect(await rows()).toEqual([{ version: '6', dirty: false }])
    expect(await go('redo', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ 1 migration applied, 1 migration taken back/),
    })
    rmSync(join(root, 'migrations/000009_bad.up.sql'))
    rmSync(join(root, 'migrations/000009_bad.down.sql'))
    expect(await go('reset', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ 8 migrations applied, 6 migrations taken back/),
    })
  }, 60_000)

  it('heads (Alembic): mark moves the end only, and names the way; what Alembic took back is no fault', async () => {
    const { url } = await freshDatabase()
    const revision = (id: string, down: string) =>
      `revision = '${id}'\ndown_revision = ${down}\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n`
    const folder = folderOf({
      'skein.yaml': 'services: { ai: { path: v, tool: alembic } }\n',
      'v/env.py': '',
      'v/versions/a1_x.py': revision('a1', 'None'),
      'v/versions/a2_x.py': revision('a2', "'a1'"),
      'v/versions/a3_x.py': revision('a3', "'a2'"),
    })
    const go = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: url } })
    const heads = async () =>
      (await sql<{ version_num: string }>(url, 'select version_num from alembic_version')).map((row) => row.version_num)
    expect(await go('force', 'ai', 'a2', '--yes')).toMatchObject({ code: 0 })
    expect(await go('mark', 'ai', 'a1', '--not-applied', '--because', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /keeps the heads, and cannot say that a1 alone is not applied[^]*skein force ai VERSION; .*alembic stamp --purge VERSION/,
      ),
    })
    expect(await go('mark', 'ai', 'a3', '--applied', '--because', 'x')).toMatchObject({ code: 0 })
    expect(await heads()).toEqual(['a3'])
    expect(await go('mark', 'ai', 'a3', '--not-applied', '--because', 'x')).toMatchObject({ code: 0 })
    expect(await heads()).toEqual(['a2'])
    await sql(url, "update alembic_version set version_num = 'a1'")
    // As `alembic downgrade` leaves it: taken back by the tool, due again, and nothing is broken.
    expect(await go('repair')).toMatchObject({ code: 0 })
    expect(await go('status', '--check')).toMatchObject({ code: 9, stdout: expect.stringMatching(/a2 +pending/) })
    expect(await go('drop', '--yes')).toMatchObject({ code: 2, stderr: expect.stringMatching(/what a1, a2 made cannot be told from them/) })
  }, 60_000)

  it('mark of what is pending anyway leaves the one row where it is', async () => {
    const s = await shop('golang-migrate')
    await s.go(0, 'up', '1')
    await s.go(0, 'mark', 'shop', '3', '--not-applied', '--because', 'x')
    expect(await toolVersions(s, 'golang-migrate')).toEqual(['1'])
  }, 60_000)

  it('mark on a history that skein has not seen before: what the row implies stays applied', async () => {
    const s = await shop('golang-migrate')
    await s.db(
      `${ups[0]}${ups[1]} create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (2, false)`,
    )
    await s.go(0, 'mark', 'shop', '3', '--applied', '--because', 'made by hand')
    await s.go(0, 'status', '--check')
    const { stderr } = await s.go(2, 'mark', 'shop', '1', '--not-applied', '--because', 'x')
    expect(stderr).toMatch(/cannot say that 1 alone is not applied[^]*skein force shop VERSION[^]*migrate -path FOLDER -database URL force/)
  }, 60_000)
})
