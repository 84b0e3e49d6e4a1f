import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { alembic } from '../../src/doors/alembic/index.ts'
import { folderOf, sql } from '../cli/kit.ts'
import { environment } from '../code/services.ts'
import { freshDatabase } from '../server.ts'
import { alembicPython } from '../tools.ts'
import { type Act, playBoth, runDoor, type Sides } from './beside-tool.ts'
import { alembicMasks } from './code-masks.ts'

const bin = dirname(alembicPython())
const sides: Sides = {
  tool: () => [join(bin, 'alembic')],
  door: alembic,
  masks: alembicMasks,
  rows: 'select version_num as row from alembic_version order by 1',
  env: { VIRTUAL_ENV: dirname(bin), PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' },
}

interface Revision {
  on?: string | readonly string[]
  needs?: string
  label?: string
  up?: string
  down?: string
}

type Tree = Readonly<Record<string, Revision>>

const line: Tree = { aa01: {}, aa02: { on: 'aa01' }, aa03: { on: 'aa02' } }
const branches: Tree = { aa01: {}, bb01: { on: 'aa01', label: 'core' }, bb02: { on: 'bb01' }, cc01: { on: 'aa01', label: 'billing' } }
const merged: Tree = { ...branches, dd01: { on: ['bb02', 'cc01'] } }
const apart: Tree = { aa01: { label: 'core' }, aa02: { on: 'aa01' }, bb01: { label: 'billing' }, bb02: { on: 'bb01', needs: 'aa02' } }
const broken: Tree = { ...line, aa02: { on: 'aa01', up: "op.execute('create table t (id nonsense)')" } }
const stuck: Tree = { ...line, aa03: { on: 'aa02', down: "raise RuntimeError('no way back')" } }

function on(...run: string[]): { run: readonly string[] } {
  return { run }
}

const [up, current] = [on('upgrade', 'head'), on('current')]

const cases: readonly { name: string; tree: Tree; acts: readonly Act[] }[] = [
  { name: 'current before anything, and behind', tree: line, acts: [current, up, on('current', '-v')] },
  { name: 'upgrade head', tree: line, acts: [up, current] },
  { name: 'upgrade head twice', tree: line, acts: [up, up] },
  { name: 'upgrade heads', tree: line, acts: [on('upgrade', 'heads')] },
  { name: 'upgrade to a revision, and on', tree: line, acts: [on('upgrade', 'aa02'), current, up] },
  { name: 'upgrade to a part of an id', tree: line, acts: [on('upgrade', 'aa0'), on('upgrade', 'aa02')] },
  { name: 'upgrade by number', tree: line, acts: [on('upgrade', '+1'), on('upgrade', '+2'), on('upgrade', '+1')] },
  { name: 'upgrade by number from a revision', tree: line, acts: [on('upgrade', 'aa01+1')] },
  { name: 'upgrade to what there is not', tree: line, acts: [on('upgrade', 'zz99')] },
  { name: 'upgrade to what is below', tree: line, acts: [up, on('upgrade', 'aa01')] },
  { name: 'upgrade with several heads', tree: branches, acts: [up, on('upgrade', 'heads'), current, on('heads')] },
  { name: 'upgrade of one branch', tree: branches, acts: [on('upgrade', 'core@head'), on('upgrade', 'billing@head'), current] },
  { name: 'upgrade of a merge', tree: merged, acts: [up, on('downgrade', '-1'), on('branches'), on('history')] },
  {
    name: 'upgrade of what depends on another branch',
    tree: apart,
    acts: [on('upgrade', 'billing@head'), current, on('upgrade', 'heads')],
  },
  { name: 'downgrade by number', tree: line, acts: [up, on('downgrade', '-1'), on('downgrade', '-2'), on('downgrade', '-1')] },
  { name: 'downgrade to a revision', tree: line, acts: [up, on('downgrade', 'aa01'), current] },
  { name: 'downgrade base', tree: line, acts: [up, on('downgrade', 'base'), current, up] },
  { name: 'downgrade to what there is not', tree: line, acts: [up, on('downgrade', 'zz99')] },
  { name: 'downgrade of a branch', tree: branches, acts: [on('upgrade', 'heads'), on('downgrade', 'core@bb01'), current] },
  { name: 'stamp', tree: line, acts: [on('stamp', 'aa02'), current, up, on('stamp', 'aa01'), current] },
  { name: 'stamp base and heads', tree: line, acts: [on('stamp', 'heads'), on('stamp', 'base'), current] },
  { name: 'stamp of several', tree: branches, acts: [on('stamp', 'bb01', 'cc01'), current] },
  { name: 'stamp of what there is not', tree: line, acts: [on('stamp', 'zz99')] },
  {
    name: 'the table names what there is not',
    tree: line,
    acts: [
      up,
      { sql: "update alembic_version set version_num = 'zz99'" },
      current,
      up,
      on('stamp', 'aa03'),
      on('stamp', '--purge', 'aa02'),
      current,
    ],
  },
  { name: 'a revision fails', tree: broken, acts: [on('upgrade', 'aa01'), up, current, up] },
  { name: 'a way back fails', tree: stuck, acts: [up, on('downgrade', '-1'), current] },
  {
    name: 'history',
    tree: line,
    acts: [on('history'), on('upgrade', 'aa02'), on('history', '-i'), on('history', '-r', 'aa01:aa02', '-v'), on('history', '-r', 'aa01')],
  },
  {
    name: 'heads, branches, show',
    tree: branches,
    acts: [on('heads', '-v'), on('branches', '-v'), on('show', 'bb01'), on('show', 'zz99')],
  },
  { name: 'no revision said', tree: line, acts: [on('upgrade'), on('downgrade'), on()] },
  { name: 'a command that there is not', tree: line, acts: [on('migrate')] },
  { name: 'a configuration that is not there', tree: line, acts: [on('-c', 'none.ini', 'upgrade', 'head')] },
  { name: 'a section of the configuration', tree: line, acts: [on('-n', 'other', 'upgrade', 'aa01'), on('-c', 'alembic.ini', 'current')] },
  { name: 'upgrade --sql', tree: line, acts: [on('upgrade', 'aa01:aa02', '--sql')] },
  { name: 'revision', tree: line, acts: [on('revision', '-m', 'timed', '--rev-id', 'ee01'), up, current] },
  { name: 'quiet', tree: line, acts: [on('-q', 'upgrade', 'head')] },
]

describe('skein as alembic says and does what Alembic says and does', () => {
  for (const [at, one] of cases.entries())
    for (const place of at % 8 === 1 ? ['alone', 'in a workspace'] : ['alone'])
      it(`${one.name}, ${place}`, async () => {
        await playBoth({ name: one.name, folder: () => made(one.tree, place === 'alone'), cwd: 'ai', acts: one.acts }, sides)
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

const mako = `"""\${message}"""
revision = \${repr(up_revision)}
down_revision = \${repr(down_revision)}


def upgrade():
    pass


def downgrade():
    pass
`

function made(tree: Tree, isAlone: boolean): string {
  const env = environment().replace(
    'engine =',
    'from logging.config import fileConfig\nfileConfig(context.config.config_file_name)\n\nengine =',
  )
  const root = folderOf({
    'skein.yaml': `services:\n  ai:\n    path: ai/alembic\n    tool: alembic\n    runtime: { python: ${JSON.stringify(alembicPython())} }\n`,
    'ai/alembic.ini': ini,
    'ai/alembic/env.py': env,
    'ai/alembic/script.py.mako': mako,
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
