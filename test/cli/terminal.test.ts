import { beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { skeinProgram } from '../under-test.ts'
import { folderOf, skein, sql } from './kit.ts'
import { onTerminal, type OnTerminal } from './terminal.ts'

/** Names as long as they come, so that eighty columns are not enough. */
const stamped = (service: string, at: number) =>
  Object.fromEntries(
    ['create_the_accounts_of_all_our_customers', 'index_the_accounts_of_all_our_customers'].flatMap((name, n) => [
      [
        `${service}/2024010${at}00000${n}_a1b2c3d${n}_${name}.up.sql`,
        n === 0
          ? `create table ${service}_accounts (id int);\ninsert into ${service}_accounts select 1;\n`
          : `create index concurrently ${service}_i on ${service}_accounts (id);\n`,
      ],
      [
        `${service}/2024010${at}00000${n}_a1b2c3d${n}_${name}.down.sql`,
        n === 0 ? `drop table ${service}_accounts;\n` : `drop index ${service}_i;\n`,
      ],
    ]),
  )
const files = {
  ...stamped('tenants', 1),
  ...stamped('billing', 2),
  'skein.yaml': 'services:\n  platform-tenants: { path: tenants }\n  platform-billing: { path: billing, needs: [platform-tenants] }\n',
}

const folder = folderOf(files)
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  env = { DATABASE_URL: (await freshDatabase()).url }
})

const on = (columns: number, words: readonly string[], more: NodeJS.ProcessEnv = {}, cwd = folder): Promise<OnTerminal> =>
  onTerminal([...skeinProgram, ...words], { cwd, columns, env: { ...env, ...more } })

/** Colours and cursor movements. */
// oxlint-disable-next-line no-control-regex
const escapes = /\u001b/

describe('on a terminal', () => {
  it('plan at 80 columns: names are whole as far as they fit, what is special stands below; at 200 beside', async () => {
    const { screen } = await on(80, ['plan'])
    expect(screen.slice(0, 3)).toEqual([
      '1  up  platform-tenants  20240101000000_a1b2c3d0_create_the_accounts_of_all_our…',
      '2  up  platform-tenants  20240101000001_a1b2c3d1_index_the_accounts_of_all_our_…',
      '   not in one transaction',
    ])
    expect(screen.every((line) => line.length <= 80)).toBe(true)
    const wide = await on(200, ['plan'])
    expect(wide.screen[1]).toBe(
      '2  up  platform-tenants  20240101000001_a1b2c3d1_index_the_accounts_of_all_our_customers   not in one transaction',
    )
  })

  it('up: a line for each service, redrawn in place; nothing is left behind, nothing is cleared but lines', async () => {
    const { screen, raw, code } = await on(80, ['up'])
    expect(code).toBe(0)
    expect(screen.filter((line) => line !== '')).toEqual([
      '✓ platform-tenants 2/2',
      '✓ platform-billing 2/2',
      expect.stringMatching(/^✓ 4 migrations applied in [\d.]+ m?s$/),
    ])
    // The whole screen is never cleared, and the cursor comes back.
    for (const clearing of ['\u001b[2J', '\u001bc']) expect(raw).not.toContain(clearing)
    expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'))
  })

  it('status at 80 columns leaves out what has no place, at 200 it has everything', async () => {
    const { screen } = await on(80, ['status'])
    expect(screen[0]).toMatch(/^platform-tenants {2}up-to-date {2}2 applied {2}at 20240101000001_a1b2c3d1_index_the_a…$/)
    expect(screen.every((line) => line.length <= 80)).toBe(true)
    const wide = await on(200, ['status'])
    expect(wide.screen[0]).toMatch(/^platform-tenants {2}stamped {2}up-to-date {2}2 applied {2}at \S+_customers {2}\S+$/)
  })

  it('TERM=dumb: no colour, no cursor, marks as letters; a pipe has the marks', async () => {
    const dumb = await on(80, ['health'], { TERM: 'dumb' })
    expect(dumb.screen[0]).toBe('+ platform-tenants ready')
    expect(dumb.raw).not.toMatch(escapes)
    expect((await on(80, ['health'], { LC_ALL: 'C' })).raw).toContain('+')
    expect((await skein(folder, ['health'], { env: { ...env, TERM: 'dumb' } })).stdout).toMatch(/^✓ platform-tenants ready\n/)
  })

  it('NO_COLOR and CI: no colour and no live progress; FORCE_COLOR in a pipe', async () => {
    const redo = await on(80, ['redo', 'platform-billing', '--yes'], { NO_COLOR: '1' })
    expect(redo.raw).not.toMatch(escapes)
    expect(redo.screen[0]).toMatch(/^✓ down platform-billing/)
    expect((await on(80, ['health'], { CI: 'true' })).raw).not.toMatch(escapes)
    expect((await on(80, ['health'])).raw).toMatch(escapes)
    expect((await skein(folder, ['health'], { env: { ...env, FORCE_COLOR: '1' } })).stdout).toMatch(escapes)
  })

  it('words of an error are broken at blanks, further in', async () => {
    const { screen, code } = await on(60, ['status', 'nobody'])
    expect(code).toBe(2)
    expect(screen[0]).toBe('SERVICE-UNKNOWN: there is no service nobody')
    expect(screen.every((line) => line.length <= 60)).toBe(true)
    expect(screen[1]).toMatch(/^ {2}next: services here:/)
  })

  it('help is as wide as the terminal, up to a width that reads well', async () => {
    for (const [columns, widest] of [
      [80, 80],
      [200, 120],
    ] as const) {
      const { screen } = await on(columns, ['up', '--help'])
      expect(Math.max(...screen.map((line) => line.length))).toBeLessThanOrEqual(widest)
    }
  })
})

