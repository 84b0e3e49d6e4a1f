import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { folderOf, shopFiles, skein, sql, stateOf } from './kit.ts'

const third = {
  'migrations/000003_index_items.up.sql': 'create index concurrently items_name on items (name);\n',
  'migrations/000003_index_items.down.sql': 'drop index concurrently items_name;\n',
}
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)

/** A service's life, verb by verb: what is printed where, the exit code, and the shapes that docs/reference/json.md promises. */
describe.concurrent('verbs', () => {
  it('plan, up, status, down, goto, redo, reset, logs, verify, locks: text', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url, MIGRATION_DIR: 'migrations' }
    const folder = folderOf({ ...shopFiles(), ...third })
    const transcript: [string[], number, RegExp, RegExp][] = [
      [['status'], 0, / pending {2}0 applied {2}3 pending {2}empty [^]*\[ \] {2}000001_create_items {2}pending\n/, /^$/],
      [['status', '--check'], 9, /3 pending/, /^$/],
      [
        ['plan', '--check'],
        9,
        /^1 {2}up {2}\S+ {2}1 create_items\n2 .*\n3 .* 3 index_items {3}not in one transaction\n\n3 steps in 1 service, 1 database\n/,
        /^$/,
      ],
      [['plan', '--why', '1'], 0, /1 create_items[^]*waits for nothing/, /^$/],
      [['up', '1'], 0, /^✓ 1 migration applied in /, /^✓ \S+ 1 create_items \(/],
      [['up', '--quiet'], 0, /^✓ 2 migrations applied in /, /^$/],
      [['up'], 0, /^nothing to do\n$/, /^$/],
      [['status', '--check'], 0, /up-to-date {2}3 applied +at 3 /, /^$/],
      [['status'], 0, /\[X\] {2}000003_index_items +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\n/, /^$/],
      [['verify'], 0, /^3 applied migrations: 3 as applied\n$/, /^$/],
      [['locks'], 0, /^nobody holds any of \d+ keys of 1 services?\n$/, /^$/],
      [['down', '--yes'], 0, /^✓ 1 migration taken back in /, /^✓ down \S+ 3 index_items \(/],
      [['goto', '3'], 0, /^✓ 1 migration applied in /, /^✓ \S+ 3 index_items/],
      [['goto', '1'], 2, /^$/, /^CONFIRM-NEEDED: .*take back 2 migrations[^]*next: add --yes/],
      [['goto', '1', '--yes'], 0, /^✓ 2 migrations taken back/, /down \S+ 3 [^]*down \S+ 2 /],
      [['goto', 'none', '--yes'], 0, /^✓ 1 migration taken back/, /down \S+ 1 /],
      [['down', '--yes'], 2, /^$/, /^NOTHING-TO-UNDO: [^]*next: /],
      [
        ['up', '--log-format', 'link'],
        0,
        /^✓ 3 migrations applied/,
        /-migrations\] Successfully applied migration 001_create_items\n[^]*All migrations completed successfully\n$/,
      ],
      [['redo', '2', '--yes'], 0, /^✓ 2 migrations applied, 2 migrations taken back/, /down \S+ 3 /],
      [['reset', '--yes'], 0, /^✓ 3 migrations applied, 3 migrations taken back/, /down \S+ 1 /],
      [['down', '--all', '--yes'], 0, /^✓ 3 migrations taken back/, /down \S+ 1 /],
      [['logs', '-n', '2'], 0, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}down {3}ok {2}3 steps .*\n.*Z {2}reset {2}ok {2}6 steps .*\n$/, /^$/],
      [['validate'], 0, /^3 migrations in 1 service: no errors/, /^$/],
    ]
    for (const [args, code, stdout, stderr] of transcript) {
      const ran = await skein(folder, args, { env })
      expect({ args, ...ran }).toEqual({ args, code, stdout: expect.stringMatching(stdout), stderr: expect.stringMatching(stderr) })
    }
  }, 120_000)

  it('adopt, baseline, force, mark: what is recorded, without running anything', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf({ ...shopFiles(), 'skein.yaml': 'services: { shop: { path: migrations } }\n' })
    const rows = () => sql(env.DATABASE_URL, 'select version::text, dirty from schema_migrations')
    const go = async (code: number, ...args: string[]) => {
      const ran = await skein(folder, args, { env })
      expect({ args, said: ran.stderr, code: ran.code }).toEqual({ args, said: ran.stderr, code })
      return ran
    }
    expect((await go(0, 'baseline', '1', '--yes')).stdout).toMatch(/^✓ shop recorded as applied: 1 /)
    expect(await rows()).toEqual([{ version: '1', dirty: false }])
    expect((await go(2, 'baseline', 'shop', '2', '--yes')).stderr).toMatch(
      /^USAGE: shop has a history already \(1 version in public\.schema_migrations/,
    )
    expect((await go(0, 'force', 'shop', '2', '--yes', '--because', 'made by hand')).stdout).toMatch(/^✓ shop recorded as applied: 2 /)
    expect(await rows()).toEqual([{ version: '2', dirty: false }])
    expect((await go(0, 'force', 'none', '--yes')).stdout).toMatch(/^✓ shop recorded as not applied: 1, 2 /)
    await sql(env.DATABASE_URL, 'delete from schema_migrations; insert into schema_migrations values (2, false)')
    expect((await go(0, 'adopt')).stdout).toMatch(/^✓ shop recorded as applied: /)
    expect((await go(0, 'adopt')).stdout).toBe('nothing to record: ledger and tables agree\n')
    expect((await go(0, 'adopt', '--dry-run')).stdout).toBe('-- nothing to record: ledger and tables agree\n')
    expect((await go(0, 'mark', '2', '--not-applied', '--because', 'it is not')).stdout).toMatch(/^✓ shop recorded as not applied: 2 /)
    expect(await rows()).toEqual([{ version: '1', dirty: false }])
  }, 120_000)

  it('--dry-run of every verb that writes: SQL with its transaction boundaries, and nothing is written', async () => {
    const { url } = await freshDatabase()
    const env = { DATABASE_URL: url }
    const folder = folderOf({ ...shopFiles(), ...third })
    expect(await skein(folder, ['up', '--dry-run'], { env })).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /^-- \S+@1 in .*: one transaction\nbegin;\n[^]*create table items[^]*\ncommit;\n\n[^]*-- outside a transaction\ncreate index concurrently/,
      ),
    })
    expect(await stateOf(url)).toEqual([])
    await skein(folder, ['up', '2'], { env })
    const before = await stateOf(url)
    await Promise.all(
      [
        ['up'],
        ['down'],
        ['goto', '1'],
        ['redo'],
        ['reset'],
        ['force', '1'],
        ['mark', '2', '--not-applied', '--because', 'x'],
        ['adopt'],
      ].map(async (args) => {
        const ran = await skein(folder, [...args, '--dry-run'], { env })
        expect({ args, code: ran.code, stderr: ran.stderr }).toEqual({ args, code: 0, stderr: '' })
        expect(ran.stdout).toMatch(args[0] === 'adopt' ? /nothing to record/ : /^begin;$[^]*^commit;$/m)
      }),
    )
    expect(await stateOf(url)).toEqual(before)
  }, 120_000)

  it('--json of each', async () => {
    const { url } = await freshDatabase()
    const env = { DATABASE_URL: url }
    const folder = folderOf({ ...shopFiles(), 'skein.yaml': 'services: { shop: { path: migrations } }\n' })
    const json = async (code: number, ...args: string[]): Promise<unknown> => {
      const ran = await skein(folder, [...args, '--json', '--quiet'], { env })
      expect({ args, code: ran.code, stderr: ran.stderr }).toEqual({ args, code, stderr: '' })
      return JSON.parse(ran.stdout)
    }
    const step = { id: 'shop@1', service: 'shop', version: '1', name: 'create_items', direction: 'up' }
    expect(await json(0, 'up', '1')).toMatchObject({
      run: expect.stringMatching(/^[0-9a-f-]{36}$/),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      outcome: 'ok',
      exit: 0,
      ms: expect.any(Number),
      steps: [{ ...step, outcome: 'done', ms: expect.any(Number), error: null }],
      databases: { shop: expect.stringContaining(' as postgres') },
      notes: [],
    })
    expect(await json(0, 'status')).toMatchObject({
      environment: null,
      services: [
        {
          name: 'shop',
          tool: 'golang-migrate',
          database: expect.stringContaining(' as postgres'),
          table: 'public.schema_migrations',
          state: 'pending',
          current: '1',
          applied: 1,
          pending: 1,
          outOfOrder: 0,
          ahead: 0,
          migrations: [
            { version: '1', name: 'create_items', id: '000001_create_items', state: 'applied', appliedAt: time, kind: 'executed' },
            { version: '2', name: 'add_price', state: 'pending', appliedAt: null, kind: null },
          ],
          problems: [],
          lockedBy: [],
          error: null,
        },
      ],
    })
    expect(await json(0, 'plan')).toMatchObject({
      digest: expect.any(String),
      basis: expect.any(String),
      steps: [{ id: 'shop@2', after: [], transactional: true, statements: 1 }],
    })
    expect(await json(0, 'verify')).toMatchObject({
      migrations: [{ service: 'shop', version: '1', result: 'same' }],
      warnings: [],
      brokenAudit: [],
      exit: 0,
    })
    expect(await json(0, 'validate')).toMatchObject({
      services: [{ name: 'shop', tool: 'golang-migrate', migrations: 2 }],
      findings: [],
      exit: 0,
    })
    expect(await json(0, 'logs')).toMatchObject({
      runs: [{ verb: 'up', outcome: 'ok', error: null, startedAt: time, did: [{ service: 'shop', version: '1', direction: 'up' }] }],
    })
    expect(await json(0, 'locks')).toMatchObject({
      locks: expect.arrayContaining([
        expect.objectContaining({ service: 'shop', whose: 'skein', key: expect.stringMatching(/^-?\d+$/), holders: [] }),
      ]),
    })
    expect(await json(0, 'wait')).toMatchObject({ databases: [{ database: expect.any(String), ms: expect.any(Number) }] })
    expect(await json(0, 'up', '--dry-run')).toMatchObject({
      outcome: 'dry-run',
      run: null,
      sql: [{ step: 'shop@2', how: 'one transaction', text: expect.stringContaining('commit;') }],
    })
    expect(await json(0, 'force', '2', '--yes')).toMatchObject({ edits: [{ service: 'shop', added: ['2'], removed: [] }], exit: 0 })
    writeFileSync(join(folder, 'migrations/000003_bad.up.sql'), 'create table items (id int);\n')
    expect(await json(1, 'up')).toMatchObject({
      outcome: 'failed',
      exit: 1,
      steps: [
        {
          id: 'shop@3',
          outcome: 'failed',
          error: { code: 'STEP-FAILED', sqlstate: '42P07', place: { file: 'migrations/000003_bad.up.sql' }, hint: expect.any(String) },
        },
      ],
    })
    expect(await json(2, 'up', 'shpo')).toMatchObject({
      error: { code: 'SERVICE-UNKNOWN', message: expect.any(String), hint: expect.stringContaining('shop') },
    })
    expect(await json(0, 'init', '--dry-run')).toMatchObject({ written: false, services: [{ path: 'migrations' }] })
    expect(await json(0, 'embedded', 'status')).toMatchObject({ state: 'absent', pid: null })
  }, 120_000)

  it('aliases that other tools have taught people', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf(shopFiles())
    for (const args of [
      ['upgrade', '1'],
      ['migrate'],
      ['revert', '--yes'],
      ['deploy'],
      ['undo', '--yes'],
      ['latest'],
      ['info'],
      ['show'],
      ['list'],
    ]) {
      const ran = await skein(folder, args, { env })
      expect({ args, code: ran.code, said: ran.stderr }).toEqual({ args, code: 0, said: ran.stderr })
    }
  }, 120_000)
})
