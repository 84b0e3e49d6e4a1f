import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { folderOf, skein } from '../cli/kit.ts'
import { pgBin } from '../pg-client.ts'
import { copyOf, examples } from './examples.ts'

const root = join(import.meta.dirname, '..', '..')
const skeinMk = join(root, 'make', 'skein.mk')
const started: string[] = []
/** Who we are decides where an embedded server keeps its data. */
const people = Object.fromEntries(
  ['HOME', 'TMPDIR', 'USER'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
)

afterEach(async () => {
  for (const folder of started.splice(0))
    expect(await skein(folder, ['embedded', 'remove'], { env: { ...people } })).toMatchObject({ code: 0 })
})

interface Made {
  code: number
  output: string
}

/** A folder with skein.mk in it: make's `include` takes a path with a blank for two. */
function besideMk(files: Readonly<Record<string, string>>): string {
  return folderOf({ ...files, 'skein.mk': readFileSync(skeinMk, 'utf8') })
}

/** Real make, with skein on the PATH, no terminal, and no variable that names a database. */
function make(cwd: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Made> {
  const env = { ...people, PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}`, ...more }
  return new Promise((resolve) => {
    execFile('make', args, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr })
    })
  })
}

/** What make would run, without running it. */
async function dry(args: readonly string[], env: NodeJS.ProcessEnv = {}, makefile = `include skein.mk\n`): Promise<string> {
  const { output } = await make(besideMk({ Makefile: makefile }), ['-n', ...args], env)
  return output.trim().replace(/ +/g, ' ')
}

describe('the targets of skein.mk', () => {
  it('are all that the guides print, each listed by help with a line', async () => {
    const printed = [
      ...['up', 'down', 'status', 'goto'].map((verb) => `db-migrate-${verb}`),
      ...['migration-generate', 'validate', 'migration-deps', 'backup', 'restore', 'seed', 'seed-enhanced', 'clean'].map(
        (name) => `db-${name}`,
      ),
      ...['tables', 'counts', 'schema'].map((name) => `db-${name}`),
      ...['up', 'down', 'reset', 'create'].map((verb) => `migrate-${verb}`),
    ]
    const { code, output } = await make(besideMk({ Makefile: `include skein.mk\n` }), [])
    expect(code).toBe(0)
    const listed = output.trim().split('\n')
    expect(listed.map((line) => line.split(' ')[0] ?? '').sort()).toEqual([...printed, 'skein-help'].sort())
    for (const line of listed) expect(line).toMatch(/^[a-z-]+ +[A-Z]/)
    expect(
      await make(besideMk({ Makefile: `mine: ## Mine\n\techo mine\nhelp:\n\t@echo my help\ninclude skein.mk\n` }), ['help']),
    ).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^mine +Mine\n[^]*my help\n$/),
    })
  })

  it('say service, environment and --yes as the variables do', async () => {
    expect(await dry(['db-migrate-up'])).toBe('skein up')
    expect(await dry(['db-migrate-up', 'SERVICE=shop auth', 'ENV=staging', 'SKEIN=npx skein'])).toBe('npx skein up shop auth --env staging')
    expect(await dry(['db-migrate-status'], { SKEIN_ENV: 'production' })).toBe('skein status --env production')
    expect(await dry(['db-migrate-status'], { ENV: '/home/me/.shrc' })).toBe('skein status')
    expect(await dry(['migrate-create', 'name=a'], { SKEIN_ENV: 'production', ENV: 'staging' })).toBe("skein new --name 'a'")
    expect(await dry(['db-migrate-down'])).toBe('skein down --yes')
    expect(await dry(['db-migrate-down', 'YES=no'])).toBe('skein down')
    expect(await dry(['db-clean'])).toBe('skein clean')
    expect(await dry(['db-clean', 'YES=yes'])).toBe('skein clean --yes')
    expect(await dry(['db-seed-enhanced', 'ENV=development'])).toBe('skein seed --env development')
    expect(await dry(['db-restore', 'FILE=backup_file.sql'])).toBe("skein restore 'backup_file.sql'")
    expect(await dry(['db-migration-generate', "NAME=what's new", 'TYPE=table'])).toBe("skein new --name 'what'\\''s new' --type 'table'")
    expect(await dry(['migrate-create', 'name=add_products_table'], {}, `SERVICE := shop\ninclude skein.mk\n`)).toBe(
      "skein new shop --name 'add_products_table'",
    )
  })

  it('name what was not said, and take it from nobody else', async () => {
    expect(await dry(['db-migrate-goto'], { VERSION: '1.2.3' })).toMatch(/\*\*\* say VERSION, e\.g\. make db-migrate-goto VERSION=000001\./)
    expect(await dry(['db-migration-generate'], { NAME: 'computer' })).toMatch(/\*\*\* say NAME, /)
    expect(await dry(['db-seed-enhanced'])).toMatch(/\*\*\* say ENV, /)
    expect(await dry(['db-restore'])).toMatch(/\*\*\* say FILE, /)
  })

  it('run in the folder of the Makefile, wherever make was called', async () => {
    const folder = besideMk({ Makefile: 'include $(dir $(lastword $(MAKEFILE_LIST)))skein.mk\n' })
    const { output } = await make(root, ['-n', '-f', join(folder, 'Makefile'), 'db-validate'])
    expect(output.trim().replace(/ +/g, ' ')).toBe(`cd '${folder}/' && skein validate`)
    expect(await make(root, ['-C', join(examples, 'user-service'), 'db-validate'])).toMatchObject({ code: 0 })
  })

  it.each(['user-service', 'lumi-go'])('stand in examples/%s as a copy', (example) => {
    expect(readFileSync(join(examples, example, 'skein.mk'), 'utf8')).toBe(readFileSync(skeinMk, 'utf8'))
  })
})

