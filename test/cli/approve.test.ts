import { describe, expect, it } from 'vitest'
import { brokenAudit } from '../../src/ledger/audit.ts'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql, stateOf, writeFiles } from './kit.ts'

const yaml = (environment: string) =>
  `services:\n  shop: { path: migrations, tool: golang-migrate }\nenvironments:\n  production: ${environment}\n`
const tidy = { 'migrations/000003_tidy.up.sql': 'alter table items drop column price;\n' }

/** A shop in production, and its command line. */
async function shop(files: Record<string, string>) {
  const { url } = await freshDatabase(18)
  const folder = folderOf({ ...shopFiles(), ...files })
  const run = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: url, SKEIN_ENV: 'production' } })
  const digest = async (...args: string[]) => (JSON.parse((await run('plan', ...args, '--json')).stdout) as { digest: string }).digest
  return { url, folder, run, digest }
}

describe.concurrent('an environment that wants approvals', () => {
  it.each([
    ['skein.yaml: approve', { 'skein.yaml': yaml('{ approve: high }') }, 'skein.yaml'],
    [
      'require_approval: a list',
      { 'migrations/environments.json': '{ "production": { "require_approval": ["high"] } }' },
      'migrations/environments.json',
    ],
  ])(
    '%s: exit 8 from that risk on, nothing is written, and the approved plan runs',
    async (_, files, place) => {
      const { url, run, digest } = await shop({ ...files, ...tidy })
      // Adding a table and a column is no high risk.
      expect(await run('up', '2')).toMatchObject({ code: 0 })
      const before = await stateOf(url)
      const refused = await run('up', '--json')
      const { error } = JSON.parse(refused.stdout) as { error: { data: { digest: string } } }
      expect({ code: refused.code, error }).toMatchObject({
        code: 8,
        error: {
          code: 'APPROVAL-MISSING',
          place: { file: place },
          data: { steps: [{ step: expect.stringContaining('@3'), risk: 'high' }] },
        },
      })
      expect(await stateOf(url)).toEqual(before)
      const seen = await digest()
      expect(error.data.digest).toBe(seen)
      expect((await run('plan')).stdout).toMatch(
        /production wants an approval of \S+@3 \(high risk\): skein approve [0-9a-f]{64} --env production/,
      )

      const approved = await run('approve', seen.slice(0, 16), '--because', 'DB-42')
      expect(approved).toMatchObject({ code: 0, stdout: expect.stringMatching(/approved: 1 step[^]*@3 tidy high risk/) })
      expect(await sql(url, 'select digest, by, because from skein.approval')).toEqual([{ digest: seen, by: 'postgres', because: 'DB-42' }])
      expect(await sql(url, brokenAudit('skein'))).toEqual([])
      expect((await run('plan')).stdout).not.toContain('wants an approval')
      expect(await run('up')).toMatchObject({ code: 0 })
      // Good for one time: the same step again is another decision.
      await sql(url, 'alter table items add column price int; delete from skein.journal')
      expect(await run('mark', '3', '--not-applied', '--because', 'put back by hand', '--yes')).toMatchObject({ code: 0 })
      expect(await run('up')).toMatchObject({ code: 8 })
    },
    60_000,
  )

  it('another plan than the approved one is not run', async () => {
    const { url, folder, run, digest } = await shop({ 'skein.yaml': yaml('{ approve: low }') })
    const seen = await digest()
    expect(await run('approve', seen)).toMatchObject({ code: 0 })
    writeFiles(folder, tidy)
    expect(await run('up')).toMatchObject({ code: 8, stderr: expect.stringMatching(/^APPROVAL-MISSING: [^]*@3[^]*skein approve /) })
    expect((await run('up')).stderr).not.toMatch(/shop@1/)
    expect(await run('approve', seen)).toMatchObject({ code: 8, stderr: expect.stringContaining('is approved, and the plan is') })
    expect(await run('up', '--approve', seen)).toMatchObject({ code: 8 })
    expect(await run('up', '--approve', 'abc')).toMatchObject({ code: 2, stderr: expect.stringContaining('too short') })
    expect(await sql(url, "select to_regclass('items')::text as t")).toEqual([{ t: null }])
    // What was approved of it may run all the same.
    expect(await run('up', '2')).toMatchObject({ code: 0 })
    writeFiles(folder, { 'migrations/000003_tidy.up.sql': 'truncate items;\n' })
    const now = await digest()
    expect(await run('up', '--approve', now.slice(0, 12))).toMatchObject({ code: 0 })
    expect(await sql(url, "select count(*)::int as n from skein.audit where what = 'approve'")).toEqual([{ n: 2 }])
  }, 60_000)

  it('several databases: each has the approval of its own steps, and all run', async () => {
    const [one, two] = [await freshDatabase(18), await freshDatabase(18)]
    const folder = folderOf({
      ...shopFiles('a'),
      ...shopFiles('b'),
      'skein.yaml': `services:\n  a: { path: a, database: "${one.url}" }\n  b: { path: b, database: "${two.url}" }\nenvironments: { production: { approve: low } }\n`,
    })
    const run = (...args: string[]) => inProcess(folder, args, { env: { SKEIN_ENV: 'production' } })
    const { digest } = JSON.parse((await run('plan', '--json')).stdout) as { digest: string }
    expect(await run('approve', digest)).toMatchObject({ code: 0, stdout: expect.stringContaining('4 steps') })
    for (const { url } of [one, two])
      expect(await sql(url, "select jsonb_array_length(details -> 'steps') as n from skein.audit")).toEqual([{ n: 2 }])
    // A part of what was approved, and then the rest.
    expect(await run('up', 'a')).toMatchObject({ code: 0 })
    expect(await run('up')).toMatchObject({ code: 0, stdout: expect.stringContaining('2 migrations applied') })
  }, 60_000)

  it('the command that it says approves what was asked for: a part of the services, with needs, a number of migrations', async () => {
    const { url } = await freshDatabase(18)
    const folder = folderOf({
      ...shopFiles('a'),
      'b/000001_shelves.up.sql': 'create table shelves (id int);\n',
      'skein.yaml':
        'services:\n  a: { path: a, table: a_migrations }\n  b: { path: b, table: b_migrations, needs: [a] }\n  c: { path: c, table: c_migrations }\nenvironments: { production: { approve: low } }\n',
      'c/000001_other.up.sql': 'select 1;\n',
    })
    const run = (...args: string[]) => inProcess(folder, args, { env: { DATABASE_URL: url } })
    const words = ['b', '1', '--with-needs', '--env', 'production']
    const said = /skein (approve [0-9a-f]{64} b 1 --with-needs --env production)/
    const [, hint = ''] = said.exec((await run('up', ...words)).stderr) ?? []
    expect(said.exec((await run('plan', ...words)).stdout)?.[1]).toBe(hint)
    expect(await run(...hint.split(' '))).toMatchObject({ code: 0 })
    expect(await run('up', ...words)).toMatchObject({ code: 0 })
  }, 60_000)

  it('a run that failed half-way is taken up again by the same approval', async () => {
    const { url, folder, run, digest } = await shop({ 'skein.yaml': yaml('{ approve: low }'), ...tidy })
    expect(await run('up', '1', '--approve', await digest('1'))).toMatchObject({ code: 0 })
    await sql(url, 'create view prices as select name from items; alter table items rename to goods')
    expect(await run('up', '--approve', await digest())).toMatchObject({ code: 1 })
    await sql(url, 'alter table goods rename to items')
    expect(await run('up')).toMatchObject({ code: 0 })
    // Going back is another decision; what has no plan cannot be approved at all.
    writeFiles(folder, { 'migrations/000003_tidy.down.sql': 'alter table items add column price int;\n' })
    expect(await run('down', '--yes')).toMatchObject({ code: 8, stderr: expect.stringContaining(':down') })
    expect(await run('drop', '--yes')).toMatchObject({ code: 8, stderr: expect.stringContaining('has no plan that could be approved') })
    const down = (await run('plan', '--down', '--json')).stdout
    writeFiles(folder, { 'plan.json': down })
    const { digest: back } = JSON.parse(down) as { digest: string }
    expect(await run('approve', back, '--plan', 'plan.json')).toMatchObject({ code: 0, stderr: '' })
    expect(await run('down', '--yes')).toMatchObject({ code: 0 })
  }, 60_000)

  it('code is high unless dependencies.json says less; a DO block that drops is high; the higher of both holds', async () => {
    const said = { '000001_create_items': { risk_level: 'medium' }, '000002_add_price': { risk_level: 'low' } }
    const { run } = await shop({
      'skein.yaml': yaml('{ approve: medium }'),
      'migrations/dependencies.json': JSON.stringify({ migrations: { ...said, '000003_hidden': { risk_level: 'low' } } }),
      'migrations/000003_hidden.up.sql': "do $$ begin execute 'drop ' || 'table items'; end $$;\n",
      'migrations/000003_hidden.down.sql': 'select 1;\n',
    })
    const refused = await run('up', '--json')
    const { error } = JSON.parse(refused.stdout) as { error: { data: { steps: { risk: string }[] } } }
    expect(error.data.steps.map((one) => one.risk)).toEqual(['medium', 'medium', 'high'])
  }, 60_000)
})
