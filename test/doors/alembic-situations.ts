import type { Act } from './beside-tool.ts'

export interface Revision {
  on?: string | readonly string[]
  needs?: string
  label?: string
  up?: string
  down?: string
}

export type Tree = Readonly<Record<string, Revision>>

export const line: Tree = { aa01: {}, aa02: { on: 'aa01' }, aa03: { on: 'aa02' } }
const branches: Tree = { aa01: {}, bb01: { on: 'aa01', label: 'core' }, bb02: { on: 'bb01' }, cc01: { on: 'aa01', label: 'billing' } }
const merged: Tree = { ...branches, dd01: { on: ['bb02', 'cc01'] } }
const apart: Tree = { aa01: { label: 'core' }, aa02: { on: 'aa01' }, bb01: { label: 'billing' }, bb02: { on: 'bb01', needs: 'aa02' } }
export const broken: Tree = { ...line, aa02: { on: 'aa01', up: "op.execute('create table t (id nonsense)')" } }
const stuck: Tree = { ...line, aa03: { on: 'aa02', down: "raise RuntimeError('no way back')" } }

/** A command. */
export function on(...run: string[]): { run: readonly string[] } {
  return { run }
}

export const [up, current] = [on('upgrade', 'head'), on('current')]

/** What is done with Alembic and with `skein as alembic`, side by side, in a service that has these revisions. */
export const situations: readonly { name: string; tree: Tree; acts: readonly Act[]; models?: string }[] = [
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
  {
    name: 'revision --autogenerate, upgrade, and once more',
    tree: line,
    models: "sa.Table('t_aa01', metadata, sa.Column('id', sa.Integer), sa.Column('name', sa.Text))\n",
    acts: [up, on('revision', '--autogenerate', '-m', 'add name', '--rev-id', 'ee01'), up, current, on('check')],
  },
  {
    name: 'revision --autogenerate with several heads, and on one of them',
    tree: branches,
    models: "sa.Table('t_bb02', metadata, sa.Column('id', sa.Integer))\n",
    acts: [
      on('upgrade', 'heads'),
      on('revision', '--autogenerate', '-m', 'more', '--rev-id', 'ee01'),
      on('revision', '--autogenerate', '-m', 'more', '--rev-id', 'ee01', '--head', 'core@head'),
    ],
  },
  {
    name: 'revision with options that do not go together',
    tree: line,
    acts: [up, on('revision', '--sql', '--autogenerate', '-m', 'x'), on('revision', '--auto')],
  },
  { name: 'quiet', tree: line, acts: [on('-q', 'upgrade', 'head')] },
]
