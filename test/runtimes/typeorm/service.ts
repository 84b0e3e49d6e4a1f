import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { connect, freshDatabase, temporaryFolder } from '../../server.ts'
import { tool } from '../../tools.ts'
import type { CodeFailure, CodeResult, CodeStep, Runtime, RuntimeSpec } from '../../../src/runtimes/runtime.ts'
import { startTypeorm } from '../../../src/runtimes/typeorm/index.ts'

export type TypeormLine = 'typeorm-0.3' | 'typeorm-1'

/** What a test says of the service it wants; the rest is the least that TypeORM needs: plain JavaScript, CommonJS. */
export interface Wanted {
  typeorm?: TypeormLine
  /** By path relative to the service's folder. */
  files: Readonly<Record<string, string>>
  /** Further options of the DataSource, as code. */
  datasource?: string
  /** Of runtime.cwd and so on. */
  options?: Readonly<Record<string, string>>
  /** Folders of migrations relative to the service's. */
  folders?: readonly string[]
  isModule?: boolean
}

/** A service in a temporary folder, its database, a connection that holds the lock of a run, and the means to run it both ways. */
export interface TestService {
  root: string
  folder: string
  url: string
  /** The connection whose lock the child looks for. */
  parent: pg.Client
  output: string[]
  spec: RuntimeSpec
  step(version: string, more?: Partial<CodeStep>): CodeStep
  start(): Promise<Runtime>
  query(sql: string): Promise<Record<string, unknown>[]>
  /** TypeORM's rows: [id, timestamp, name]. */
  rows(table?: string): Promise<unknown[][]>
  /** The real command, in the service's folder. */
  typeorm(...words: string[]): string
}

export const key = 4711n

/** A class with its methods' bodies; `q` is the query runner. */
export function migration(name: string, up: string, down = '', more = ''): string {
  return `exports.${name} = class ${name} {\n  ${more}\n  async up(q) {\n    ${up}\n  }\n  async down(q) {\n    ${down}\n  }\n}\n`
}

/** Writes the service, makes its database and takes the lock. All goes when the test ends. */
export async function makeService(wanted: Wanted): Promise<TestService> {
  const root = temporaryFolder()
  const folder = join(root, 'app')
  const database = await freshDatabase()
  const options = wanted.datasource ?? `migrations: ['src/migrations/*.js']`
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'app', ...(wanted.isModule === true && { type: 'module' }) }),
    ...(!Object.keys(wanted.files).some((path) => path.startsWith('src/data-source.')) && {
      'src/data-source.js': datasourceText(options),
    }),
    ...wanted.files,
  }
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text)
  symlinkSync(join(tool(wanted.typeorm ?? 'typeorm-0.3'), 'node_modules'), join(folder, 'node_modules'))

  const parent = await connect(database.url)
  const { rows } = await parent.query('select pg_backend_pid() as pid, pg_advisory_lock($1)', [String(key)])
  const output: string[] = []
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url }
  const spec: RuntimeSpec = {
    service: 'app',
    folders: (wanted.folders ?? ['src/migrations']).map((each) => join(folder, each)),
    root,
    options: wanted.options ?? {},
    env,
    onOutput: (line) => void output.push(line),
  }
  const started: Runtime[] = []
  onTestFinished(async () => {
    for (const runtime of started) await runtime.kill()
    await parent.end()
    rmSync(root, { recursive: true, force: true })
  })
  const query = async (sql: string) => (await parent.query(sql)).rows as Record<string, unknown>[]
  return {
    root,
    folder,
    url: database.url,
    parent,
    output,
    spec,
    query,
    step: (version, more = {}) => ({
      version,
      direction: 'up',
      parent: { pid: Number(rows[0].pid), classid: 0, objid: Number(key), database: database.name },
      orphanKey: 4712n,
      session: '',
      ledger: '',
      ...more,
    }),
    start: async () => {
      const runtime = await startTypeorm(spec)
      started.push(runtime)
      return runtime
    },
    rows: async (table = 'migrations') => (await query(`select id, timestamp, name from ${table} order by id`)).map(Object.values),
    typeorm: (...words) =>
      execFileSync(process.execPath, ['node_modules/typeorm/cli.js', ...words, '-d', 'src/data-source.js'], {
        cwd: folder,
        env,
        encoding: 'utf8',
      }),
  }
}

/** The failure of a step; throws when it went well. */
export function failureIn(result: CodeResult): CodeFailure {
  if (result.ok) throw new Error('the step went well')
  return result.failure
}

/** What the DataSource is in CommonJS. */
export function datasourceText(options: string): string {
  return `const { DataSource } = require('typeorm')
exports.default = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, ${options} })
`
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
