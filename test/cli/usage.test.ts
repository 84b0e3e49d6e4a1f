import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderOf, shopFiles, skein } from './kit.ts'

const shop = folderOf(shopFiles())
const nowhere = 'postgresql://me@127.0.0.1:1/nowhere'

describe.concurrent('words that are wrong: exit 2, and what to write instead', () => {
  it.each<[string, string[], NodeJS.ProcessEnv, RegExp[]]>([
    ['an unknown verb', ['stauts'], {}, [/unknown command 'stauts'/, /Did you mean status\?/]],
    ['an unknown option', ['status', '--jsn'], {}, [/unknown option '--jsn'/, /Did you mean --json\?/]],
    ['an unknown service', ['status', 'migratoins', '-d', nowhere], {}, [/SERVICE-UNKNOWN: there is no service migratoins/, /next: /]],
    ['no number', ['up', '0', '-d', nowhere], {}, [/USAGE: the number of migrations: 0 is no number above zero/]],
    ['two numbers', ['up', '1', '2', '-d', nowhere], {}, [/USAGE: one number at most/]],
    ['no duration', ['up', '--timeout', 'soon', '-d', nowhere], {}, [/soon is no duration: write 90s, 10m or 1h30m/]],
    ['a bad MIGRATION_TIMEOUT', ['up', '-d', nowhere], { MIGRATION_TIMEOUT: 'soon' }, [/USAGE: MIGRATION_TIMEOUT: soon is no duration/]],
    ['goto without a version', ['goto'], {}, [/USAGE: a service and a version are missing/, /next: skein goto --help/]],
    ['an unknown option and no verb', ['-x'], {}, [/unknown option '-x'/, /next: skein --help/]],
    [
      'approve without a digest',
      ['approve', '--env', 'production'],
      {},
      [/approve needs the digest/, /next: skein plan --env production shows/],
    ],
    ['mark without saying how', ['mark', '1'], {}, [/mark needs --applied or --not-applied/, /next: skein mark 1 --applied/]],
    ['mark without a reason', ['mark', '1', '--applied'], {}, [/mark needs a reason/]],
    ['a URL and --embedded', ['up', '--embedded', '-d', nowhere], {}, [/cannot be used with/]],
    ['nobody to ask', ['down', '-d', nowhere], {}, [/CONFIRM-NEEDED: down of every service: nobody can be asked here/, /next: add --yes/]],
    ['nobody to ask about reset', ['reset', '-d', nowhere], {}, [/CONFIRM-NEEDED/]],
    ['no database at all', ['up'], {}, [/DATABASE-MISSING/, /--embedded/, /DATABASE_URL/]],
    [
      'two that disagree',
      ['up'],
      { DATABASE_URL: nowhere, DB_HOST: 'elsewhere', DB_NAME: 'other' },
      [/DATABASE-AMBIGUOUS/, /DATABASE_URL/, /DB_HOST/],
    ],
    ['an address that is none', ['up', '-d', 'nonsense'], {}, [/URL-INVALID/]],
    ['a plan that is none', ['up', '--plan', '-', '-d', nowhere], {}, [/PLAN-INVALID: the plan in stdin cannot be read/, /next: make one/]],
    ['a MIGRATION_DIR that is none', ['plan', '-d', nowhere], { MIGRATION_DIR: 'nix' }, [/WORKSPACE-MISSING: MIGRATION_DIR says nix/]],
    ['an environment that nobody knows', ['plan', '-d', nowhere, '--env', 'prod'], {}, [/USAGE/]],
  ])('%s', async (_name, args, env, says) => {
    const ran = await skein(shop, args, { env })
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    for (const each of says) expect(ran.stderr).toMatch(each)
  })

  it('with --json an error is data too', async () => {
    const [unknown, missing] = await Promise.all([skein(shop, ['--json', 'stauts']), skein(shop, ['up', '--json'])])
    expect(JSON.parse(unknown.stdout)).toMatchObject({
      error: { code: 'USAGE', message: "unknown command 'stauts'", hint: 'did you mean status?' },
    })
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'DATABASE-MISSING', hint: expect.any(String) } })
    expect(missing.stderr).toBe('')
  })
})

