import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { alembic } from '../../src/doors/alembic/index.ts'
import { typeorm } from '../../src/doors/typeorm/index.ts'
import { sql } from '../cli/kit.ts'
import { alembicWorkspace, environment, type TypeormWanted, typeormWorkspace } from '../code/services.ts'
import { freshDatabase, server } from '../server.ts'
import { alembicPython } from '../tools.ts'
import { runDoor } from './beside-tool.ts'

/** A program whose entities have one column more than its migrations make. Nothing leads from it to a database that is there. */
const program: TypeormWanted = {
  up: ["await runner.query('create table thing (id int primary key)') // down await runner.query('drop table thing')"],
  options: 'entities: [Thing],\n',
  files: {
    'app/src/data-source.ts': `import { DataSource, EntitySchema } from 'typeorm'
const Thing = new EntitySchema<{ id: number; name: string }>({ name: 'thing', columns: { id: { type: 'int', primary: true }, name: { type: 'text' } } })
export default new DataSource({ type: 'postgres', host: '127.0.0.1', port: 1, username: 'nobody', password: 'secret', database: 'elsewhere', ssl: true,
  entities: [Thing], migrations: ['src/migrations/*.ts'], migrationsTransactionMode: 'each' })
`,
  },
}

const metadata = `import sqlalchemy as sa
metadata = sa.MetaData()
sa.Table('thing', metadata, sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.Text, nullable=False))
`

const mako = `"""\${message}"""
from alembic import op
import sqlalchemy as sa

revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}


def upgrade():
    \${upgrades if upgrades else "pass"}


def downgrade():
    \${downgrades if downgrades else "pass"}
`

/** The same as an Alembic service. */
function alembicProgram(yaml = ''): string {
  return alembicWorkspace({
    revisions: { aa01: "op.execute('create table thing (id int primary key)')# downop.execute('drop table thing')" },
    env: `from models import metadata\n${environment("'postgresql://nobody:secret@127.0.0.1:1/elsewhere'", ', target_metadata=metadata, include_schemas=True')}`,
    files: { 'ai/models.py': metadata, 'ai/alembic/script.py.mako': mako },
    yaml,
  })
}

async function scratchNames(): Promise<string[]> {
  const lent = await server()
  const rows = await sql<{ name: string }>(lent.url(), "select datname as name from pg_database where datname like 'skein\\_scratch\\_%'")
  return rows.map(({ name }) => name)
}

function made(folder: string, part: string): string {
  const [name] = readdirSync(folder).filter((one) => one.includes(part))
  return name === undefined ? '' : readFileSync(join(folder, name), 'utf8')
}

describe('migration:generate', () => {
  for (const place of ['alone', 'in a workspace'])
    it(`compares with a scratch database at the newest version, ${place}`, async () => {
      const root = typeormWorkspace(program)
      if (place === 'alone') rmSync(join(root, 'skein.yaml'))
      // Alone: on a server that is started for this and removed; else on one that is lent.
      const lent = place === 'alone' ? {} : { SKEIN_SCRATCH_URL: (await server()).url() }
      const env = { PATH: process.env.PATH, HOME: root, TS_NODE_TRANSPILE_ONLY: '1', ...lent }
      const how = { cwd: join(root, 'app'), env }
      const said = await runDoor(typeorm, ['migration:generate', 'src/migrations/add-name', '-d', 'src/data-source.ts'], how)
      expect(said).toEqual({ exit: 0, stdout: expect.stringMatching(/add-name\.ts has been generated successfully\.\n$/), stderr: '' })
      const text = made(join(root, 'app/src/migrations'), 'add-name')
      expect(text).toContain('ALTER TABLE "thing" ADD "name" text NOT NULL')
      expect(text).not.toContain('CREATE TABLE')
    })
})

describe('revision --autogenerate', () => {
  for (const place of ['alone', 'in a workspace'])
    it(`compares with a scratch database at the newest version, ${place}`, async () => {
      const root = alembicProgram()
      if (place === 'alone') rmSync(join(root, 'skein.yaml'))
      const lent = place === 'alone' ? {} : { SKEIN_SCRATCH_URL: (await server()).url() }
      const env = { PATH: process.env.PATH, HOME: root, VIRTUAL_ENV: dirname(dirname(alembicPython())), ...lent }
      const how = { cwd: join(root, 'ai'), env }
      const said = await runDoor(alembic, ['revision', '--autogenerate', '-m', 'add name', '--rev-id', 'bb01'], how)
      expect(said).toMatchObject({ exit: 0, stdout: expect.stringMatching(/bb01_add_name\.py\s+\.\.\.\s+done\n$/) })
      const text = made(join(root, 'ai/alembic/versions'), 'bb01')
      expect(text).toContain("op.add_column('thing', sa.Column('name', sa.Text(), nullable=False))")
      expect(text).not.toMatch(/create_table|drop_table/)
    })
})

describe('a given server', () => {
  it('lends its databases and keeps none', async () => {
    const root = alembicProgram()
    const lent = await server()
    const env = { PATH: process.env.PATH, HOME: root, SKEIN_SCRATCH_URL: lent.url() }
    const said = await runDoor(alembic, ['revision', '--autogenerate', '-m', 'add name'], { cwd: join(root, 'ai'), env })
    expect(said.exit).toBe(0)
    expect(await scratchNames()).toEqual([])
    expect(made(join(root, 'ai/alembic/versions'), 'add_name')).toContain('op.add_column')
  })

  it('is left as it was when a migration fails there, and says which', async () => {
    const root = typeormWorkspace({ ...program, up: [...program.up, "await runner.query('select nope') // down "] })
    const lent = await server()
    const env = { PATH: process.env.PATH, HOME: root, TS_NODE_TRANSPILE_ONLY: '1', SKEIN_SCRATCH_URL: lent.url() }
    const words = ['migration:generate', 'src/migrations/add-name', '-d', 'src/data-source.ts']
    const said = await runDoor(typeorm, words, { cwd: join(root, 'app'), env })
    expect(said).toMatchObject({
      exit: 1,
      stdout: '',
      stderr: expect.stringMatching(/scratch database cannot be brought to the newest version: .*Step2/),
    })
    expect(await scratchNames()).toEqual([])
    expect(readdirSync(join(root, 'app/src/migrations'))).toHaveLength(2)
  })

  it('is all that is opened: the workspace’s own embedded server is not even started', async () => {
    const root = alembicProgram('database: embedded\n')
    const env = { PATH: process.env.PATH, HOME: root, SKEIN_SCRATCH_URL: (await server()).url() }
    const said = await runDoor(alembic, ['revision', '--autogenerate', '-m', 'add name'], { cwd: join(root, 'ai'), env })
    expect(said.exit).toBe(0)
    expect(readdirSync(root)).not.toContain('.skein')
  })

  it('is not where the workspace leads, and that database is not opened', async () => {
    const root = alembicProgram('database: postgres://nobody@127.0.0.1:1/elsewhere\n')
    const { url } = await freshDatabase()
    const lent = await server()
    const env = { PATH: process.env.PATH, HOME: root, DATABASE_URL: url, SKEIN_SCRATCH_URL: lent.url() }
    const said = await runDoor(alembic, ['revision', '--autogenerate', '-m', 'add name'], { cwd: join(root, 'ai'), env })
    expect(said.exit).toBe(0)
    expect(await sql(url, "select 1 from pg_tables where schemaname in ('public', 'skein')")).toEqual([])
  })
})
