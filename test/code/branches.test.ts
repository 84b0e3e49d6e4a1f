/** Two branches that stand on each other by depends_on: what each verb means is what Alembic means by it. */
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOf, skein } from '../cli/kit.ts'
import { connect, freshDatabase } from '../server.ts'
import { alembicPython } from '../tools.ts'
import { environment } from './services.ts'

const revision = (id: string, down: string | null, more = '') => `"""${id}"""
from alembic import op
revision = '${id}'
down_revision = ${down === null ? 'None' : `'${down}'`}
${more}

def upgrade():
    op.execute("create table t_${id} (n int)")


def downgrade():
    op.execute("drop table t_${id}")
`

/** core: aa01 → aa02 → aa03; billing: bb01 → bb02, which needs aa02. */
function workspace(): string {
  return folderOf({
    'skein.yaml': `services:\n  ai: { path: ai/alembic, tool: alembic, runtime: { python: ${alembicPython()} } }\n`,
    'ai/alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\n',
    'ai/alembic/env.py': environment(),
    'ai/alembic/versions/aa01.py': revision('aa01', null, "branch_labels = 'core'"),
    'ai/alembic/versions/aa02.py': revision('aa02', 'aa01'),
    'ai/alembic/versions/aa03.py': revision('aa03', 'aa02'),
    'ai/alembic/versions/bb01.py': revision('bb01', null, "branch_labels = 'billing'"),
    'ai/alembic/versions/bb02.py': revision('bb02', 'bb01', "depends_on = 'aa02'"),
  })
}

test('goto, down, force and the real tool in turns leave the rows that Alembic would', { timeout: 120_000 }, async () => {
  const { url } = await freshDatabase()
  const folder = workspace()
  const run = async (...words: string[]) => {
    const ended = await skein(folder, words, { env: { DATABASE_URL: url } })
    expect(ended.code, `${words.join(' ')}: ${ended.stdout}${ended.stderr}`).toBe(0)
  }
  const rows = async () => {
    const client = await connect(url)
    const { rows: found } = await client.query('select version_num from alembic_version order by 1')
    await client.end()
    return found.map((row) => row.version_num)
  }
  const alembic = (...words: string[]) =>
    execFileSync(join(dirname(alembicPython()), 'alembic'), words, {
      cwd: join(folder, 'ai'),
      env: { ...process.env, DATABASE_URL: url },
      stdio: 'pipe',
    })

  await run('goto', 'ai', 'aa02')
  expect(await rows()).toEqual(['aa02'])
  await run('goto', 'ai', 'bb02')
  expect(await rows()).toEqual(['bb02'])
  await run('up')
  expect(await rows()).toEqual(['aa03', 'bb02'])
  alembic('downgrade', 'billing@base')
  expect(await rows()).toEqual(['aa03'])
  await run('status')
  await run('up')
  expect(await rows()).toEqual(['aa03', 'bb02'])
  await run('goto', 'ai', 'bb01', '--yes')
  expect(await rows()).toEqual(['aa03', 'bb01'])
  alembic('upgrade', 'heads')
  await run('down', '--all', '--yes')
  expect(await rows()).toEqual([])
  await run('force', 'ai', 'bb02', '--because', 'it is there', '--yes')
  expect(await rows()).toEqual(['bb02'])
  await run('force', 'ai', 'none', '--because', 'it is not', '--yes')
  await run('baseline', 'ai', 'aa02', '--yes')
  expect(await rows()).toEqual(['aa02'])
})
