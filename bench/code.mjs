// `node bench/code.mjs [--size 300] [--rounds 3]`: migrations in code, Skein beside TypeORM's and Alembic's own commands. See README.md.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, median } from './measure.mjs'
import { startServer } from './server.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { size: { type: 'string', default: '300' }, rounds: { type: 'string', default: '3' } } })
const [size, rounds] = [Number(values.size), Number(values.rounds)]
const skein = join(root, 'bin', 'skein')
const tools = join(root, '.tools')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'skein-bench-')))

const contenders = { typeorm: typeorm(), alembic: alembic() }
const server = await startServer(skein, folder)
try {
  console.log(`${size} migrations of one statement each, ${rounds} rounds in turns, medians in ms; each its own transaction`)
  console.log('| tool | what | skein | the tool itself | ratio |\n|---|---|--:|--:|--:|')
  for (const [name, contender] of Object.entries(contenders)) await compare(name, contender)
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function compare(name, { workspace, service, command }) {
  const times = { up: { skein: [], tool: [] }, 'nothing to do': { skein: [], tool: [] } }
  for (let round = 1; round <= rounds; round++) {
    for (const who of ['skein', 'tool']) {
      const url = await server.database(`${name}_${who}_${round}`)
      const env = { ...server.env, DATABASE_URL: url.replace('?sslmode=disable', '') }
      for (const what of Object.keys(times)) {
        const [program, args, cwd] = who === 'skein' ? [process.execPath, [skein, 'up', '--quiet'], workspace] : [...command, service]
        times[what][who].push((await measure(program, args, { cwd, env })).ms)
      }
    }
  }
  for (const [what, { skein: ours, tool }] of Object.entries(times)) {
    const [a, b] = [median(ours), median(tool)]
    console.log(`| ${name} | ${what} | ${a.toFixed(0)} | ${b.toFixed(0)} | ${(a / b).toFixed(2)} |`)
  }
}

function typeorm() {
  const workspace = join(folder, 'typeorm')
  const files = {
    'skein.yaml': 'services:\n  app: { path: app/src/migrations, tool: typeorm, runtime: { loader: oxc } }\n',
    'app/package.json': '{ "name": "app" }',
    'app/tsconfig.json': '{ "compilerOptions": { "module": "commonjs", "target": "es2022" } }',
    'app/src/data-source.ts': `import { DataSource } from 'typeorm'
export default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['src/migrations/*.ts'], migrationsTransactionMode: 'each' })
`,
  }
  for (let n = 0; n < size; n++) {
    const stamp = 1700000000000 + n
    files[`app/src/migrations/${stamp}-step.ts`] = `import { MigrationInterface, QueryRunner } from 'typeorm'
export class Step${stamp} implements MigrationInterface {
  public async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table t${n} (id serial, name text)')
  }
  public async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table t${n}')
  }
}
`
  }
  write(workspace, files)
  symlinkSync(join(tools, 'typeorm-0.3', 'node_modules'), join(workspace, 'app', 'node_modules'), 'dir')
  const cli = ['--import', '@oxc-node/core/register', 'node_modules/typeorm/cli.js', 'migration:run', '-d', 'src/data-source.ts']
  return { workspace, service: join(workspace, 'app'), command: [process.execPath, cli] }
}

function alembic() {
  const workspace = join(folder, 'alembic')
  const bin = join(tools, 'alembic', 'bin')
  const files = {
    'skein.yaml': `services:\n  ai: { path: ai/alembic, tool: alembic, runtime: { python: ${join(bin, 'python')} } }\n`,
    'ai/alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\n',
    'ai/alembic/env.py': `import os
from alembic import context
from sqlalchemy import create_engine, pool
engine = create_engine(os.environ['DATABASE_URL'].replace('postgresql://', 'postgresql+psycopg://', 1), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`,
  }
  for (let n = 0; n < size; n++) {
    const id = (at) => at.toString(16).padStart(12, '0')
    files[`ai/alembic/versions/${id(n)}_step.py`] = `from alembic import op

revision = '${id(n)}'
down_revision = ${n === 0 ? 'None' : `'${id(n - 1)}'`}


def upgrade():
    op.execute('create table t${n} (id serial, name text)')


def downgrade():
    op.execute('drop table t${n}')
`
  }
  write(workspace, files)
  return { workspace, service: join(workspace, 'ai'), command: [join(bin, 'alembic'), ['upgrade', 'head']] }
}

function write(workspace, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), text)
  }
}
