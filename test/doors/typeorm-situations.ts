import { className, type TypeormWanted } from '../code/services.ts'
import type { Act } from './beside-tool.ts'

const table = (name: string) => `await runner.query('create table ${name} (id int)') // down await runner.query('drop table ${name}')`
/** Migrations as their bodies. */
export const two = [table('a'), table('b')]
export const three = [...two, table('c')]
export const broken = [table('a'), "await runner.query('create table b (id nonsense)') // down "]
const thrown = [table('a'), "throw new Error('not today') // down "]
const stuck = [table('a'), `await runner.query('create table b (id int)') // down throw new Error('no way back')`]
/** The option that every command needs. */
export const d = ['-d', 'src/data-source.ts']

/** A command with it. */
export function on(command: string, ...more: string[]): { run: readonly string[] } {
  return { run: [`migration:${command}`, ...d, ...more] }
}

const [run, revert, show] = [on('run'), on('revert'), on('show')]

/** What is done with TypeORM and with `skein as typeorm`, side by side, in a service whose migrations have these bodies. */
export interface TypeormSituation {
  name: string
  up: readonly string[]
  acts: readonly Act[]
  more?: Partial<TypeormWanted>
}

/** A program whose entity has one column more than its migrations make. */
const more = {
  files: {
    'app/src/data-source.ts': `import { DataSource, EntitySchema } from 'typeorm'
const A = new EntitySchema<{ id: number; name: string }>({ name: 'a', columns: { id: { type: 'int', primary: true }, name: { type: 'text' } } })
export default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, entities: [A], migrations: ['src/migrations/*.ts'] })
`,
  },
}
const keyed = ["await runner.query('create table a (id int primary key)') // down await runner.query('drop table a')"]
const generate = (...words: string[]) => on('generate', 'src/migrations/timed', '-t', '1800000000000', ...words)

const without = (n: number) => ({ sql: `delete from migrations where name = '${className(n)}'; drop table ${'abc'[n - 1]}` })
const file = (n: number) => `app/src/migrations/${1700000000000 + n}-step.ts`

export const situations: readonly TypeormSituation[] = [
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
  { name: 'generate what is new, run it, and generate again', up: keyed, more, acts: [run, generate(), run, show, generate()] },
  { name: 'generate --dryrun, pretty, and in JavaScript', up: keyed, more, acts: [run, generate('--dr', '-p'), generate('-o', '--esm')] },
  { name: 'generate --check with something new', up: keyed, more, acts: [run, generate('--check')] },
  { name: 'generate without a path', up: keyed, more, acts: [on('generate'), { run: ['migration:generate', 'src/x'] }] },
  { name: 'the other version of TypeORM', up: two, acts: [run, show, revert, run, run], more: { version: 'typeorm-1' } },
  { name: 'another table', up: two, acts: [run, show, revert], more: { options: "migrationsTableName: 'history'\n" } },
  { name: 'all in one transaction says all', up: two, acts: [on('run', '-t', 'all'), on('revert', '-t', 'all')] },
]

function classFile(n: number): string {
  const name = 'abc'[n - 1]
  return `import { MigrationInterface, QueryRunner } from 'typeorm'
export class ${className(n)} implements MigrationInterface {
  async up(runner: QueryRunner) { await runner.query('create table ${name} (id int)') }
  async down(runner: QueryRunner) { await runner.query('drop table ${name}') }
}
`
}
