import { typeorm } from '../real-tools.ts'
import { type OddTree, under } from './tree.ts'

const folder = 'app/src/migrations'

/** The file of a class; `up` and `down` are lines of their bodies. */
function migration(name: string, up: string, down: string, fields = ''): string {
  return `import { MigrationInterface, QueryRunner } from 'typeorm'
export class ${name} implements MigrationInterface {
  ${fields}
  public async up(runner: QueryRunner): Promise<void> {
    ${up}
  }
  public async down(runner: QueryRunner): Promise<void> {
    ${down}
  }
}
`
}

const run = (...statements: string[]) => statements.map((one) => `await runner.query(${JSON.stringify(one)})`).join('\n    ')

function service(options: string): Record<string, string> {
  return {
    'app/package.json': '{ "name": "app", "private": true }',
    'app/tsconfig.json': JSON.stringify({ compilerOptions: { module: 'commonjs', target: 'es2022', experimentalDecorators: true } }),
    'app/src/data-source.ts': `import { DataSource } from 'typeorm'
export default new DataSource({
  type: 'postgres', url: process.env.DATABASE_URL, migrationsTransactionMode: 'each',
  ${options}
})
`,
  }
}

/** Two folders that are one history, merged by timestamp; a table of another name; names that are not those of the files. */
const everyday: OddTree = {
  name: 'typeorm, two folders',
  tool: 'typeorm',
  path: folder,
  count: 7,
  hollow: ['lowerCase1700000000005'],
  real: { ...typeorm(), table: 'ops._app_migrations' },
  yaml: [`path: [${folder}/sql, ${folder}/postgres]`],
  before: () => 'create schema ops',
  files: {
    ...service(
      "schema: 'ops', migrationsTableName: '_app_migrations', migrations: ['src/migrations/sql/**/*.ts', 'src/migrations/postgres/**/*.ts'],",
    ),
    ...under(folder, {
      'sql/1700000000001-start.ts': migration(
        'Start1700000000001',
        run('create table public.log (id serial primary key, said text)', "insert into public.log (said) values ('a;b')"),
        run('drop table public.log'),
      ),
      'postgres/1700000000002-pg_namespace.ts': migration(
        'PgNamespace1700000000002',
        run('create table public.two (id int)'),
        run('drop table public.two'),
      ),
      'sql/1700000000003-unawaited.ts': migration(
        'Unawaited1700000000003',
        "runner.query('create table public.' + 'three (id int)')\n    runner.query('insert into public.three values (3)')",
        "runner.query('drop table public.three')",
      ),
      'postgres/1700000000004-index.ts': migration(
        'Index1700000000004',
        run('create index concurrently two_id on public.two (id)'),
        run('drop index concurrently public.two_id'),
        'transaction = false',
      ),
      'sql/1700000000005-no-way-back.ts': migration('lowerCase1700000000005', run('create table public.five (id int)'), ''),
      'postgres/anything.ts': migration(
        'Renamed',
        run("insert into public.log (said) values ('named')"),
        run("delete from public.log where said = 'named'"),
        "name = 'Named1700000000006'",
      ),
      'sql/1700000000007-rows.ts': migration(
        'Rows1700000000007',
        "const rows = await runner.query('select id from public.two')\n    for (const said of ['x', 'y']) await runner.query('insert into public.log (said) values ($1)', [said + rows.length])",
        run("delete from public.log where said in ('x0', 'y0')"),
      ),
      'mysql/1600000000000-other.ts': migration('Other1600000000000', run('select 1 / 0'), ''),
    }),
  },
}

export const typeormTrees = [everyday]
