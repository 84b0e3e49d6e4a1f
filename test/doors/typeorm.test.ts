import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { typeorm } from '../../src/doors/typeorm/index.ts'
import { className, type TypeormWanted, typeormWorkspace } from '../code/services.ts'
import { type Act, playBoth, type Sides } from './beside-tool.ts'
import { typeormMasks } from './code-masks.ts'

const sides: Sides = {
  tool: (cwd) => [join(cwd, 'node_modules', '.bin', 'typeorm-ts-node-commonjs')],
  door: typeorm,
  masks: typeormMasks,
  rows: "select id || ':' || timestamp || ':' || name as row from migrations order by id",
  env: { TS_NODE_TRANSPILE_ONLY: '1' },
}

const table = (name: string) => `await runner.query('create table ${name} (id int)') // down await runner.query('drop table ${name}')`
const two = [table('a'), table('b')]
const three = [...two, table('c')]
const broken = [table('a'), "await runner.query('create table b (id nonsense)') // down "]
const thrown = [table('a'), "throw new Error('not today') // down "]
const stuck = [table('a'), `await runner.query('create table b (id int)') // down throw new Error('no way back')`]
const d = ['-d', 'src/data-source.ts']

function on(command: string, ...more: string[]): { run: readonly string[] } {
  return { run: [`migration:${command}`, ...d, ...more] }
}

const [run, revert, show] = [on('run'), on('revert'), on('show')]

interface Case {
  name: string
  up: readonly string[]
  acts: readonly Act[]
  more?: Partial<TypeormWanted>
}

const without = (n: number) => ({ sql: `delete from migrations where name = '${className(n)}'; drop table ${'abc'[n - 1]}` })
const file = (n: number) => `app/src/migrations/${1700000000000 + n}-step.ts`

const cases: readonly Case[] = [
  { name: 'show before anything', up: two, acts: [show] },
  { name: 'run everything', up: two, acts: [run, show] },
  { name: 'run with nothing pending', up: two, acts: [run, run] },
  { name: 'run what is new', up: two, acts: [run, { write: { [file(3)]: classFile(3) } }, run, show] },
  { name: 'run a late one', up: three, acts: [run, without(2), run, show] },
  {
    name: 'run when the table names one that is gone',
    up: two,
    acts: [run, { sql: "insert into migrations (timestamp, name) values (1800000000000, 'Gone1800000000000')" }, show, run],
  },
  { name: 'run with -t each', up: two, acts: [on('run', '-t', 'each')] },
  { name: 'run with -t none', up: two, acts: [on('run', '-t', 'none')] },
  { name: 'run with -t false', up: two, acts: [on('run', '--transaction', 'false')] },
  { name: 'run with -t all', up: two, acts: [on('run', '-t', 'all')] },
  { name: 'run with -t default', up: two, acts: [on('run', '-t', 'default')] },
  { name: 'run fails in SQL', up: broken, acts: [run, show] },
  { name: 'run fails in code', up: thrown, acts: [run, show] },
  { name: 'run fails, is mended, and goes on', up: broken, acts: [run, { write: { [file(2)]: classFile(2) } }, run, show] },
  { name: 'run --fake', up: two, acts: [on('run', '--fake'), show] },
  { name: 'run -f with one applied', up: two, acts: [run, revert, on('run', '-f'), show] },
  { name: 'run --fake with nothing pending', up: two, acts: [run, on('run', '--fake')] },
  { name: 'revert', up: two, acts: [run, revert, show] },
  { name: 'revert until nothing is left', up: two, acts: [run, revert, revert, revert] },
  { name: 'revert and run again', up: two, acts: [run, revert, run, show] },
  // TypeORM makes its empty table even so (docs/guides/typeorm-command.md).
  { name: 'revert with nothing applied', up: two, acts: [{ ...revert, otherwise: { state: '' } }] },
  { name: 'revert -f', up: two, acts: [run, on('revert', '-f'), show] },
  { name: 'revert -t none', up: two, acts: [run, on('revert', '-t', 'none')] },
  { name: 'revert fails', up: stuck, acts: [run, revert, show] },
  {
    name: 'revert of one that is not in the code',
    up: two,
    acts: [run, { sql: "insert into migrations (timestamp, name) values (1800000000000, 'Gone1800000000000')" }, revert],
  },
  { name: 'no DataSource said', up: two, acts: [{ run: ['migration:run'] }, { run: ['migration:revert'] }] },
  { name: 'a DataSource that is not there', up: two, acts: [{ run: ['migration:run', '-d', 'src/none.ts'] }] },
  { name: 'an option that there is not', up: two, acts: [on('run', '--all')] },
  { name: 'a command that there is not', up: two, acts: [{ run: ['migration:undo'] }, { run: [] }] },
  { name: 'help', up: two, acts: [{ run: ['migration:run', '--help'] }] },
  {
    name: 'create',
    up: two,
    acts: [
      { run: ['migration:create', 'src/migrations/timed'] },
      { run: ['migration:create', 'src/migrations/add-c', '-t', '1800000000000'] },
      show,
    ],
  },
  { name: 'create in JavaScript', up: two, acts: [{ run: ['migration:create', 'js/add-c', '-o', '--esm', '-t', '1800000000000'] }] },
  {
    name: 'generate with nothing changed',
    up: two,
    acts: [
      { run: ['migration:generate', 'src/migrations/add', ...d] },
      { run: ['migration:generate', 'src/migrations/add', ...d, '--check'] },
    ],
  },
  { name: 'the other version of TypeORM', up: two, acts: [run, show, revert, run, run], more: { version: 'typeorm-1' } },
  { name: 'another table', up: two, acts: [run, show, revert], more: { options: "migrationsTableName: 'history'\n" } },
  { name: 'all in one transaction says all', up: two, acts: [on('run', '-t', 'all'), on('revert', '-t', 'all')] },
]

