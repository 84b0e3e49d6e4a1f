/** The services of examples/: what the real tool makes of them, and what Skein makes, on two databases side by side. */
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { copyOf } from '../platforms/examples.ts'
import { freshDatabase, temporaryFolder } from '../server.ts'
import { expectSameDump } from './dump.ts'
import { everything, expectSame } from './everything.ts'
import { alembic, diesel, golangMigrate, type RealTool, typeorm } from './real-tools.ts'

interface Service {
  example: string
  service: string
  environment?: string
  /** Of the migrations, in the example. */
  path: string
  variable: string
  tool: (copy: string) => RealTool
}

const tablium = (service: string, path: string, tool: Service['tool']): Service => ({
  example: 'tablium',
  service,
  path: `services/${service}/${path}`,
  variable: `${service.replace('-', '_').toUpperCase()}_DATABASE_URL`,
  tool,
})

const userService = (environment?: string): Service => ({
  example: 'user-service',
  service: 'user-service',
  environment,
  path: 'migrations',
  variable: 'USER_SERVICE_DATABASE_URL',
  tool: () => golangMigrate('user_service_schema_migrations'),
})

const code = 'src/database/migrations'

const services: Service[] = [
  ...['api-gateway', 'game-state', 'realtime'].map((name) => tablium(name, 'db/migrations', () => golangMigrate())),
  tablium('wallet', 'migrations', () => diesel),
  ...['auth', 'user'].map((name) => tablium(name, code, () => typeorm())),
  tablium('integration', code, () => typeorm('integration_migrations')),
  tablium('ai-engine', 'alembic', (copy) => alembic(join(copy, 'services/ai-engine/.venv/bin/python'), 'c9d4e2a17f60')),
  ...[undefined, 'development', 'staging', 'production'].map(userService),
  {
    example: 'lumi-go',
    service: 'lumi-go',
    path: 'migrations',
    variable: 'LUMI_DATABASE_URL',
    tool: () => golangMigrate(),
  },
]

/** The tool knows no environments: one folder with the files of both stands for them. */
function folderFor(copy: string, { path, environment }: Service): string {
  const overlay = join(copy, path, environment ?? '')
  if (environment === undefined) return join(copy, path)
  const folder = temporaryFolder()
  for (const from of [join(copy, path), overlay])
    for (const file of readdirSync(from).filter((one) => one.endsWith('.sql'))) cpSync(join(from, file), join(folder, file))
  return folder
}

it.concurrent.each(services.map((one) => [`${one.service}${one.environment === undefined ? '' : `, ${one.environment}`}`, one] as const))(
  '%s: tool and Skein leave the same, up and down, and each agrees with the other',
  { timeout: 300_000 },
  async (_name, service) => {
    const copy = copyOf(service.example)
    const [ours, theirs] = [await freshDatabase(), await freshDatabase()]
    const it = service.tool(copy)
    const folder = folderFor(copy, service)
    const place = (url: string) => ({ folder, service: serviceFolder(copy, service), url })
    const env = { PATH: process.env.PATH, [service.variable]: ours.url }
    const skein = async (...words: string[]) => {
      const chosen = service.environment === undefined ? [] : ['--env', service.environment]
      const ran = await inProcess(copy, [...words, ...chosen], { env })
      expect({ words, code: ran.code, said: ran.stdout + ran.stderr }).toEqual({ words, code: 0, said: ran.stdout + ran.stderr })
      return `${ran.stdout}${ran.stderr}`
    }
    const same = async (when: string) => {
      expectSame(await everything(ours.url, it), await everything(theirs.url, it), when)
      await expectSameDump(ours.url, theirs.url, { major: 18, rowless: 'all' }, when)
    }
    // Where Alembic's `+1` is ambiguous, it is told which.
    const oneUp = (said: string) => {
      const revision = new RegExp(`^✓ ${service.service} (\\w+)`, 'm').exec(said)?.[1] ?? ''
      return 'say' in it && it.name === 'alembic'
        ? (it as ReturnType<typeof alembic>).say(place(theirs.url), 'upgrade', revision)
        : it.up(place(theirs.url), 1)
    }

    await skein('up', service.service)
    await it.up(place(theirs.url))
    await same('after all ups')
    const status = await it.status(place(ours.url))
    expect(status).toEqual(await it.status(place(theirs.url)))
    expect(status).toMatchObject({ pending: 0 })
    expect(status.applied).toBeGreaterThan(1)
    await it.up(place(ours.url))
    await same("after the tool's up, with nothing to do")

    await skein('down', service.service, '--all', '--yes')
    await it.downAll(place(theirs.url), status.applied)
    await same('after all downs')
    expect(await it.status(place(ours.url))).toEqual({ applied: 0, pending: status.applied })
    await it.up(place(ours.url))
    await it.up(place(theirs.url))
    await same('after the ups of the tool over the downs of Skein')
    await skein('status', service.service, '--check')
    await skein('down', service.service, '1', '--yes')
    await it.down(place(theirs.url), 1)
    await same('after one down of Skein over the ups of the tool')

    await skein('down', service.service, '--all', '--yes')
    await it.downAll(place(theirs.url), status.applied - 1)
    for (let n = 1; n <= status.applied; n++) {
      await oneUp(await skein('up', service.service, '1'))
      await same(`after ${n} up`)
    }
    // What `-1` means between the branches of Alembic: odd/alembic.ts has each step.
    for (let n = status.applied; n > 0 && it.name !== 'alembic'; n--) {
      await skein('down', service.service, '1', '--yes')
      await it.down(place(theirs.url), 1)
      await same(`after the down of ${n}`)
    }
  },
)

/** Where the tool's configuration is: the first folder upwards from the migrations that has one. */
function serviceFolder(copy: string, { path }: Service): string {
  const parts = path.split('/')
  for (let at = parts.length; at > 0; at--) {
    const folder = join(copy, ...parts.slice(0, at))
    if (['package.json', 'alembic.ini', 'diesel.toml'].some((file) => existsSync(join(folder, file)))) return folder
  }
  return join(copy, path)
}
