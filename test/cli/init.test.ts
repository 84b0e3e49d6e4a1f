import { cpSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDatabase, temporaryFolder } from '../server.ts'
import { inProcess } from './in-process.ts'
import { examples, folderOf } from './kit.ts'

/** A copy without its workspace file, as somebody has it who never heard of Skein. */
function bare(example: string): string {
  const copy = join(temporaryFolder(), example)
  const left = ['node_modules', '.venv', '.skein', 'skein.yaml']
  cpSync(join(examples, example), copy, { recursive: true, filter: (path) => !left.includes(basename(path)) })
  return copy
}

async function digest(cwd: string, env: NodeJS.ProcessEnv): Promise<{ digest: string; steps: string[] }> {
  const ran = await inProcess(cwd, ['plan', '--json'], { env: { PATH: process.env.PATH, ...env } })
  expect(ran).toMatchObject({ code: 0 })
  const plan = JSON.parse(ran.stdout) as { digest: string; steps: { id: string }[] }
  return { digest: plan.digest, steps: plan.steps.map((step) => step.id) }
}

/** Databases as the variables of an example name them. */
async function databases(example: string): Promise<NodeJS.ProcessEnv> {
  const names = readFileSync(join(examples, example, 'skein.yaml'), 'utf8').match(/[A-Z_]+_DATABASE_URL/g) ?? []
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await freshDatabase()).url] as const)))
}

describe('skein init', () => {
  it.each(['tablium', 'link', 'go-factory', 'user-service', 'lumi-go'])(
    'plans %s as the file does that a person wrote',
    async (example) => {
      const [copy, env] = [bare(example), await databases(example)]
      const written = await inProcess(copy, ['init'])
      expect(written).toMatchObject({ code: 0, stderr: '' })
      expect(await digest(copy, env)).toEqual(await digest(join(examples, example), env))
    },
  )

  it('says why, wherever it concluded something', async () => {
    expect((await inProcess(bare('link'), ['init', '--dry-run'])).stdout).toContain(
      '    # foreign keys lead to users of discovery-svc\n    needs: ["discovery-svc@0"]\n',
    )
    const factory = (await inProcess(bare('go-factory'), ['init', '--dry-run'])).stdout
    expect(factory).toContain('# In order: a tier needs all before it. The tiers of README.md.\ntiers:\n  - Core Setup\n')
    expect(factory).toContain('    # it uses projects, builds of platform\n    needs: [platform]\n    aliases: [reporting_service]\n')
    expect((await inProcess(bare('user-service'), ['init', '--dry-run'])).stdout).toContain(
      '    table: user_service_schema_migrations # README.md says so\n',
    )
    expect((await inProcess(bare('tablium'), ['init', '--dry-run'])).stdout).toContain(
      '# A database for each service: api-gateway and game-state both keep their history in public.schema_migrations.',
    )
  })

  const two = { 'a/migrations/001_x.up.sql': 'create table x ();', 'b/migrations/001_y.up.sql': 'create table y ();' }

  it('asks on a terminal for what files cannot tell, and writes the answers', async () => {
    const root = folderOf(two)
    const ran = await inProcess(root, ['init'], { answers: ['embedded', 'numbered', 'golang-migrate'] })
    expect(ran).toMatchObject({ code: 0, stdout: 'wrote skein.yaml: a, b\n' })
    const text = readFileSync(join(root, 'skein.yaml'), 'utf8')
    expect(text).toContain('database: embedded\n')
    expect(text).toMatch(/ {2}a:\n.*\n {4}tool: numbered\n {2}b:\n.*\n {4}tool: golang-migrate\n/)
    expect(await inProcess(root, ['init'], { answers: [] })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('skein.yaml is here already'),
    })
  })

  it('asks nothing without a terminal, with --yes, or when the flags say it', async () => {
    const flags = ['--database', '${SHOP_URL}', '--tool', 'a=numbered', '--tool', 'b=golang-migrate']
    const said = await inProcess(folderOf(two), ['init', '--dry-run', ...flags], { answers: [] })
    expect(said).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^database: \$\{SHOP_URL\}$[^]*tool: numbered$[^]*tool: golang-migrate$/m),
    })
    for (const answers of [undefined, []]) {
      const ran = await inProcess(folderOf(two), ['init', '--dry-run', '--yes'], answers === undefined ? {} : { answers })
      expect(ran.stdout).toContain(
        '    # The files fit golang-migrate and numbered. Keep the line that is true:\n    # tool: golang-migrate\n',
      )
    }
    for (const wrong of ['c=diesel', 'a=flyway', 'a']) expect((await inProcess(folderOf(two), ['init', '--tool', wrong])).code).toBe(2)
  })
})
