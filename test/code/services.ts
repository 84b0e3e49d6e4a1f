/** Services whose migrations are code, in temporary workspaces: real TypeORM and Alembic, the real command in a process of its own. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf } from '../cli/kit.ts'
import { alembicPython, tool } from '../tools.ts'

/** A class of TypeORM for each entry, `Step1` to `StepN`: what stands in `up`, and in `down` behind ` // down `. */
export interface TypeormWanted {
  up: readonly string[]
  version?: 'typeorm-0.3' | 'typeorm-1'
  /** Further lines of the DataSource's options. */
  options?: string
  /** Lines of the workspace file for the service. */
  yaml?: string
  files?: Readonly<Record<string, string>>
}

const stamp = 1700000000000

/** The name of the nth class, from 1. */
export function className(n: number): string {
  return `Step${n}${stamp + n}`
}

/** A workspace with one TypeORM service `app`. Its folder. */
export function typeormWorkspace({ up, version = 'typeorm-0.3', options = '', yaml = '', files = {} }: TypeormWanted): string {
  const migrations = up.map((body, at) => [`app/src/migrations/${stamp + at + 1}-step.ts`, classText(at + 1, body)])
  const folder = folderOf({
    'skein.yaml': `services:\n  app:\n    path: app/src/migrations\n    tool: typeorm\n${yaml}`,
    'app/package.json': '{ "name": "app", "private": true }',
    'app/tsconfig.json': JSON.stringify({ compilerOptions: { module: 'commonjs', target: 'es2022', experimentalDecorators: true } }),
    'app/src/data-source.ts': `import { DataSource } from 'typeorm'
export default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['src/migrations/*.ts'], migrationsTransactionMode: 'each',
${options}})
`,
    ...Object.fromEntries(migrations),
    ...files,
  })
  symlinkSync(join(tool(version), 'node_modules'), join(folder, 'app', 'node_modules'), 'dir')
  return folder
}

function classText(n: number, body: string): string {
  const [up, down = ''] = body.split(' // down ')
  return `import { MigrationInterface, QueryRunner } from 'typeorm'
export class ${className(n)} implements MigrationInterface {
  public async up(runner: QueryRunner): Promise<void> {
    ${up}
  }
  public async down(runner: QueryRunner): Promise<void> {
    ${down}
  }
}
`
}

export interface AlembicWanted {
  /** Body of `upgrade` by revision id, each on the one before; what stands behind `# down` is the body of `downgrade`. */
  revisions: Readonly<Record<string, string>>
  yaml?: string
  /** Python to use; default: the one that has Alembic. */
  python?: string
  env?: string
  files?: Readonly<Record<string, string>>
}

/** A workspace with one Alembic service `ai`. Its folder. */
export function alembicWorkspace({ revisions, yaml = '', python = alembicPython(), env, files = {} }: AlembicWanted): string {
  let before = 'None'
  const texts: Record<string, string> = {}
  for (const [id, body] of Object.entries(revisions)) {
    const [up, down = 'pass'] = body.split('# down')
    texts[`ai/alembic/versions/${id}_step.py`] =
      `"""step"""\nfrom alembic import op\nimport os, signal, time\nrevision = '${id}'\ndown_revision = ${before}\n\n\ndef upgrade():\n${indented(up)}\n\n\ndef downgrade():\n${indented(down)}\n`
    before = `'${id}'`
  }
  return folderOf({
    'skein.yaml': `services:\n  ai:\n    path: ai/alembic\n    tool: alembic\n    runtime: { python: ${JSON.stringify(python)} }\n${yaml}`,
    'ai/alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\nprepend_sys_path = .\n',
    'ai/alembic/env.py': env ?? environment(),
    ...texts,
    ...files,
  })
}

/** The usual env.py, connecting to the URL that the Python expression gives. */
export function environment(url = "os.environ['DATABASE_URL']", configure = ''): string {
  return `import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(${url}.replace('postgresql://', 'postgresql+psycopg://', 1), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection${configure})
    with context.begin_transaction():
        context.run_migrations()
`
}

function indented(text = ''): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
}
