/** Alembic services for tests: written to a temporary folder, with a database of their own, to be run by Skein's child and by the real command. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { connect, freshDatabase, temporaryFolder } from './server.ts'
import { alembicPython } from './tools.ts'
import type { CodeFailure, CodeResult, CodeStep, Runtime, RuntimeSpec } from '../src/runtimes/runtime.ts'
import { startAlembic } from '../src/runtimes/alembic/index.ts'

/** What a test says of the service it wants; the rest is as `alembic init` makes it. */
export interface Wanted {
  /** Text of a revision by its id: what stands in upgrade(), or the whole with `def`. */
  revisions: Readonly<Record<string, Revision>>
  /** Arguments of context.configure() beside the connection. */
  configure?: string
  /** The whole of env.py. */
  env?: string
  /** Further files, by path relative to the service. */
  files?: Readonly<Record<string, string>>
  /** alembic.ini; '' for none. */
  ini?: string
  options?: Readonly<Record<string, string>>
}

export interface Revision {
  down?: string | readonly string[]
  needs?: string
  label?: string
  up?: string
  /** Body of downgrade(). */
  back?: string
  /** The whole file, instead. */
  text?: string
}

/** A service in a temporary folder, its database, a connection that holds the lock of a run, and the means to run it both ways. */
export interface TestService {
  root: string
  url: string
  /** The connection whose lock the child looks for. */
  parent: pg.Client
  output: string[]
  spec: RuntimeSpec
  step(version: string, direction?: 'up' | 'down'): CodeStep
  start(): Promise<Runtime>
  query(sql: string): Promise<unknown[]>
  heads(table?: string): Promise<string[]>
  /** The real command, in the service's folder. */
  alembic(...words: string[]): string
}

const key = 4711n

export const defaultEnv = (configure = '', before = '') => `import os
from sqlalchemy import create_engine, pool, text
from alembic import context
${before}
engine = create_engine(os.environ["TEST_URL"], poolclass=pool.NullPool)
if context.is_offline_mode():
    context.configure(url=os.environ["TEST_URL"])
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine.connect() as connection:
        context.configure(connection=connection${configure === '' ? '' : `, ${configure}`})
        with context.begin_transaction():
            context.run_migrations()
`

/** The last lines of `defaultEnv()`, which run the migrations online. */
export const online = `        with context.begin_transaction():
            context.run_migrations()
`

/** `defaultEnv()` with these lines in place of the last ones. */
export function envEnding(lines: string): string {
  return `${defaultEnv().slice(0, -online.length)}${lines}`
}

/** The lines of a Python block one level deeper. */
export function indent(lines: string): string {
  return lines.replaceAll(/^(?=.)/gm, '    ')
}

/** Writes the service, makes its database and takes the lock. All goes when the test ends. */
export async function makeService(wanted: Wanted): Promise<TestService> {
  const root = temporaryFolder()
  const database = await freshDatabase()
  const files: Record<string, string> = {
    'app/alembic.ini': wanted.ini ?? '[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\n',
    'app/migrations/env.py': wanted.env ?? defaultEnv(wanted.configure),
  }
  for (const [id, revision] of Object.entries(wanted.revisions)) files[`app/migrations/versions/${id}.py`] = revisionText(id, revision)
  for (const [path, text] of Object.entries(wanted.files ?? {})) files[`app/${path}`] = text
  for (const [path, text] of Object.entries(files)) {
    if (text === '') continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const parent = await connect(database.url)
  onTestFinished(() => parent.end())
  await parent.query('select pg_advisory_lock($1)', [key])
  const locked = await parent.query("select pid, classid, objid from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")
  const url = database.url.replace(/^postgres(ql)?:/, 'postgresql+psycopg:')
  const env = { ...process.env, DATABASE_URL: database.url, TEST_URL: url, PYTHONDONTWRITEBYTECODE: '1' }
  const output: string[] = []
  const options = { python: alembicPython(), ...wanted.options }
  const folders = [join(root, 'app', 'migrations')]
  const spec: RuntimeSpec = { service: 'app', folders, root, options, env, onOutput: (line) => output.push(line) }
  const query = async (sql: string) => (await parent.query({ text: sql, rowMode: 'array' })).rows.map((row) => row[0])
  return {
    root,
    url,
    parent,
    output,
    spec,
    step: (version, direction = 'up') => ({
      version,
      direction,
      parent: locked.rows[0],
      orphanKey: 99n,
      session: "set lock_timeout = '7s'; set application_name = 'semi;colon';",
      ledger: '',
    }),
    async start() {
      const runtime = await startAlembic(spec)
      onTestFinished(() => runtime.kill())
      return runtime
    },
    query,
    heads: async (table = 'alembic_version') => (await query(`select version_num from ${table} order by 1`)) as string[],
    alembic: (...words) =>
      execFileSync(join(dirname(alembicPython()), 'alembic'), words, { cwd: join(root, 'app'), env, encoding: 'utf8', stdio: 'pipe' }),
  }
}

/** The failure of a result. Throws when there is none. */
export function failure(result: CodeResult): CodeFailure {
  if (result.ok) throw new Error('it did not fail')
  return result.failure
}

function revisionText(id: string, { down, needs, label, up, back, text }: Revision): string {
  if (text !== undefined) return text
  const parents = down === undefined ? 'None' : typeof down === 'string' ? `'${down}'` : `(${down.map((each) => `'${each}'`).join(', ')})`
  const value = (each: string | undefined) => (each === undefined ? 'None' : `'${each}'`)
  return `"""${id}"""
from alembic import op
import sqlalchemy as sa

revision = '${id}'
down_revision = ${parents}
branch_labels = ${value(label)}
depends_on = ${value(needs)}


def upgrade():
    ${(up ?? `op.execute("create table t_${id} (id int)")`).replaceAll('\n', '\n    ')}


def downgrade():
    ${(back ?? `op.execute("drop table t_${id}")`).replaceAll('\n', '\n    ')}
`
}