describe('the commands that the guides print, by real make on an embedded server', () => {
  it('user-service', { timeout: 180_000 }, async () => {
    const cwd = copyOf('user-service')
    started.push(cwd)
    const done = async (...args: string[]) => {
      const { code, output } = await make(cwd, args)
      expect(code, `make ${args.join(' ')}\n${output}`).toBe(0)
      return output
    }
    await done('db-validate')
    await done('db-migrate-up')
    expect(await done('db-tables')).toMatch(/user_service\.users +table .*user-service 000001_initial/)
    expect(await done('db-counts')).toMatch(/user_service\.users +0\n/)
    expect(await done('db-schema')).toMatch(/users_email_key {2}UNIQUE \(email\)/)
    expect(await done('db-migration-deps')).toMatch(/000001_initial/)
    await done('db-migrate-down')
    await done('db-migrate-goto', 'VERSION=000001')
    expect(await done('db-migrate-status')).toMatch(/1 applied/)
    await done('db-migration-generate', 'NAME=add_user_settings', 'TYPE=table')
    expect(readdirSync(join(cwd, 'migrations')).filter((name) => name.includes('add_user_settings')).length).toBe(2)
  })

  it('user-service: its data, in development', { timeout: 180_000 }, async () => {
    const cwd = copyOf('user-service')
    started.push(cwd)
    // pg_dump of the embedded server's major, as an image with the client of PostgreSQL has it.
    const path = [join(root, 'bin'), pgBin(18), process.env['PATH']].join(delimiter)
    const done = async (...args: string[]) => {
      const { code, output } = await make(cwd, args, { PATH: path, SKEIN_ENV: 'development' })
      expect(code, `make ${args.join(' ')}\n${output}`).toBe(0)
      return output
    }
    await done('db-migrate-up')
    expect(await done('db-seed')).toMatch(/user_service\.users +\d/)
    await done('db-seed-enhanced', 'ENV=development')
    const counts = await done('db-counts')
    expect(counts).toMatch(/user_service\.users +[1-9]/)
    const backup = /\S+\.(?:dump|sql(?:\.gz)?)\b/.exec(await done('db-backup'))?.[0] as string
    expect(existsSync(backup)).toBe(true)
    await done('db-clean', 'YES=yes')
    expect(await done('db-counts')).toMatch(/user_service\.users +0\n/)
    await done('db-restore', `FILE=${backup}`, 'YES=yes')
    expect(await done('db-counts')).toBe(counts)
  })

  it('lumi-go', { timeout: 180_000 }, async () => {
    const cwd = copyOf('lumi-go')
    started.push(cwd)
    for (const args of [['migrate-up'], ['migrate-down'], ['migrate-reset'], ['migrate-create', 'name=add_products_table']]) {
      const { code, output } = await make(cwd, args)
      expect(code, `make ${args.join(' ')}\n${output}`).toBe(0)
    }
    expect(existsSync(join(cwd, 'migrations', '000008_add_products_table.up.sql'))).toBe(true)
  })
})
