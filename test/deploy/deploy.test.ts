/** deploy/: every file by its schema or linter, every command of ours in them run with its environment as a stranger (uid 10001 on a read-only root, where the tests may). */
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { examples, folderOf, shopFiles, sql } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { copyOf } from '../platforms/examples.ts'
import { tool } from '../tools.ts'
import { commands, skeinProgram } from '../under-test.ts'

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
const probe = spawnSync(contained[0] as string, [...contained.slice(1), ...skeinProgram, '--version'])
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
  const surroundings = { PATH: `${commands}:${process.env['PATH']}`, HOME: '/mnt', TMPDIR: stranger.length > 0 ? '/mnt' : tmpdir() }
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

function parseUrl(url: string) {
  const { hostname, port, username, password, pathname } = new URL(url)
  return { host: hostname, port, user: decodeURIComponent(username), password: decodeURIComponent(password), database: pathname.slice(1) }
}

describe('what deploy/ says', () => {
  it('has Dockerfiles that hadolint accepts, without root and without a secret', () => {
    const dockerfiles = files('docker', '.Dockerfile')
    expect(dockerfiles).toHaveLength(4)
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

  it('runs the steps of the two CI files, and the entrypoint of the image with a shell', async () => {
    const steps = parse(readFileSync(join(deploy, 'ci/github-actions.yml'), 'utf8')).jobs.migrations.steps as { run?: string }[]
    const github = steps.flatMap(({ run }) => (run?.startsWith('npx ') === true ? [run] : []))
    const gitlab = parse(readFileSync(join(deploy, 'ci/gitlab-ci.yml'), 'utf8')).migrations.script as string[]
    const folder = folderOf({ 'skein.yaml': 'services: { shop: { path: migrations } }\n', ...shopFiles() })
    spawnSync('chmod', ['-R', 'a+rX', folder])
    for (const script of [github, gitlab]) {
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

  it('has ./migrate in the folder of a service, as its image is laid out: wait, migrate, start; and by hand in a shell', async () => {
    const dockerfile = readFileSync(join(deploy, 'docker/service.Dockerfile'), 'utf8')
    const [, link] = /^RUN (ln -s .*)$/m.exec(dockerfile) as RegExpExecArray
    const [entrypoint, command] = ['ENTRYPOINT', 'CMD'].map((word) =>
      JSON.parse((new RegExp(`^${word} (.*)$`, 'm').exec(dockerfile) as RegExpExecArray)[1] as string),
    ) as [string[], string[]]
    const root = folderOf({})
    const folder = join(root, 'discovery-svc')
    cpSync(join(examples, 'link/discovery-svc/migrations'), join(folder, 'migrations'), { recursive: true })
    const { status } = spawnSync('sh', ['-c', (link as string).replace('/opt/skein/node_modules/.bin/migrate', `'${commands}/migrate'`)], {
      cwd: folder,
    })
    expect(status).toBe(0)
    spawnSync('chmod', ['-R', 'a+rX', root])
    const { host, port, user, password, database } = await freshDatabase().then(({ url }) => parseUrl(url))
    const env = { DB_HOST: host, DB_PORT: port, DB_USER: user, DB_PASSWORD: password, DB_NAME: database, DB_SSLMODE: 'disable' }
    const started = await container([...entrypoint, ...command], folder, env)
    expect(started).toEqual({
      code: 0,
      said: expect.stringMatching(/All migrations completed successfully\n[^]*Current Version: 13, Pending: 0\n/),
    })
    const byHand = await container(['/bin/sh', '-c', './migrate -action=status && ./migrate -action=up -dry-run'], folder, env)
    expect(byHand).toEqual({
      code: 0,
      said: expect.stringMatching(/^Service: discovery-svc, Current Version: 13, Pending: 0\n[^]*DRY RUN: 0 migrations/),
    })
  }, 60_000)

  it('looks at what is about to be committed, by the real pre-commit', () => {
    const config = readFileSync(join(deploy, 'ci/pre-commit-config.yaml'), 'utf8').replaceAll('npx skein', 'skein')
    const folder = folderOf({
      'skein.yaml': 'services: { shop: { path: migrations } }\n',
      ...shopFiles(),
      '.pre-commit-config.yaml': config,
    })
    const env = { ...process.env, PATH: `${commands}:${process.env['PATH']}`, PRE_COMMIT_HOME: join(folder, '.cache') }
    const run = (program: string, ...args: string[]) => spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' })
    const commit = (files: Record<string, string>) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      run('git', 'add', 'migrations')
      return run(join(tool('linters'), 'bin', 'pre-commit'), 'run').stdout
    }
    run('git', 'init', '--quiet')
    expect(commit({})).toMatch(/good names\.+Passed\n[^]*good SQL\.+Passed\n/)
    expect(commit({ 'migrations/000003_c.up.sql': 'create tabel c ();\n', 'migrations/000003_c.down.sql': 'drop table c;\n' })).toMatch(
      /good names\.+Passed\n[^]*good SQL\.+Failed\n[^]*000003_c\.up\.sql:1:8/,
    )
    expect(commit({ 'migrations/000003_c.up.sql': 'create table c ();\n', 'migrations/000003_d.up.sql': 'select 1;\n' })).toMatch(
      /good names\.+Failed\n[^]*SOURCE-DUPLICATE[^]*good SQL\.+Passed\n/,
    )
  }, 60_000)

  it('is process 1 of a container: passes signals on, and ends with the exit code of its program', async () => {
    const own = ['--pid', '--fork', '--kill-child', '--mount-proc']
    // It takes root, and Linux: elsewhere an ordinary process.
    const first = spawnSync('unshare', [...own, 'true']).status === 0
    const { url } = await freshDatabase()
    const folder = folderOf({ 'skein.yaml': 'services: { shop: { path: migrations } }\n', ...shopFiles() })
    const program = `trap 'echo asked to end; exit 5' TERM; echo "ready below $PPID"; while :; do sleep 0.05; done`
    const words = ['run', '--up', '--', 'sh', '-c', program]
    const command = first ? ['unshare', ...own, 'skein', ...words] : ['skein', ...words]
    const env = { ...process.env, PATH: `${commands}:${process.env['PATH']}`, DATABASE_URL: url }
    const child = spawn('env', command, { cwd: folder, env })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk
      if (!said.includes('ready') || said.includes('asked')) return
      // Seen from outside, process 1 is the only child of unshare.
      const skein = first ? Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')) : (child.pid as number)
      process.kill(skein, 'SIGTERM')
    })
    const code = await new Promise((done) => child.once('close', done))
    expect({ code, said }).toEqual({ code: 5, said: expect.stringMatching(first ? /^ready below 1\nasked to end\n$/ : /asked to end\n$/) })
  }, 30_000)
})
