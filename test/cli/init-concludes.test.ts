import { describe, expect, it } from 'vitest'
import { inProcess } from './in-process.ts'
import { folderOf } from './kit.ts'

/** What init would write for these files, without its heading. */
async function written(files: Record<string, string>, ...flags: string[]): Promise<string> {
  const ran = await inProcess(folderOf(files), ['init', '--dry-run', ...flags])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  return ran.stdout
}

const stamped = (folder: string, name: string, text: string, hour = '12') => ({
  [`database/migrations/${folder}/202401011${hour.at(-1)}0000_a1b2c3d4_${name}.up.sql`]: text,
})
const goose = (text: string) => `-- +goose Up\n${text}\n`

describe('what init concludes', () => {
  it('takes tiers from a numbered list in a guide, names as the guide has them', async () => {
    const guide = `# Migrations
0. **Core Setup**: core (extensions, functions)
1. **Foundation Services**: tenant, auth
2. **Core Services**: user,
3. **Building-Block Services**:
4. **Project-Structure Services:
5. **Integration Services**: reporting
`
    const text = await written({
      'database/migrations/README.md': guide,
      ...stamped('core', 'a', 'create function now2() returns int language sql as $$ select 1 $$;'),
      ...stamped('tenant_service', 'b', 'create table tenants (id int primary key default now2());'),
      ...stamped('auth_service', 'c', 'create table roles (tenant int references tenants);'),
      ...stamped('user_service', 'd', 'create table users (id int);'),
      ...stamped('reporting_service', 'e', 'create table kpis (id int);'),
    })
    expect(text).toContain(
      'tiers:\n  - Core Setup\n  - Foundation Services\n  - Core Services\n  - Building-Block Services\n  - Project-Structure Services\n  - Integration Services\n',
    )
    expect(text).toContain(
      '  auth:\n    path: database/migrations/auth_service\n    tool: stamped\n    tier: Foundation Services\n    # foreign keys lead to tenants of tenant\n    needs: [tenant]\n',
    )
    expect(text.indexOf('  core:')).toBeLessThan(text.indexOf('  auth:'))
  })

  it('leaves a list out that the files contradict, and one that names some services only', async () => {
    const files = {
      ...stamped('a_service', 'a', 'create table x (id int primary key);'),
      ...stamped('b_service', 'b', 'create table y (x int references x);'),
    }
    const against = await written({ ...files, 'README.md': '1. First: b\n2. Second: a\n' })
    expect(against).not.toContain('\ntiers:')
    expect(against).toContain('    # README.md gives an order in tiers, and this service stands on one of a later tier')
    expect(against).toContain('    needs: ["a_service@20240101120000_a1b2c3d4_a"]\n')
    expect(await written({ ...files, 'README.md': '1. First: a\n2. Second: other\n' })).not.toContain('\ntiers:')
  })

  it('needs the migration that makes what is named: tables, columns of foreign keys, types, functions, views', async () => {
    const text = await written({
      'people/migrations/001_people_up.sql': 'create table people (id int primary key);',
      'people/migrations/002_mail_up.sql': 'alter table people add column mail text unique;',
      'people/migrations/003_state_up.sql': "create type state as enum ('on');",
      'people/migrations/004_touch_up.sql': "create function touch() returns trigger language plpgsql as 'begin end';",
      'people/migrations/005_other_up.sql': 'create table other ();',
      'key/migrations/001_a_up.sql': 'create table a (p int references people);',
      'column/migrations/001_b_up.sql': 'create table b (m text references people (mail));',
      'type/migrations/001_c_up.sql': 'create table c (s state);',
      'function/migrations/001_d_up.sql': 'create table d (); create trigger t before update on d execute function touch();',
      'view/migrations/001_e_up.sql': 'create view e as with other as (select 1) select count(*) from people, other;',
      'own/migrations/001_f_up.sql': 'create table people (id int primary key); create table f (p int references people);',
    })
    expect(text).toMatch(/ {2}view:[^]*?# It names people, which own and people make: add the one that is meant to needs\./)
    for (const [service, version] of [
      ['type', 3],
      ['function', 4],
    ])
      expect(text).toMatch(new RegExp(` {2}${service}:(?:\n {4}.*)*\n {4}needs: \\["people@${version}"\\]`))
    expect(text).toMatch(/ {2}column:(?:\n {4}.*)*\n {4}needs: \["people@2"\]/)
    expect(text).not.toMatch(/ {2}own:(?:\n {4}.*)*needs:/)
  })

  it('writes no circle: where two stand on each other, it says what to do', async () => {
    const text = await written({
      'a/migrations/001_a_up.sql': 'create table a (id int primary key);',
      'a/migrations/002_a_up.sql': 'alter table a add foreign key (id) references b;',
      'b/migrations/001_b_up.sql': 'create table b (id int primary key references a);',
    })
    expect(text).not.toContain('    needs:')
    expect(text).toContain(
      '    # foreign keys lead to b of b, and b stands on this service too: say in dependencies.json which migration needs which\n',
    )
  })

  it('reads foreign keys of migrations in code as far as they are written out', async () => {
    const text = await written({
      'shop/migrations/20240101000000_users.sql': goose('create table users (id int primary key);'),
      'auth/src/migrations/1615213456789-create.ts': `import { MigrationInterface, QueryRunner } from 'typeorm'
export class Create1615213456789 implements MigrationInterface {
  async up(runner: QueryRunner) { await runner.query(\`create table "tokens" ("user" int references "users")\`) }
  async down(runner: QueryRunner) { await runner.query('drop table tokens') }
}`,
      'made/src/migrations/1615213456789-create.ts': `import { MigrationInterface, QueryRunner, Table } from 'typeorm'
export class Create1615213456789 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.createTable(new Table({ name: 'orders', columns: [], foreignKeys: [{ columnNames: ['user'], referencedTableName: 'users' }] }))
  }
  async down(runner: QueryRunner) { await runner.dropTable('orders') }
}`,
      'ai/alembic/env.py': '',
      'ai/alembic/versions/ab12_x.py': `revision = 'ab12'
down_revision = None
def upgrade():
    op.create_table('models', sa.Column('user', sa.Integer, sa.ForeignKey('users.id')))
    op.create_foreign_key(None, 'models', 'orders', ['a'], ['b'])
def downgrade():
    op.drop_table('models')
`,
    })
    expect(text).toMatch(/ {2}auth:(?:\n {4}.*)*\n {4}# foreign keys lead to users of shop\n {4}needs: \["shop@20240101000000"\]/)
    expect(text).toMatch(/ {2}made:(?:\n {4}.*)*\n {4}needs: \["shop@20240101000000"\]/)
    expect(text).toMatch(/ {2}ai:(?:\n {4}.*)*\n {4}needs: \["shop@20240101000000", "made@Create1615213456789"\]/)
  })

  it('needs nothing for sure where code makes tables under computed names', async () => {
    const text = await written({
      'shop/migrations/20240101000000_users.sql': goose('create table users (id int primary key);'),
      'auth/src/migrations/1615213456789-create.ts': `import { MigrationInterface, QueryRunner, Table } from 'typeorm'
export class Create1615213456789 implements MigrationInterface {
  async up(runner: QueryRunner) {
    for (const name of ['users', 'roles']) await runner.createTable(new Table({ name, columns: [] }))
    await runner.query('insert into users values (1)')
  }
  async down(runner: QueryRunner) {}
}`,
    })
    expect(text).not.toContain('    needs:')
    expect(text).toContain(
      '    # It names users, which shop makes, or its own code under a name that is computed: add shop to needs if that one is meant.\n',
    )
  })

  it('gives services a database each where their tables would be one, but one to those that name each other', async () => {
    const files = {
      'a/migrations/000001_a.up.sql': 'create table a (id int primary key);',
      'b/migrations/000001_b.up.sql': 'create table b (a int references a);',
      'c/migrations/000001_c.up.sql': 'create table c ();',
      'c/.env.example': 'C_TEST_DATABASE_URL=\n',
    }
    const text = await written(files)
    expect(text.match(/(?<=^ *)database: .*/gm)).toEqual([
      'database: ${A_DATABASE_URL}',
      'database: ${A_DATABASE_URL}',
      'database: ${C_TEST_DATABASE_URL}',
    ])
    expect(text).toContain(
      '    # Its tables and those of a name each other, and both keep one history table: add table: b_schema_migrations\n',
    )
    expect((await written(files, '--database', 'embedded')).match(/(?<=^ *)database: .*/gm)).toEqual([
      'database: embedded:a',
      'database: embedded:a',
      'database: embedded:c',
    ])
    const one = await written(files, '--database', '${ALL}')
    expect(one.match(/(?<=^ *)database: .*/gm)).toEqual(['database: ${ALL}'])
    expect(one).toContain('    # a and c cannot both keep public.schema_migrations in one database: add table: c_schema_migrations\n')
  })

  it('settles the tool by papers and neighbours, and the table by what starts golang-migrate', async () => {
    const text = await written({
      'a/migrations/001_a.up.sql': '',
      'a/Makefile': 'up:\n\tmigrate -path migrations -database "$(DB)?x-migrations-table=a_history" up\n',
      'b/migrations/001_b.up.sql': '',
      'compose.yaml': 'command: ["-c", "echo b_schema_migrations"]\n',
    })
    expect(text).toContain('    tool: golang-migrate # a/Makefile speaks of it\n    table: a_history # a/Makefile says so\n')
    expect(text).toContain(
      '    tool: golang-migrate # as its neighbours; these files would fit others too\n    table: b_schema_migrations # compose.yaml says so\n',
    )
  })

  it('takes platforms that lie side by side for what they are: the nearest maker is meant, and each platform has its database', async () => {
    const platform = (name: string) => ({
      [`${name}/users/migrations/001_users_up.sql`]: 'create table users (id int primary key);',
      [`${name}/orders/migrations/001_orders_up.sql`]: 'create table orders (u int references users);',
      [`${name}/carts/migrations/000001_carts.up.sql`]: 'create table carts (u int references users);',
    })
    const text = await written({ ...platform('east'), ...platform('west') })
    expect(text).not.toContain('add the one that is meant')
    expect(text).toMatch(/ {2}orders:(?:\n {4}.*)*\n {4}needs: \["users@1"\]/)
    expect(text).toMatch(/ {2}orders-orders:|path: west\/orders\/migrations/)
    expect(new Set(text.match(/(?<=^ *)database: .*/gm))).toEqual(
      new Set(['database: ${EAST_DATABASE_URL}', 'database: ${WEST_DATABASE_URL}']),
    )
  })
})
