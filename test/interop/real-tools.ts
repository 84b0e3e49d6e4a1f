/** The real tools, each driven by its own command line, as a person at a terminal would. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { temporaryFolder } from '../server.ts'
import { tool } from '../tools.ts'
import { must } from './command.ts'

/** A folder of migrations and the database that they go to. */
export interface Place {
  folder: string
  /** Where a tool that runs code is started: the folder of its package.json or alembic.ini. */
  service: string
  url: string
}

/** What every tool can do in some way. `count` of `up`: nothing means all. */
export interface RealTool {
  name: ToolInTests
  /** Its table, in public, and the columns of it that are times. */
  table: string
  times: readonly string[]
  up(at: Place, count?: number): Promise<unknown>
  down(at: Place, count: number): Promise<unknown>
  /** All of them, which are `count`. */
  downAll(at: Place, count: number): Promise<unknown>
  /** How many migrations the tool itself calls applied, and how many pending. */
  status(at: Place): Promise<{ applied: number; pending: number }>
}

export type ToolInTests = 'golang-migrate' | 'diesel' | 'goose' | 'dbmate' | 'typeorm' | 'alembic'

/** A URL as drivers want it that ask for TLS unless told not to. */
export function plain(url: string, parameters: Record<string, string> = {}): string {
  return Object.assign(new URL(url), { search: new URLSearchParams({ sslmode: 'disable', ...parameters }).toString() }).href
}

/** Words and program for golang-migrate, of a table with another name too: in double quotes throughout, it may name a schema. */
export function migrateCommand(at: Place, words: readonly string[], table = 'schema_migrations'): [string, string[]] {
  const quoted: Record<string, string> = table.startsWith('"') ? { 'x-migrations-table-quoted': 'true' } : {}
  const database = plain(at.url, { 'x-migrations-table': table, ...quoted })
  return [join(tool('golang-migrate'), 'migrate'), ['-path', at.folder, '-database', database, ...words]]
}

/** golang-migrate on any of its tables. It has no list of its own: what it calls applied is every file up to the version that it prints. */
export function golangMigrate(table = 'schema_migrations'): RealTool & { say(at: Place, ...words: string[]): Promise<string> } {
  const say = (at: Place, ...words: string[]) => must(...migrateCommand(at, words, table), { cwd: at.folder })
  return {
    name: 'golang-migrate',
    table,
    times: [],
    say,
    up: (at, count) => say(at, 'up', ...(count === undefined ? [] : [String(count)])),
    down: (at, count) => say(at, 'down', String(count)),
    downAll: (at) => say(at, 'down', '-all'),
    async status(at) {
      const said = await say(at, 'version').catch((error: Error) => error.message)
      const version = /no migration/.test(said) ? -1 : Number(/^(\d+)$/m.exec(said)?.[1] ?? Number.NaN)
      const versions = numbersIn(at.folder)
      const applied = versions.filter((one) => one <= version).length
      return { applied, pending: versions.length - applied }
    },
  }
}

type Saying = { say(at: Place, ...words: string[]): Promise<string> }

/** goose on any of its tables, and with what its files read from the environment. */
export function gooseOn(table = 'goose_db_version', env: NodeJS.ProcessEnv = {}): RealTool & Saying {
  const say = (at: Place, ...words: string[]) => {
    const options = ['-dir', at.folder, '-table', table, '-allow-missing']
    return must(join(tool('goose'), 'goose'), [...options, 'postgres', plain(at.url), ...words], { cwd: at.folder, env })
  }
  return {
    name: 'goose',
    table,
    times: ['tstamp'],
    say,
    async up(at, count) {
      if (count === undefined) return say(at, 'up')
      for (let n = 0; n < count; n++) await say(at, 'up-by-one')
    },
    async down(at, count) {
      for (let n = 0; n < count; n++) await say(at, 'down')
    },
    downAll: (at) => say(at, 'reset'),
    async status(at) {
      const lines = (await say(at, 'status')).split('\n').filter((line) => line.includes('.sql'))
      const pending = lines.filter((line) => line.includes('Pending')).length
      return { applied: lines.length - pending, pending }
    },
  }
}

export const goose = gooseOn()

/** dbmate on any of its tables. */
export function dbmateOn(table = 'schema_migrations'): RealTool & Saying {
  const say = (at: Place, ...words: string[]) => {
    const packages = join(tool('dbmate'), 'node_modules', '@dbmate')
    const [platform = ''] = readdirSync(packages)
    const options = ['--no-dump-schema', '--migrations-table', table, '-d', at.folder, '-u', plain(at.url)]
    return must(join(packages, platform, 'bin', 'dbmate'), [...options, ...words], { cwd: at.folder })
  }
  const it: RealTool & Saying = {
    name: 'dbmate',
    table,
    times: [],
    say,
    up: (at, count) =>
      withFirst(
        at,
        count,
        async () => unticked(await say(at, 'status')),
        () => say(at, 'migrate'),
      ),
    async down(at, count) {
      for (let n = 0; n < count; n++) await say(at, 'rollback')
    },
    downAll: (at, count) => it.down(at, count),
    async status(at) {
      return ticks(await say(at, 'status'))
    },
  }
  return it
}

export const dbmate = dbmateOn()

function sayDiesel(at: Place, ...words: string[]): Promise<string> {
  const args = ['--database-url', plain(at.url), 'migration', '--migration-dir', at.folder, ...words]
  return must(join(tool('diesel'), 'bin', 'diesel'), args, { cwd: at.service })
}