describe.concurrent('a workspace file that is wrong: exit 2, with its place', () => {
  const service = 'services:\n  shop: { path: migrations }\n'
  it.each<[string, Record<string, string>, string, RegExp]>([
    ['unknown key', { 'skein.yaml': `databse: embedded\n${service}` }, 'skein.yaml:1:1', /CONFIG-UNKNOWN-KEY: .*did you mean database\?/],
    ['unset variable', { 'skein.yaml': `database: \${SHOP_URL}\n${service}` }, 'skein.yaml:1:', /VARIABLE-UNSET: .*SHOP_URL/],
    [
      'a service that needs itself',
      { 'skein.yaml': 'services:\n  shop: { path: migrations, needs: [shop] }\n' },
      'skein.yaml:2:37',
      /NEED-CYCLE: shop needs itself/,
    ],
  ])('%s', async (_name, files, place, says) => {
    const folder = folderOf({ ...shopFiles(), ...files })
    const ran = await skein(folder, ['plan'])
    expect(ran.code).toBe(/NEED/.test(ran.stderr) ? 5 : 2)
    expect(ran.stderr).toMatch(says)
    expect(ran.stderr).toContain(place)
  })

  it('no workspace at all', async () => {
    const ran = await skein(folderOf({ 'README.md': '' }), ['plan', '-d', nowhere])
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toMatch(/WORKSPACE-MISSING: there is no skein.yaml[^]*next: .*skein init/)
  })

  it('a link out of the workspace, a file for a folder, a link to nothing', async () => {
    const outside = folderOf({ '000003_far.up.sql': 'select 1;\n' })
    const linked = folderOf({ ...shopFiles(), 'skein.yaml': service })
    symlinkSync(join(outside, '000003_far.up.sql'), join(linked, 'migrations/000003_far.up.sql'))
    const file = folderOf({ migrations: 'not a folder', 'skein.yaml': service })
    const dangling = folderOf({ ...shopFiles(), 'skein.yaml': service })
    symlinkSync('gone.sql', join(dangling, 'migrations/000003_gone.up.sql'))
    const [a, b, c] = await Promise.all([linked, file, dangling].map((folder) => skein(folder, ['validate'])))
    for (const ran of [a, b, c]) expect(ran).toMatchObject({ code: 2 })
    expect(a?.stdout).toMatch(/^✗ migrations\/000003_far\.up\.sql is a link that leaves the workspace .*SOURCE-LINK/m)
    expect(b?.stderr).toMatch(/SOURCE-UNREADABLE: .*migrations cannot be read: it is a file[^]*at skein\.yaml:2:17/)
    expect(c?.stdout).toMatch(/^✗ migrations\/000003_gone\.up\.sql is a link .*leads nowhere SOURCE-LINK/m)
  })
})

describe.concurrent('help', () => {
  it.each([[['help']], [['--help']], [['-h']]])('%j: every verb, on stdout, exit 0', async (args) => {
    const ran = await skein(shop, args)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    for (const verb of 'status plan up down goto redo reset validate verify force mark baseline adopt locks wait logs embedded init'.split(
      ' ',
    ))
      expect(ran.stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'))
    expect(ran.stdout).toContain('Exit codes:')
  })

  it('of a verb, and the version', async () => {
    const [up, help, version] = await Promise.all([skein(shop, ['up', '--help']), skein(shop, ['help', 'up']), skein(shop, ['--version'])])
    expect(up).toMatchObject({ code: 0, stdout: help?.stdout, stderr: '' })
    expect(up?.stdout).toContain('--dry-run')
    expect(version?.stdout).toMatch(/^skein \d+\.\d+\.\d+\n$/)
  })
})
