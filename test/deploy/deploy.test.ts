/** deploy/: every file by its schema or linter, every command of ours in them run with its environment as a stranger (uid 10001 on a read-only root, where the tests may). */
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { bin, examples, folderOf, shopFiles, sql } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { copyOf } from '../platforms/examples.ts'
import { tool } from '../tools.ts'

const deploy = join(import.meta.dirname, '..', '..', 'deploy')
/** As a container is: a root that is read-only, /mnt to write to (this checkout may lie in /tmp), uid 10001 without capabilities. */
const contained = [
  'unshare',
  '-m',
  'sh',
  '-c',
  'mount --make-rprivate / && mount -t tmpfs tmpfs /mnt && mount -o remount,bind,ro / && exec setpriv --reuid 10001 --regid 10001 --clear-groups --bounding-set=-all "$@"',
  'sh',
]
/** Where this is not permitted (it takes root, and Linux), or a stranger may not read this checkout: as whoever runs the tests. */
const probe = spawnSync(contained[0] as string, [...contained.slice(1), process.execPath, bin, '--version'])
const stranger = probe.status === 0 ? contained : []

function files(folder: string, ending: string): string[] {
  const names = readdirSync(join(deploy, folder), { recursive: true }) as string[]
  return names.filter((name) => name.endsWith(ending)).map((name) => join(deploy, folder, name))
}

function linter(name: string, ...args: string[]): void {
  const ran = spawnSync(join(tool('linters'), 'bin', name), args, { encoding: 'utf8' })
  expect({ name, status: ran.status, said: ran.status === 0 ? '' : ran.stdout + ran.stderr }).toEqual({ name, status: 0, said: '' })
}

/** Runs a container's command as its manifest says, in its working folder. `until`: what it must have said before it is asked to end. */
async function container(
  command: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  until?: RegExp,
  as: readonly string[] = stranger,
): Promise<{ code: number | null; said: string }> {
  const [program, ...args] = [...as, ...command] as [string, ...string[]]
  const surroundings = { PATH: `${join(bin, '..')}:${process.env['PATH']}`, HOME: '/mnt', TMPDIR: stranger.length > 0 ? '/mnt' : tmpdir() }
  const child = spawn(program, args, { cwd, env: { ...surroundings, ...env } })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
      if (until?.test(said) === true) child.kill('SIGTERM')
    })
  child.stdin.end()
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, said }
}

describe('what deploy/ says', () => {
  it('has Dockerfiles that hadolint accepts, without root and without a secret', () => {
    const dockerfiles = files('docker', '.Dockerfile')
    expect(dockerfiles).toHaveLength(3)
    linter('hadolint', ...dockerfiles)
    for (const file of dockerfiles) expect(readFileSync(file, 'utf8')).toMatch(/\nUSER 10001:10001\n/)
  })

  it('has files that fit their schemas', () => {
    linter('check-jsonschema', '--builtin-schema', 'vendor.compose-spec', ...files('compose', '.yml'))
    linter('kubernetes-validate', '--strict', '--quiet', ...files('kubernetes', '.yaml'))
    linter('check-jsonschema', '--builtin-schema', 'vendor.github-workflows', join(deploy, 'ci/github-actions.yml'))
    linter('check-jsonschema', '--builtin-schema', 'vendor.gitlab-ci', join(deploy, 'ci/gitlab-ci.yml'))
    linter('pre-commit', 'validate-config', join(deploy, 'ci/pre-commit-config.yaml'))
  })
})

