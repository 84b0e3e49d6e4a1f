import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { alembic } from '../../src/doors/alembic/index.ts'
import { folderOf, sql } from '../cli/kit.ts'
import { environment } from '../code/services.ts'
import { freshDatabase } from '../server.ts'
import { alembicPython } from '../tools.ts'
import { broken, line, type Revision, situations, type Tree, up } from './alembic-situations.ts'
import { playBoth, runDoor, type Sides } from './beside-tool.ts'
import { alembicMasks } from './masks.ts'

const bin = dirname(alembicPython())
const sides: Sides = {
  name: 'alembic',
  tool: () => [join(bin, 'alembic')],
  door: alembic,
  masks: alembicMasks,
  rows: 'select version_num as row from alembic_version order by 1',
  env: { VIRTUAL_ENV: dirname(bin), PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' },
}

describe('skein as alembic says and does what Alembic says and does', () => {
  for (const [at, one] of situations.entries())
    for (const place of at % 8 === 1 ? ['alone', 'in a workspace'] : ['alone'])
      it(`${one.name}, ${place}`, async () => {
        const folder = () => made(one.tree, place === 'alone', one.models)
        await playBoth({ name: one.name, folder, cwd: 'ai', acts: one.acts, asProcess: at % 9 === 1 }, sides)
      })
})

describe('where it differs on purpose', () => {
  it('each revision is committed by itself, so what was good before a failure stays', async () => {
    const otherwise = { state: 'alembic_version t_aa01 aa01' }
    await playBoth({ name: 'all', folder: () => made(broken, true), cwd: 'ai', acts: [{ ...up, otherwise }] }, sides)
  })

  it('the ledger knows what was run and what was stamped', async () => {
    const root = made(line, true)
    const { url } = await freshDatabase()
    const env = { PATH: process.env.PATH, HOME: root, ...sides.env, DATABASE_URL: url }
    await runDoor(alembic, ['upgrade', 'aa01'], { cwd: join(root, 'ai'), env })
    await runDoor(alembic, ['stamp', 'aa02'], { cwd: join(root, 'ai'), env })
    const rows = await sql(url, 'select version, kind from skein.applied order by version')
    expect(rows).toEqual([
      { version: 'aa01', kind: 'executed' },
      { version: 'aa02', kind: 'forced' },
    ])
  })
})

const ini = `[alembic]
script_location = %(here)s/alembic
prepend_sys_path = .

[other]
script_location = %(here)s/alembic

[loggers]
keys = root,alembic

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_alembic]
level = INFO
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
`

/** Tables that the models do not name are none of their business. */
const modelsHead = `import sqlalchemy as sa
metadata = sa.MetaData()


def mine(thing, name, kind, reflected, compare_to):
    return not (kind == 'table' and reflected and compare_to is None)


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

function made(tree: Tree, isAlone: boolean, models?: string): string {
  const program =
    models === undefined
      ? environment()
      : `from models import metadata, mine\n${environment(undefined, ', target_metadata=metadata, include_object=mine')}`
  const env = program.replace('engine =', 'from logging.config import fileConfig\nfileConfig(context.config.config_file_name)\n\nengine =')
  const root = folderOf({
    'skein.yaml': `services:\n  ai:\n    path: ai/alembic\n    tool: alembic\n    runtime: { python: ${JSON.stringify(alembicPython())} }\n`,
    'ai/alembic.ini': ini,
    'ai/alembic/env.py': env,
    'ai/alembic/script.py.mako': mako,
    ...(models === undefined ? {} : { 'ai/models.py': `${modelsHead}${models}` }),
    ...Object.fromEntries(Object.entries(tree).map(([id, one]) => [`ai/alembic/versions/${id}_step.py`, revision(id, one)])),
  })
  if (isAlone) rmSync(join(root, 'skein.yaml'))
  return root
}

function revision(id: string, { on: parents, needs, label, up: forth, down: back }: Revision): string {
  const list = typeof parents === 'object' ? `(${parents.map((each) => `'${each}'`).join(', ')})` : value(parents)
  return `"""step ${id}"""
from alembic import op

revision = '${id}'
down_revision = ${list}
branch_labels = ${value(label)}
depends_on = ${value(needs)}


def upgrade():
    ${forth ?? `op.execute('create table t_${id} (id int)')`}


def downgrade():
    ${back ?? `op.execute('drop table t_${id}')`}
`
}

function value(text: string | undefined): string {
  return text === undefined ? 'None' : `'${text}'`
}