describe('--verbose: every statement with its time', () => {
  it('up and down: transactions and what stands alone', async () => {
    const url = (await freshDatabase()).url
    const up = await skein(folder, ['up', 'platform-tenants', '-v'], { env: { DATABASE_URL: url } })
    expect(up.code).toBe(0)
    const time = String.raw`(?:< 1 ms|\d+ ms|[\d.]+ s)`
    const id = (number: number) => String.raw`platform-tenants@2024010100000${number}\S*`
    expect(up.stderr).toMatch(new RegExp(`^  ${id(0)} 1/2 +${time}  create table tenants_accounts \\(id int\\)$`, 'm'))
    expect(up.stderr).toMatch(new RegExp(`^  ${id(0)} 2/2 +${time}  insert into tenants_accounts select 1$`, 'm'))
    expect(up.stderr).toMatch(new RegExp(`^  ${id(1)} 1/1 begins: create index concurrently`, 'm'))
    expect(up.stderr).toMatch(new RegExp(`^  ${id(1)} 1/1 +${time}  create index concurrently`, 'm'))
    const down = await skein(folder, ['down', 'platform-tenants', '2', '--yes', '-v'], { env: { DATABASE_URL: url } })
    expect(down.stderr).toMatch(new RegExp(`^  ${id(0)}:down 1/1 +${time}  drop table tenants_accounts$`, 'm'))
  })

  it.each([
    ['a statement that fails', 'create table b (id int);\n\n  insert into b values (1), (1/0);\nselect 1;\n'],
    [
      'a constraint that is checked at the end',
      'create table b (id int primary key deferrable initially deferred);\ninsert into b values (1), (1);\n',
    ],
    ['a file that touches the session', "set search_path = public;\ncreate table b (id int);\nselect 'é', nothing;\n"],
  ])('%s: the same error, and the same is left', async (_name, text) => {
    const failing = folderOf({ 'migrations/000001_a.up.sql': 'create table a (id int);\n', 'migrations/000002_b.up.sql': text })
    const [short, long] = await Promise.all(
      [[], ['-v']].map(async (more) => {
        const { url } = await freshDatabase()
        const ran = await skein(failing, ['up', '--json', ...more], { env: { DATABASE_URL: url, MIGRATION_DIR: 'migrations' } })
        const { steps } = JSON.parse(ran.stdout) as { steps: { error: unknown }[] }
        const tables = await sql(url, "select relname from pg_class where relname in ('a', 'b') order by 1")
        return { code: ran.code, errors: steps.map(({ error }) => error), tables }
      }),
    )
    expect(short).toMatchObject({ code: 1, tables: [{ relname: 'a' }] })
    expect(long).toEqual(short)
  })

  it('JSON lines have it too', async () => {
    const { url } = await freshDatabase()
    const ran = await skein(folder, ['up', '-v', '--log-format', 'json'], { env: { DATABASE_URL: url } })
    const events = ran.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; ms?: number })
    expect(events.filter(({ kind }) => kind === 'statement-done')).toHaveLength(6)
    expect(events.find(({ kind }) => kind === 'statement-done')?.ms).toBeGreaterThanOrEqual(0)
  })
})
