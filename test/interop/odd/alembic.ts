import { alembicPython } from '../../tools.ts'
import { environment } from '../../code/services.ts'
import { alembic, type RealTool } from '../real-tools.ts'
import { type OddTree, under } from './tree.ts'

const ini = { 'app/alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\nprepend_sys_path = .\n' }

interface Revision {
  /** As Python: `'a'`, `('a', 'b')`, `None`. */
  on: string
  /** Further lines of the module. */
  more?: string
  up: string
  down: string
}

const says = (words: string) => `op.execute("insert into log (said) values ('${words}')")`

function revisions(all: Readonly<Record<string, Revision>>): Record<string, string> {
  const text = (id: string, { on, more = '', up, down }: Revision) => `"""${id} of the tree"""
from alembic import op
import sqlalchemy as sa
revision: str = '${id}'
down_revision = ${on}
${more}


def upgrade():
    ${up}


def downgrade():
    ${down}
`
  return under('app/alembic/versions', Object.fromEntries(Object.entries(all).map(([id, one]) => [`${id}.py`, text(id, one)])))
}

/** Alembic's words for one step after the other, where `+1` and `-1` are ambiguous: all up, then all down. */
function inSteps(ups: readonly string[], downs: readonly string[], table = 'alembic_version'): RealTool {
  const real = alembic(alembicPython())
  const taken = new Map<string, number>()
  const next = (url: string) => {
    const step = taken.get(url) ?? 0
    taken.set(url, step + 1)
    return step
  }
  return {
    ...real,
    table,
    up: (at, count) => (count === undefined ? real.up(at) : real.say(at, 'upgrade', ups[next(at.url)] ?? '')),
    down: (at) => real.say(at, 'downgrade', downs[next(at.url) - ups.length] ?? ''),
  }
}

/** Two histories in one, of which one needs the other; a fork and a merge. */
const branches: OddTree = {
  name: 'alembic, branches',
  tool: 'alembic',
  path: 'app/alembic',
  count: 9,
  hollow: ['bb01'],
  real: inSteps(
    ['aa01', 'aa02', 'aa03', 'dd01', 'cc01', 'ee01', 'bb01', 'bb02', 'bb03'],
    ['bb02', 'bb01', 'billing@base', 'cc01', 'left@aa03', 'aa03', 'aa02', 'aa01', 'base'],
  ),
  files: {
    ...ini,
    // What comes after `get_bind().commit()` is a transaction that nobody else ends.
    'app/alembic/env.py': `${environment()}    connection.commit()\n`,
    ...revisions({
      aa01: {
        on: 'None',
        more: "branch_labels = 'core'",
        up: 'op.execute("create table log (id serial primary key, said text)")',
        down: 'op.execute("drop table log")',
      },
      aa02: { on: "'aa01'", up: says('aa02'), down: `op.execute("delete from log where said = 'aa02'")` },
      aa03: {
        on: "'aa02'",
        up: `${says('before')}\n    with op.get_context().autocommit_block():\n        op.execute("create index concurrently log_said on log (said)")`,
        down: 'with op.get_context().autocommit_block():\n        op.execute("drop index concurrently log_said")',
      },
      bb01: {
        on: 'None',
        more: "branch_labels = ('billing',)\ndepends_on = 'aa01'",
        up: 'op.execute("create table bill (id int)")',
        down: 'pass',
      },
      bb02: { on: "'bb01'", more: "depends_on = ['aa02']", up: says('bb02'), down: `op.execute("delete from log where said = 'bb02'")` },
      bb03: {
        on: "'bb02'",
        up: `bind = op.get_bind()\n    for n in range(3):\n        bind.execute(sa.text("insert into bill values (:n)"), {'n': n})\n        bind.commit()`,
        down: 'op.execute("delete from bill")',
      },
      cc01: { on: "'aa03'", more: "branch_labels = 'left'", up: says('cc01'), down: `op.execute("delete from log where said = 'cc01'")` },
      dd01: { on: "'aa03'", more: "branch_labels = 'right'", up: says('dd01'), down: `op.execute("delete from log where said = 'dd01'")` },
      ee01: { on: "('cc01', 'dd01')", up: 'pass', down: 'pass' },
    }),
  },
}

/** An env.py that speaks to the database before it configures: Alembic then sees the caller's transaction. A table of another name elsewhere. */
const spoken: OddTree = {
  name: 'alembic, SET before context.configure',
  tool: 'alembic',
  path: 'app/alembic',
  count: 3,
  real: inSteps(['a1', 'a2', 'a3'], ['a2', 'a1', 'base'], 'ops.applied'),
  before: () => 'create schema ops',
  files: {
    ...ini,
    'app/alembic/env.py': `import os
from alembic import context
from sqlalchemy import create_engine, pool, text

engine = create_engine(os.environ['DATABASE_URL'].replace('postgresql://', 'postgresql+psycopg://', 1), poolclass=pool.NullPool)
with engine.connect() as connection:
    connection.execute(text("SET lock_timeout = 4000"))
    connection.execute(text("SET timezone = 'Asia/Tokyo'"))
    context.configure(connection=connection, version_table='applied', version_table_schema='ops', transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
`,
    ...revisions({
      a1: {
        on: 'None',
        up: `op.execute("create table log (id serial primary key, said text)")\n    op.execute("insert into log (said) values (current_setting('timezone'))")`,
        down: 'op.execute("drop table log")',
      },
      a2: {
        on: "'a1'",
        up: 'op.get_bind().commit()\n    with op.get_context().autocommit_block():\n        op.execute("create index concurrently log_said on log (said)")',
        down: 'op.get_bind().commit()\n    with op.get_context().autocommit_block():\n        op.execute("drop index concurrently log_said")',
      },
      a3: { on: "'a2'", up: says('a3'), down: `op.execute("delete from log where said = 'a3'")` },
    }),
  },
}

export const alembicTrees = [branches, spoken]
