import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase, temporaryFolder } from '../server.ts'
import { examples, folderOf, skein, stateOf } from './kit.ts'

const numbered = (name: string, sql: string, down = `drop table ${name};\n`) => ({
  [`${name}/001_create_${name}.up.sql`]: sql,
  [`${name}/001_create_${name}.down.sql`]: down,
})
const platform = {
  'skein.yaml':
    'services:\n  users: { path: users, tool: numbered, aliases: [people] }\n' +
    '  posts: { path: posts, tool: numbered, needs: [users] }\n  pages: { path: pages, tool: numbered }\n',
  ...numbered('users', 'create table users (id int primary key);\n'),
  ...numbered('posts', 'create table posts (id int references users);\n'),
  ...numbered('pages', 'create table pages (id int);\n', '-- nothing to say\n'),
}

describe.concurrent('which services', () => {
  it('a need that is not selected and pending: exit 5 and how to go on; --with-needs takes it along', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf(platform)
    const refused = await skein(folder, ['up', 'posts'], { env })
    expect(refused).toMatchObject({ code: 5, stdout: '', stderr: expect.stringMatching(/^NEED-PENDING: .*users[^]*next: .*--with-needs/) })
    expect(await stateOf(env.DATABASE_URL)).toEqual([])
    const ran = await skein(folder, ['up', 'posts', '--with-needs'], { env })
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/users 1 create_users[^]*posts 1 create_posts/) })

    const needed = await skein(folder, ['down', 'people', '--yes'], { env })
    expect(needed).toMatchObject({ code: 5, stderr: expect.stringMatching(/^NEEDED-BY: .*posts[^]*next: .*--with-dependants/) })
    const both = await skein(folder, ['down', 'people', '--yes', '--with-dependants'], { env })
    expect(both).toMatchObject({ code: 0, stderr: expect.stringMatching(/down posts 1[^]*down users 1/) })
  })

  it('names, aliases, globs; a number before or behind them', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf(platform)
    const names = async (...words: string[]) => {
      const { code, stdout } = await skein(folder, ['status', '--json', ...words], { env })
      expect(code).toBe(0)
      return (JSON.parse(stdout) as { services: { name: string }[] }).services.map(({ name }) => name)
    }
    expect(await Promise.all([names(), names('people'), names('p*'), names('u????'), names('posts', 'pages')])).toEqual([
      ['users', 'posts', 'pages'],
      ['users'],
      ['users', 'posts', 'pages'],
      ['users'],
      ['posts', 'pages'],
    ])
    const [before, behind] = await Promise.all([
      skein(folder, ['plan', '1', 'pages'], { env }),
      skein(folder, ['plan', 'pages', '1'], { env }),
    ])
    expect(before).toEqual(behind)
    expect(before?.stdout).toMatch(/^1 {2}up {2}pages {2}1 create_pages$/m)
  })

  it('a hollow down is refused before anything is taken back, and accepted by name', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = folderOf(platform)
    expect(await skein(folder, ['up', '--quiet'], { env })).toMatchObject({ code: 0, stderr: '' })
    const before = await stateOf(env.DATABASE_URL)
    const refused = await skein(folder, ['down', '--all', '--yes'], { env })
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^DOWN-HOLLOW: [^]*next: .*--allow-hollow pages@1/),
    })
    expect(await stateOf(env.DATABASE_URL)).toEqual(before)
    expect(await skein(folder, ['down', '--all', '--yes', '--allow-hollow', 'pages@1'], { env })).toMatchObject({ code: 0 })
  })

  it('environments: their files join, and a database of one is not run with another', async () => {
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const folder = temporaryFolder()
    cpSync(join(examples, 'user-service'), folder, { recursive: true, filter: (path) => !path.includes('.skein') })
    rmSync(join(folder, 'skein.yaml'))
    cpSync(join(examples, 'user-service/skein.yaml'), join(folder, 'skein.yaml'))
    const given = ['--database', env.DATABASE_URL]
    // Before the first environment is noted, the base files alone may run.
    expect(await skein(folder, ['up', '1', ...given])).toMatchObject({ code: 0 })
    const development = await skein(folder, ['plan', '--json', '--env', 'development', ...given])
    const files = (JSON.parse(development.stdout) as { steps: { name: string }[] }).steps.map(({ name }) => name)
    expect(files).toContain('dev_test_data')
    expect(files).not.toContain('staging_sample_user')
    expect(await skein(folder, ['up', '--env', 'production', ...given])).toMatchObject({ code: 0 })
    const before = await stateOf(env.DATABASE_URL)
    const refused = await skein(folder, ['up', ...given], { env: { SKEIN_ENV: 'development' } })
    expect(refused).toMatchObject({ code: 7, stdout: '' })
    expect(refused.stderr).toMatch(/^ENVIRONMENT-DIFFERS: .*production.*development[^]*next: .*--env production/)
    expect(await stateOf(env.DATABASE_URL)).toEqual(before)
  })
})