export const diesel: RealTool & { say: typeof sayDiesel } = {
  name: 'diesel',
  table: '__diesel_schema_migrations',
  times: ['run_on'],
  say: sayDiesel,
  up: (at, count) =>
    withFirst(
      at,
      count,
      async () => unticked(await sayDiesel(at, 'list')),
      () => sayDiesel(at, 'run'),
    ),
  down: (at, count) => sayDiesel(at, 'revert', '-n', String(count)),
  downAll: (at) => sayDiesel(at, 'revert', '--all'),
  async status(at) {
    return ticks(await sayDiesel(at, 'list'))
  },
}

/** TypeORM's own command through tsx, both those of the service. */
function sayTypeorm(at: Place, ...words: string[]): Promise<string> {
  const { resolve } = createRequire(join(at.service, 'package.json'))
  const cli = resolve('typeorm/cli')
  const args = [resolve('tsx/cli'), cli, ...words, '-d', 'src/data-source.ts']
  return must(process.execPath, args, { cwd: at.service, env: { DATABASE_URL: at.url } })
}

/** The files of a folder and those below it. */
function filesBelow(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
}

/** TypeORM on any of its tables. */
export function typeorm(table = 'migrations'): RealTool & { say: typeof sayTypeorm } {
  const it: RealTool & { say: typeof sayTypeorm } = {
    name: 'typeorm',
    table,
    times: [],
    say: sayTypeorm,
    // While the classes that are to come later are not exported; a file may have any name, and several of them.
    async up(at, count) {
      if (count === undefined) return sayTypeorm(at, 'migration:run')
      const names = unticked(await sayTypeorm(at, 'migration:show')).slice(count)
      const texts = new Map(filesBelow(at.folder).map((file) => [file, readFileSync(file, 'utf8')]))
      const late = [...texts].filter(([, text]) => names.some((name) => text.includes(name)))
      const away = temporaryFolder()
      for (const [n, [file, text]] of late.entries()) {
        renameSync(file, join(away, String(n)))
        const kept = names.reduce((left, name) => left.replace(`export class ${name} `, `class ${name} `), text)
        if (kept !== text && kept.includes('export class')) writeFileSync(file, kept)
      }
      try {
        return await sayTypeorm(at, 'migration:run')
      } finally {
        for (const [n, [file]] of late.entries()) renameSync(join(away, String(n)), file)
      }
    },
    async down(at, count) {
      // A revert pays no heed to `transaction = false` of the class.
      for (let n = 0; n < count; n++) await sayTypeorm(at, 'migration:revert', '-t', 'none')
    },
    downAll: (at, count) => it.down(at, count),
    async status(at) {
      return ticks(await sayTypeorm(at, 'migration:show'))
    },
  }
  return it
}

/** Alembic by a Python that has it, where alembic.ini is. `below`: where one step down leads from a merge, which `-1` cannot say. */
export function alembic(python: string, below = '-1'): RealTool & { say(at: Place, ...words: string[]): Promise<string> } {
  const say = (at: Place, ...words: string[]) =>
    must(python, ['-m', 'alembic', ...words], { cwd: at.service, env: { DATABASE_URL: at.url } })
  return {
    name: 'alembic',
    table: 'alembic_version',
    times: [],
    say,
    up: (at, count) => say(at, 'upgrade', count === undefined ? 'heads' : `+${count}`),
    down: (at, count) => say(at, 'downgrade', count === 1 ? below : `-${count}`),
    downAll: (at) => say(at, 'downgrade', 'base'),
    async status(at) {
      const revisions = (said: string) => [...said.matchAll(/-> (\w+)/g)].map((match) => match[1] ?? '')
      const all = revisions(await say(at, 'history'))
      const heads = [...(await say(at, 'current')).matchAll(/^(\w+)(?: \(.*\))?$/gm)].map((match) => match[1])
      const below = new Set<string>()
      for (const head of heads) for (const one of revisions(await say(at, 'history', '-r', `base:${head}`))) below.add(one)
      return { applied: below.size, pending: all.length - below.size }
    },
  }
}

/** Runs `what` while of all that is pending only the first `count` have files: for tools that know no number. `pending`: how those files begin. */
async function withFirst(
  at: Place,
  count: number | undefined,
  pending: () => Promise<string[]>,
  what: () => Promise<unknown>,
): Promise<void> {
  const late = count === undefined ? [] : (await pending()).slice(count)
  const away = temporaryFolder()
  const hidden = readdirSync(at.folder).filter((file) => late.some((start) => file.startsWith(start)))
  for (const file of hidden) renameSync(join(at.folder, file), join(away, file))
  try {
    await what()
  } finally {
    for (const file of hidden) renameSync(join(away, file), join(at.folder, file))
  }
}

/** The names behind `[ ]` in a list of a tool. */
function unticked(said: string): string[] {
  return [...said.matchAll(/\[ \] (\S+)/g)].map((match) => match[1] ?? '')
}

/** How many are ticked in a list of a tool, and how many are not. */
function ticks(said: string): { applied: number; pending: number } {
  return { applied: [...said.matchAll(/\[X\]/g)].length, pending: unticked(said).length }
}

/** The versions that golang-migrate sees in a folder. */
function numbersIn(folder: string): number[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isFile() && /^\d+_.*\.(?:up|down)\./.test(one.name))
  return [...new Set(files.map(({ name }) => Number.parseInt(name, 10)))]
}
