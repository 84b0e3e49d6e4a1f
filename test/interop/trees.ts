/** One history for every tool: the same statements in each tool's own files. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../server.ts'
import { alembicPython, tool } from '../tools.ts'
import { environment } from '../code/services.ts'
import { alembic, dbmate, diesel, golangMigrate, goose, type RealTool, type ToolInTests, typeorm } from './real-tools.ts'

/** What the nth migration, from 1, does and undoes. */
export interface Body {
  up: readonly string[]
  down: readonly string[]
  /** It cannot run in a transaction: one statement each. */
  alone: boolean
}

/** Six kinds in turn: a table, rows, an index, a function with a trigger, an index built beside writers, a view. All stand on the nth table alone. */
export function body(n: number): Body {
  const table = `t${n}`
  const create = `create table ${table} (id bigserial primary key, name varchar(${20 + n}) not null default 'é', note text)`
  const drop = `drop table ${table}`
  const kinds: Body[] = [
    { up: [create], down: [drop], alone: false },
    { up: [create, `insert into ${table} (name) values ('a;b'), ('c''d')`], down: [drop], alone: false },
    { up: [create, `create unique index ${table}_name on ${table} (lower(name)) where note is null`], down: [drop], alone: false },
    {
      up: [
        create,
        `create function f${n}() returns trigger language plpgsql as $$ begin new.note := 'x;y'; return new; end $$`,
        `create trigger f${n} before insert on ${table} for each row execute function f${n}()`,
      ],
      down: [drop, `drop function f${n}()`],
      alone: false,
    },
    {
      up: [`create index concurrently root_note_${n} on root (note)`],
      down: [`drop index concurrently root_note_${n}`],
      alone: true,
    },
    { up: [create, `create view v${n} as select id, name from ${table}`], down: [`drop view v${n}`, drop], alone: false },
  ]
  // The first one makes what the indexes stand on.
  if (n === 1) return { up: ['create table root (id bigint primary key, note text)'], down: ['drop table root'], alone: false }
  return kinds[n % kinds.length] as Body
}

/** A service of one tool in a workspace of its own. */
export interface Tree {
  root: string
  /** Of the migrations. */
  folder: string
  service: string
  tool: RealTool
  /** The version that the tool gives the nth migration, as a person writes it. */
  version: (n: number) => string
  /** Writes the file of the nth migration, if it is not there. */
  add(n: number): void
  /** Writes it again, as its body is now. */
  rewrite(n: number): void
  /** What it consists of: names below `folder`, and their texts. */
  render(n: number): Record<string, string>
}

/** A tree with migrations 1 to `count`, or `numbers`. */
export function tree(
  name: ToolInTests,
  count: number,
  numbers = Array.from({ length: count }, (_, at) => at + 1),
  bodyOf: (n: number) => Body = body,
): Tree {
  const root = temporaryFolder()
  const kind = kinds[name]
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const made: number[] = []
  const parents = new Map<number, number | undefined>()
  const extra = name === 'alembic' ? `    runtime: { python: ${JSON.stringify(alembicPython())} }\n` : ''
  put('skein.yaml', `services:\n  app:\n    path: ${kind.path}\n    tool: ${name}\n    out-of-order: run\n${extra}`)
  for (const [path, text] of Object.entries(kind.files ?? {})) put(path, text)
  if (name === 'typeorm') symlinkSync(join(tool('typeorm-0.3'), 'node_modules'), join(root, 'app', 'node_modules'), 'dir')
  const render = (n: number) => kind.render(n, bodyOf(n), parents.get(n))
  const rewrite = (n: number) => {
    for (const [file, text] of Object.entries(render(n))) put(`${kind.path}/${file}`, text)
  }
  const add = (n: number) => {
    parents.set(n, made.at(-1))
    made.push(n)
    rewrite(n)
  }
  for (const n of numbers) add(n)
  const version = (n: number) => kind.version(n)
  return { root, folder: join(root, kind.path), service: join(root, 'app'), tool: kind.tool(), version, add, rewrite, render }
}

interface Kind {
  path: string
  tool(): RealTool
  version(n: number): string
  files?: Record<string, string>
  render(n: number, body: Body, before?: number): Record<string, string>
}