describe('skein as typeorm says and does what TypeORM says and does', () => {
  for (const [at, one] of cases.entries())
    for (const place of at % 6 === 1 ? ['alone', 'in a workspace'] : ['alone'])
      it(`${one.name}, ${place}`, async () => {
        const folder = () => made(one, place === 'alone')
        await playBoth({ name: one.name, folder, cwd: 'app', acts: one.acts }, sides)
      })
})

describe('where it differs on purpose', () => {
  it('each migration is committed with its rows, so what was good before a failure stays, also with -t all', async () => {
    const state = `a migrations 1:1700000000001:${className(1)}`
    const acts = [{ ...on('run', '-t', 'all'), otherwise: { state } }]
    await playBoth({ name: 'all', folder: () => made({ up: broken }, true), cwd: 'app', acts }, sides)
  })

  it('generate -n NAME, as TypeORM 0.2 took it, makes the file beside the others', async () => {
    const { folderRun } = await alone({ up: two })
    const { exit, stderr } = await folderRun(['migration:create', '-n', 'AddThing', '-t', '1800000000000'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const shown = await folderRun(['migration:show', ...d])
    expect(shown.stdout).toContain('[ ] AddThing1800000000000\n')
  })

  it('takes back in order only', async () => {
    const { folderRun, database } = await alone({ up: three })
    await folderRun(['migration:run', ...d])
    await database("update migrations set id = 9 where name = 'Step11700000000001'")
    const { exit, stdout, stderr } = await folderRun(['migration:revert', ...d])
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: 'Error during migration revert:\n' })
    expect(stderr).toContain(`${className(1)} was run last, and ${className(3)} stands behind it`)
  })
})

async function alone(wanted: TypeormWanted) {
  const { runDoor } = await import('./beside-tool.ts')
  const { freshDatabase } = await import('../server.ts')
  const { sql } = await import('../cli/kit.ts')
  const root = made(wanted, true)
  const { url } = await freshDatabase()
  const env = { PATH: process.env.PATH, HOME: root, ...sides.env, DATABASE_URL: url }
  return {
    folderRun: (words: string[]) => runDoor(typeorm, words, { cwd: join(root, 'app'), env }),
    database: (text: string) => sql(url, text),
  }
}

function made({ up, more }: { up: readonly string[]; more?: Partial<TypeormWanted> }, isAlone: boolean): string {
  const root = typeormWorkspace({ up, ...more })
  if (isAlone) rmSync(join(root, 'skein.yaml'))
  return root
}

function classFile(n: number): string {
  const name = 'abc'[n - 1]
  return `import { MigrationInterface, QueryRunner } from 'typeorm'
export class ${className(n)} implements MigrationInterface {
  async up(runner: QueryRunner) { await runner.query('create table ${name} (id int)') }
  async down(runner: QueryRunner) { await runner.query('drop table ${name}') }
}
`
}