describe('what deploy/ does', () => {
  it.each(['link', 'lumi-go', 'go-factory', 'user-service'])(
    'brings %s up by its compose file',
    async (name) => {
      const { url } = await freshDatabase()
      const read = (file: string) => parse(readFileSync(join(deploy, 'compose', name, file), 'utf8'), { merge: true })
      const { migrate, app } = read('docker-compose.yml').services
      const { test } = read('docker-compose.test.yml').services
      const env = Object.fromEntries(Object.keys(migrate.environment).map((key) => [key, url]))
      const go = (command: string[], until?: RegExp) => container(['skein', ...command], join(examples, name), env, until)
      expect(await go(test.command)).toMatchObject({ code: 0, said: expect.stringMatching(/create/i) })
      expect(await go(['health'])).toMatchObject({ code: 9 })
      expect(await go(migrate.command)).toMatchObject({ code: 0 })
      expect(app.depends_on.migrate.condition).toBe('service_completed_successfully')
      const serve = app.command.map((word: string) => (word === ':8080' ? '127.0.0.1:0' : word))
      expect(await go(serve, /readyz/)).toMatchObject({ code: 0 })
      expect(await go(['health'])).toMatchObject({ code: 0 })
    },
    60_000,
  )

  it('brings tablium up: eight databases, four tools, migrations in code', async () => {
    const { migrate } = parse(readFileSync(join(deploy, 'compose/tablium/docker-compose.yml'), 'utf8'), { merge: true }).services
    const names = Object.keys(migrate.environment)
    const env = Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await freshDatabase()).url])))
    const folder = copyOf('tablium')
    // As whoever runs the tests: Python may be installed for that one only.
    const go = (command: string[]) => container(['skein', ...command], folder, env, undefined, [])
    expect(await go(migrate.command)).toEqual({ code: 0, said: expect.stringContaining('applied') })
    expect(await go(['health'])).toMatchObject({ code: 0 })
  }, 90_000)

  it('runs every container of the Kubernetes manifests', async () => {
    for (const file of files('kubernetes', '.yaml')) {
      const { url } = await freshDatabase()
      const folder = folderOf({ 'skein.yaml': 'services: { shop: { path: migrations } }\n', ...shopFiles() })
      spawnSync('chmod', ['-R', 'a+rX', folder])
      const { spec } = parse(readFileSync(file, 'utf8')).spec.template
      const [main] = spec.containers
      const ready = spec.initContainers?.[0]
      const env = { DATABASE_URL: url }
      if (ready !== undefined) {
        const waiting = container(['skein', ...ready.args], folder, env)
        expect((await container(['skein', 'up'], folder, env)).code).toBe(0)
        expect(await waiting).toMatchObject({ code: 0 })
        const serve = main.args.map((word: string) => (word === ':8080' ? '127.0.0.1:0' : word))
        expect(await container(['skein', ...serve], folder, env, /readyz/)).toMatchObject({ code: 0 })
      } else expect(await container(['skein', ...main.args], folder, env)).toMatchObject({ code: 0 })
      expect(await sql(url, 'select version::int from schema_migrations')).toEqual([{ version: 2 }])
    }
  }, 60_000)

  it('runs the steps of the two CI files, the hook, and the entrypoint of the image with a shell', async () => {
    const steps = parse(readFileSync(join(deploy, 'ci/github-actions.yml'), 'utf8')).jobs.migrations.steps as { run?: string }[]
    const github = steps.flatMap(({ run }) => (run?.startsWith('npx ') === true ? [run] : []))
    const gitlab = parse(readFileSync(join(deploy, 'ci/gitlab-ci.yml'), 'utf8')).migrations.script as string[]
    const hook = parse(readFileSync(join(deploy, 'ci/pre-commit-config.yaml'), 'utf8')).repos[0].hooks[0].entry as string
    const folder = folderOf({ 'skein.yaml': 'services: { shop: { path: migrations } }\n', ...shopFiles() })
    spawnSync('chmod', ['-R', 'a+rX', folder])
    for (const script of [github, gitlab, [hook]]) {
      const env = { DATABASE_URL: (await freshDatabase()).url }
      expect(script).not.toHaveLength(0)
      for (const step of script) {
        const { code, said } = await container(['sh', '-c', step.replace(/^npx /, '')], folder, env)
        expect({ step, code, said: code === 0 ? '' : said }).toEqual({ step, code: 0, said: '' })
      }
    }
    const env = { DATABASE_URL: (await freshDatabase()).url }
    const entrypoint = ['sh', join(deploy, 'docker/entrypoint.sh'), 'sh', '-c', 'echo started; exit 7']
    expect(await container(entrypoint, folder, env)).toMatchObject({
      code: 7,
      said: expect.stringMatching(/2 migrations applied[^]*started\n$/),
    })
  }, 60_000)
})