const number = (n: number) => String(n).padStart(4, '0')
const stamp = (n: number) => `2024010100${number(n)}`
const sql = (statements: readonly string[]) => statements.map((one) => `${one};\n`).join('')
/** goose splits at each `;` unless told where a statement begins. */
const marked = (statements: readonly string[]) =>
  statements.map((one) => `-- +goose StatementBegin\n${one};\n-- +goose StatementEnd\n`).join('')

const kinds: Record<ToolInTests, Kind> = {
  'golang-migrate': {
    path: 'app',
    tool: () => golangMigrate(),
    version: String,
    render: (n, { up, down }) => ({ [`${number(n)}_step.up.sql`]: sql(up), [`${number(n)}_step.down.sql`]: sql(down) }),
  },
  diesel: {
    path: 'app/migrations',
    tool: () => diesel,
    version: stamp,
    files: { 'app/diesel.toml': '' },
    render: (n, { up, down, alone }) => ({
      [`${stamp(n)}_step/up.sql`]: sql(up),
      [`${stamp(n)}_step/down.sql`]: sql(down),
      ...(alone ? { [`${stamp(n)}_step/metadata.toml`]: 'run_in_transaction = false\n' } : {}),
    }),
  },
  goose: {
    path: 'app',
    tool: () => goose,
    version: String,
    render: (n, { up, down, alone }) => ({
      [`${number(n)}_step.sql`]: `${alone ? '-- +goose NO TRANSACTION\n' : ''}-- +goose Up\n${marked(up)}-- +goose Down\n${marked(down)}`,
    }),
  },
  dbmate: {
    path: 'app',
    tool: () => dbmate,
    version: stamp,
    render(n, { up, down, alone }) {
      const mode = alone ? ' transaction:false' : ''
      return { [`${stamp(n)}_step.sql`]: `-- migrate:up${mode}\n${sql(up)}-- migrate:down${mode}\n${sql(down)}` }
    },
  },
  typeorm: {
    path: 'app/src/migrations',
    tool: () => typeorm(),
    version: (n) => `Step${n}${1700000000000 + n}`,
    files: {
      'app/package.json': '{ "name": "app", "private": true }',
      'app/tsconfig.json': JSON.stringify({ compilerOptions: { module: 'commonjs', target: 'es2022', experimentalDecorators: true } }),
      'app/src/data-source.ts': `import { DataSource } from 'typeorm'
export default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['src/migrations/*.ts'], migrationsTransactionMode: 'each' })
`,
    },
    render(n, { up, down, alone }) {
      const calls = (statements: readonly string[]) => statements.map((one) => `    await runner.query(${JSON.stringify(one)})\n`).join('')
      const text = `import { MigrationInterface, QueryRunner } from 'typeorm'
export class Step${n}${1700000000000 + n} implements MigrationInterface {
${alone ? '  transaction = false\n' : ''}  public async up(runner: QueryRunner): Promise<void> {
${calls(up)}  }
  public async down(runner: QueryRunner): Promise<void> {
${calls(down)}  }
}
`
      return { [`${1700000000000 + n}-step.ts`]: text }
    },
  },
  alembic: {
    path: 'app/alembic',
    tool: () => alembic(alembicPython()),
    version: (n) => `a${number(n)}`,
    files: {
      'app/alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\nprepend_sys_path = .\n',
      'app/alembic/env.py': environment(),
    },
    render(n, { up, down, alone }, before) {
      const calls = (statements: readonly string[]) => {
        const lines = statements.map((one) => `op.execute(${JSON.stringify(one)})`)
        return alone ? `    with op.get_context().autocommit_block():\n        ${lines.join('\n        ')}` : `    ${lines.join('\n    ')}`
      }
      const parent = before === undefined ? 'None' : `'a${number(before)}'`
      const head = `"""step"""\nfrom alembic import op\nrevision = 'a${number(n)}'\ndown_revision = ${parent}\n`
      return {
        [`versions/a${number(n)}_step.py`]: `${head}\n\ndef upgrade():\n${calls(up)}\n\n\ndef downgrade():\n${calls(down)}\n`,
      }
    },
  },
}
