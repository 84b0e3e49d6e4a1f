import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { examples } from '../platforms/examples.ts'

/** One command line, or something that happens between two. */
export type Act =
  | {
      /** Words after `migrate`; `connected` acts get `-path migrations -database URL` before them. */
      run: readonly string[]
      connected?: boolean
      stdin?: string
      /** Put behind the URL's `?`. */
      query?: string
      env?: Readonly<Record<string, string>>
      /** Where this door answers otherwise on purpose (docs/guides/migrate-command.md): what it says instead. */
      otherwise?: { stderr?: string; exit?: number; state?: string }
    }
  | { sql: string }
  | { write: Readonly<Record<string, string>> }

export interface Situation {
  name: string
  /** Files in ./migrations at the start. */
  files?: Readonly<Record<string, string>>
  acts: readonly Act[]
}

const three = {
  '000001_create_users.up.sql': 'create table users (id bigint primary key, name text not null);\n',
  '000001_create_users.down.sql': 'drop table users;\n',
  '000002_add_email.up.sql': 'alter table users add column email text;\ncreate unique index users_email on users (email);\n',
  '000002_take_email.down.sql': 'alter table users drop column email;\n',
  '000003_create_orders.up.sql': 'create table orders (id bigint primary key, buyer bigint references users);\n',
  '000003_create_orders.down.sql': 'drop table orders;\n',
}

function on(...run: string[]): Act & { run: readonly string[] } {
  return { run, connected: true }
}

function alone(...run: string[]): Act & { run: readonly string[] } {
  return { run }
}

const a = { '1_a.up.sql': 'create table a (id int);\n', '1_a.down.sql': 'drop table a;\n' }
const ups = (...names: string[]) => Object.fromEntries(names.map((name, at) => [`${at + 1}_${name}.up.sql`, `create table ${name} ();`]))
const lumi = Object.fromEntries(
  readdirSync(join(examples, 'lumi-go/migrations')).map((name) => [name, readFileSync(join(examples, 'lumi-go/migrations', name), 'utf8')]),
)

const failing = { ...three, '000002_add_email.up.sql': 'alter table users\n  add column email txt;\n' }
const duplicate = { ...three, '000002_add_email.up.sql': "insert into users values (1, 'a');\ninsert into users values (1, 'b');\n" }

/** What is done with the real tool and with ours, side by side. */
export const situations: readonly Situation[] = [
  // up
  { name: 'up, twice, and what version says before and behind', files: three, acts: [on('version'), on('up'), on('up'), on('version')] },
  { name: 'up by number', files: three, acts: [on('up', '2'), on('version'), on('up', '1')] },
  { name: 'up by more than there are', files: three, acts: [on('up', '2'), on('up', '5'), on('version')] },
  { name: 'up by number at the end', files: three, acts: [on('up'), on('up', '1')] },
  { name: 'up by nothing', files: three, acts: [on('up', '0'), on('version')] },
  {
    name: 'up by what is no number',
    files: three,
    acts: [on('up', 'x'), on('up', '-1'), on('up', '1.5'), on('up', '99999999999999999999')],
  },
  { name: 'up with a word too many', files: three, acts: [on('up', '2', 'more'), on('version')] },
  {
    name: 'up when a file came late',
    files: { '1_a.up.sql': 'create table a ();', '3_c.up.sql': 'create table c ();' },
    acts: [on('up'), { write: { '2_b.up.sql': 'create table b ();' } }, on('up'), on('version')],
  },
  {
    name: 'up when a file came behind',
    files: ups('a', 'b'),
    acts: [on('up'), { write: { '3_c.up.sql': 'create table c ();' } }, on('up')],
  },
  { name: 'up of files that were changed', files: a, acts: [on('up'), { write: { '1_a.up.sql': 'create table other ();' } }, on('up')] },
  {
    name: 'up of a file that fails',
    files: failing,
    acts: [
      { ...on('up'), otherwise: { state: 'version 1 | users' } },
      { ...on('version'), otherwise: { stderr: '1\n', state: 'version 1 | users' } },
    ],
  },
  {
    name: 'up of a file that fails, force, mend, and up again',
    files: failing,
    acts: [
      { ...on('up'), otherwise: { state: 'version 1 | users' } },
      on('force', '1'),
      { write: { '000002_add_email.up.sql': three['000002_add_email.up.sql'] } },
      on('up'),
    ],
  },
  {
    name: 'up of a file that breaks a constraint, with its detail',
    files: duplicate,
    acts: [{ ...on('up'), otherwise: { state: 'version 1 | users' } }, on('force', '1'), on('version')],
  },
  {
    name: 'up by number, and the second fails',
    files: failing,
    acts: [{ ...on('up', '2'), otherwise: { state: 'version 1 | users' } }, on('force', '1'), on('version')],
  },
  {
    name: 'up of a file with a syntax error far down',
    files: { '1_a.up.sql': 'create table a ();\n\n-- two\ncreat table b ();\n' },
    acts: [{ ...on('up'), otherwise: { state: 'no version |' } }, on('force', '--', '-1'), on('version')],
  },
  {
    name: 'empty files, files of blanks, of words, without an up',
    files: {
      '1_a.up.sql': 'create table a ();',
      '2_blank.up.sql': ' \n\n',
      '2_blank.down.sql': '',
      '3_words.up.sql': '-- nothing yet\n',
      '4_only.down.sql': 'select 1;',
      '0_zero.up.sql': 'create table zero ();',
      'README.md': 'not a migration',
    },
    acts: [on('up', '1'), on('version'), on('up'), on('down', '-all')],
  },
  {
    name: 'names that are migrations, and names that are none',
    files: {
      '1_a.up.tmpl': 'create table a ();',
      '2_b.sql.up.sql': 'create table b ();',
      '3_c.UP.sql': 'create table c ();',
      '4-d.up.sql': 'create table d ();',
      'V5__e.sql': 'create table e ();',
      '6_.up.sql': 'create table f ();',
      '00007_with a blank.up.sql': 'create table g ();',
    },
    acts: [on('up'), on('version')],
  },
  {
    name: 'what cannot run in a transaction, alone in its file',
    files: {
      '1_a.up.sql': 'create table a (id int);',
      '2_index.up.sql': 'create index concurrently a_id on a (id);',
      '2_index.down.sql': 'drop index concurrently a_id;',
    },
    acts: [on('up'), on('down', '1'), on('version')],
  },
  {
    name: 'a transaction of the file’s own',
    files: {
      ...a,
      '2_own.up.sql': 'begin;\nalter table a add column b int;\ncommit;\n',
      '2_own.down.sql': 'begin; alter table a drop column b; commit;',
    },
    acts: [on('up'), on('down', '1'), on('version')],
  },
  {
    name: 'a function with semicolons inside',
    files: {
      '1_f.up.sql':
        'create function f() returns int language plpgsql as $$ begin perform 1; return 2; end; $$;\ncreate table a as select f() as n;',
      '1_f.down.sql': 'drop table a; drop function f();',
    },
    acts: [on('up'), on('down', '-all')],
  },
  {
    name: 'two files of one version',
    files: { ...a, '01_b.up.sql': 'create table b ();' },
    acts: [on('up'), on('version')],
  },
  // down
  { name: 'down by number', files: three, acts: [on('up'), on('down', '1'), on('down', '2'), on('version')] },
  { name: 'down by nothing', files: three, acts: [on('up'), on('down', '0'), on('version')] },
  { name: 'down by more than there are', files: three, acts: [on('up'), on('down', '5'), on('version')] },
  { name: 'down with nothing applied', files: three, acts: [on('down', '1'), on('down', '-all')] },
  { name: 'down by what is no number', files: three, acts: [on('up'), on('down', 'x'), on('down', '1.5')] },
  {
    name: 'down -all, with one dash and with two',
    files: three,
    acts: [on('up'), on('down', '-all'), on('version'), on('up', '1'), on('down', '--all')],
  },
  {
    name: 'down -all=true and -all=false',
    files: a,
    acts: [on('up'), { ...on('down', '-all=false'), stdin: 'n\n' }, on('down', '-all=true')],
  },
  {
    name: 'down with words too many',
    files: three,
    acts: [on('up'), on('down', '1', '-all'), on('down', '-all', '1'), on('down', '1', '2'), on('version')],
  },
  { name: 'down, asked, no', files: three, acts: [on('up'), { ...on('down'), stdin: 'n\n' }, on('version')] },
  { name: 'down, asked, and nobody answers', files: three, acts: [on('up'), { ...on('down'), stdin: '' }] },
  {
    name: 'down, asked, a whole word',
    files: three,
    acts: [on('up'), { ...on('down'), stdin: 'yes\n' }, { ...on('down'), stdin: 'no way\n' }],
  },
  { name: 'down, asked, yes', files: three, acts: [on('up'), { ...on('down'), stdin: 'y\n' }, on('version')] },
  { name: 'down, asked, yes in capitals behind a blank', files: three, acts: [on('up'), { ...on('down'), stdin: ' Y\n' }] },
  { name: 'down, asked, yes without a line’s end', files: three, acts: [on('up'), { ...on('down'), stdin: 'y' }] },
  { name: 'down, asked with nothing applied', files: three, acts: [{ ...on('down'), stdin: 'y\n' }] },
  {
    name: 'down of a file that fails',
    files: { ...three, '000003_create_orders.down.sql': 'drop table nobody;\n' },
    acts: [on('up'), { ...on('down', '2'), otherwise: { state: 'version 3 | orders, users' } }, on('force', '3'), on('version')],
  },
  {
    name: 'down where there is no down',
    files: ups('a', 'b'),
    acts: [on('up'), on('down', '1'), on('version'), { ...on('up'), otherwise: { state: 'version 1 | a, b' } }],
  },
  // goto
  { name: 'goto forth and back', files: three, acts: [on('goto', '2'), on('goto', '3'), on('goto', '1'), on('version')] },
  { name: 'goto where it is', files: three, acts: [on('up', '1'), on('goto', '1'), on('goto', '01'), on('goto', '000001')] },
  { name: 'goto what there is not', files: three, acts: [on('up', '1'), on('goto', '9'), on('goto', '0'), on('version')] },
  { name: 'goto what is no version, or nothing', files: three, acts: [on('goto', 'x'), on('goto', '-1'), on('goto')] },
  {
    name: 'goto version 0',
    files: { '0_zero.up.sql': 'create table zero ();', ...a },
    acts: [on('goto', '0'), on('goto', '1'), on('goto', '0')],
  },
  // force
  {
    name: 'force forth, and up from there',
    files: three,
    acts: [on('force', '2'), on('version'), { sql: 'create table users (id bigint primary key)' }, on('up')],
  },
  { name: 'force to nothing', files: three, acts: [on('up', '2'), on('force', '--', '-1'), on('version')] },
  { name: 'force with a dash that is taken for a flag', files: three, acts: [on('force', '-1'), on('version')] },
  { name: 'force below nothing', files: three, acts: [on('force', '--', '-2'), on('version')] },
  {
    name: 'force of what is no version, or nothing',
    files: three,
    acts: [on('force', 'x'), on('force'), on('force', '9223372036854775808')],
  },
  {
    name: 'force to what there is not',
    files: three,
    acts: [on('up', '1'), on('force', '77'), on('version'), on('up'), on('down', '1'), on('goto', '1')],
  },
  { name: 'force back', files: three, acts: [on('up', '1'), on('force', '77'), on('force', '1'), on('up')] },
  // dirty
  {
    name: 'dirty, and every command',
    files: three,
    acts: [
      on('up', '1'),
      { sql: 'update schema_migrations set dirty = true' },
      on('version'),
      on('up'),
      on('up', '1'),
      on('down', '1'),
      on('down', '-all'),
      on('goto', '2'),
    ],
  },
  {
    name: 'dirty, force, and up',
    files: three,
    acts: [on('up', '1'), { sql: 'update schema_migrations set dirty = true' }, on('force', '1'), on('version'), on('up')],
  },
  {
    name: 'dirty at no version',
    files: three,
    acts: [
      on('force', '--', '-1'),
      { sql: 'insert into schema_migrations values (-1, true)' },
      on('version'),
      on('up'),
      on('force', '--', '-1'),
      on('up', '1'),
    ],
  },
  // drop
  { name: 'drop, asked, no', files: three, acts: [on('up'), { ...on('drop'), stdin: 'n\n' }, on('version')] },
  { name: 'drop, asked, and nobody answers', files: three, acts: [on('up'), { ...on('drop'), stdin: '' }] },
  {
    name: 'drop, asked, yes, with names and things of all kinds',
    files: three,
    acts: [
      on('up'),
      { sql: 'create table "Other ""one""" (id int); create view v as select id from users; create type colour as enum (\'red\')' },
      { ...on('drop'), stdin: 'y\n' },
      on('version'),
      on('up'),
    ],
  },
  { name: 'drop -f, twice', files: three, acts: [on('up'), on('drop', '-f'), on('drop', '-f'), on('drop', '--f')] },
  // version
  { name: 'version with a word too many', files: three, acts: [on('up', '1'), on('version', 'more')] },
  {
    name: 'the current version has no file',
    files: ups('a', 'b'),
    acts: [
      on('up'),
      { sql: 'update schema_migrations set version = 5' },
      on('version'),
      on('up'),
      on('up', '1'),
      on('down', '1'),
      on('goto', '1'),
    ],
  },
  { name: 'no files', files: {}, acts: [on('up'), on('up', '1'), on('down', '1'), on('down', '-all'), on('goto', '1'), on('version')] },
  // the options
  { name: 'nothing said', files: three, acts: [alone()] },
  {
    name: 'no source, no database',
    files: three,
    acts: [alone('up'), alone('-path', 'migrations', 'up'), alone('-database', 'URL', 'up')],
  },
  {
    name: 'a source or database without a scheme',
    files: three,
    acts: [alone('-source', 'nothing', 'up'), alone('-path', 'migrations', '-database', 'nothing', 'up')],
  },
  {
    name: 'a driver that there is not',
    files: three,
    acts: [
      alone('-path', 'migrations', '-database', 'mysql://u:p@h/d', 'version'),
      alone('-source', 'github://u:p@h/d', '-database', 'postgres://h/d', 'version'),
    ],
  },
  {
    name: 'a folder that is none',
    files: three,
    acts: [
      alone('-path', 'nowhere', '-database', 'postgres://h/d', 'version'),
      alone('-path', 'migrations/000001_create_users.up.sql', '-database', 'postgres://h/d', 'version'),
    ],
  },
  {
    name: 'nobody listens',
    files: three,
    acts: [alone('-path', 'migrations', '-database', 'postgres://127.0.0.1:1/d?sslmode=disable', 'version')],
  },
  {
    name: 'a host that there is not',
    files: three,
    acts: [alone('-path', 'migrations', '-database', 'postgres://no.such.host.invalid/d?sslmode=disable', 'up')],
  },
  { name: 'a database that there is not', files: three, acts: [{ run: ['-path', 'migrations', '-database', 'UNKNOWN', 'up'] }] },
  { name: 'a wrong password', files: three, acts: [{ run: ['-path', 'migrations', '-database', 'BADPASSWORD', 'up'] }] },
  {
    name: 'two dashes, and an equals sign',
    files: three,
    acts: [
      { run: ['--path=migrations', '--database', 'URL', 'up', '1'] },
      { run: ['--source=file://migrations', '--database', 'URL', 'version'] },
    ],
  },
  {
    name: '-source goes before -path',
    files: three,
    acts: [{ run: ['-source', 'file://migrations', '-path', 'nowhere', '-database', 'URL', 'version'] }],
  },
  {
    name: 'the forms of a file URL',
    files: three,
    acts: ['file://./migrations', 'file:migrations', 'file://migrations/', 'file://migrations?x=1'].map((source) => ({
      run: ['-source', source, '-database', 'URL', 'version'],
    })),
  },
  {
    name: '-prefetch and -lock-timeout',
    files: three,
    acts: [
      { run: ['-path', 'migrations', '-database', 'URL', '-prefetch', '1', '-lock-timeout', '5', 'up', '1'] },
      { run: ['--prefetch=0x10', '--lock-timeout=0', '-path', 'migrations', '-database', 'URL', 'version'] },
    ],
  },
  {
    name: 'options of a wrong kind',
    files: three,
    acts: [
      alone('-prefetch', 'x', 'up'),
      alone('-lock-timeout=-1', 'up'),
      alone('-verbose=maybe', 'up'),
      alone('-prefetch', '99999999999999999999', 'up'),
    ],
  },
  { name: 'an option without its value', files: three, acts: [alone('-path'), alone('-database')] },
  { name: 'an option that there is not', files: three, acts: [alone('-nosuch', 'up'), alone('--nosuch=1'), alone('---path')] },
  { name: 'a command that there is not, or none', files: three, acts: [on('nosuch'), on(), on('--')] },
  { name: 'options behind the command are words', files: three, acts: [alone('up', '-path', 'migrations'), on('version', '-verbose')] },
  { name: '-verbose, up', files: three, acts: [on('-verbose', 'up'), on('-verbose', 'up')] },
  { name: '-verbose, down and goto', files: three, acts: [on('up'), on('-verbose', 'down', '1'), on('--verbose=true', 'goto', '1')] },
  {
    name: '-verbose, version, force and drop',
    files: three,
    acts: [on('-verbose', 'version'), on('-verbose', 'force', '1'), on('-verbose', 'version'), on('-verbose', 'drop', '-f')],
  },
  { name: '-verbose, and something fails', files: a, acts: [on('-verbose', 'up', '3'), on('-verbose', 'goto', '7')] },
  { name: '-version', files: three, acts: [alone('-version'), alone('--version', 'up'), alone('-version=false', '-help')] },
  { name: '-help', files: three, acts: [alone('-help'), alone('-h'), alone('--help', 'up'), alone('--h')] },
  ...['create', 'goto', 'up', 'down', 'drop', 'force'].map((name) => ({
    name: `${name} -help, -h, and a flag that there is not`,
    files: three,
    acts: [on(name, '-help'), on(name, '-h'), on(name, '-nosuch')],
  })),
  {
    name: 'the environment is not read',
    files: a,
    acts: [{ ...alone('up'), env: { DATABASE_URL: 'postgres://h/d', MIGRATION_DIR: './migrations', MIGRATION_TIMEOUT: '60s' } }],
  },
  // parameters of the URL
  {
    name: 'x-migrations-table',
    files: three,
    acts: [
      { ...on('up', '1'), query: 'x-migrations-table=History' },
      { ...on('version'), query: 'x-migrations-table=History' },
      on('version'),
    ],
  },
  {
    name: 'x-migrations-table-quoted, with a schema',
    files: three,
    acts: [
      { sql: 'create schema apart' },
      { ...on('force', '2'), query: 'x-migrations-table=%22apart%22.%22done%22&x-migrations-table-quoted=true' },
      { ...on('version'), query: 'x-migrations-table=%22apart%22.%22done%22&x-migrations-table-quoted=1' },
    ],
  },
  {
    name: 'x-migrations-table-quoted without quotes',
    files: three,
    acts: [{ ...on('version'), query: 'x-migrations-table=done&x-migrations-table-quoted=true' }],
  },
  {
    name: 'x-migrations-table-quoted in three parts',
    files: three,
    acts: [{ ...on('version'), query: 'x-migrations-table=%22a%22.%22b%22.%22c%22&x-migrations-table-quoted=true' }],
  },
  {
    name: 'x-migrations-table-quoted that is neither yes nor no',
    files: three,
    acts: [{ ...on('version'), query: 'x-migrations-table-quoted=maybe' }],
  },
  { name: 'x-statement-timeout that is no number', files: three, acts: [{ ...on('version'), query: 'x-statement-timeout=soon' }] },
  { name: 'x-statement-timeout that is enough', files: a, acts: [{ ...on('up'), query: 'x-statement-timeout=60000' }] },
  {
    name: 'x-statement-timeout that is not enough',
    files: { '1_a.up.sql': 'select pg_sleep(5);' },
    acts: [
      {
        ...on('up'),
        query: 'x-statement-timeout=200',
        otherwise: {
          stderr:
            'error: migration failed: canceling statement due to statement timeout in line 0: select pg_sleep(5); (details: pq: canceling statement due to statement timeout)\n',
          state: 'no version |',
        },
      },
    ],
  },
  {
    name: 'x-multi-statement that is neither yes nor no, and one that says no',
    files: a,
    acts: [
      { ...on('version'), query: 'x-multi-statement=perhaps' },
      { ...on('up'), query: 'x-multi-statement=false' },
    ],
  },
  {
    name: 'x-multi-statement=true, with what cannot run in a transaction among others',
    files: {
      '1_a.up.sql': 'create table a (id int);\ncreate index concurrently a_id on a (id);\nalter table a add column b int;\n',
      '1_a.down.sql': 'drop index concurrently a_id; drop table a;',
    },
    acts: [
      { ...on('up'), query: 'x-multi-statement=true' },
      { ...on('down', '1'), query: 'x-multi-statement=1&x-multi-statement-max-size=1024' },
    ],
  },
  {
    name: 'x-multi-statement=true, and the second statement fails',
    files: { '1_a.up.sql': 'create table a (id int);\ninsert into nowhere values (1);\ncreate table b ();\n' },
    acts: [{ ...on('up'), query: 'x-multi-statement=true' }, on('version'), on('force', '--', '-1'), on('version')],
  },
  {
    name: 'x-multi-statement=true, and one of several on a line fails',
    files: {
      '1_a.up.sql': '-- two\ncreate table a (id int unique); insert into a values (1); insert into a values (1); create table b ();',
    },
    acts: [{ ...on('up'), query: 'x-multi-statement=true' }, on('version')],
  },
  {
    name: 'x-multi-statement=true, and a name is wrong behind another statement',
    files: { '1_a.up.sql': 'create table a (id int); select id,\n  nope from a; create table b ();' },
    acts: [{ ...on('up'), query: 'x-multi-statement=true' }, on('version')],
  },
  {
    name: 'x-multi-statement-max-size that is no number',
    files: a,
    acts: [{ ...on('up'), query: 'x-multi-statement=true&x-multi-statement-max-size=big' }],
  },
  {
    name: 'search_path',
    files: a,
    acts: [{ sql: 'create schema apart' }, { ...on('version'), query: 'search_path=apart' }, { ...on('up'), query: 'search_path=apart' }],
  },
  // create
  { name: 'create without a name or an extension', acts: [alone('create'), alone('create', 'a'), alone('create', '-ext', 'sql')] },
  {
    name: 'create -seq',
    acts: [
      alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'first'),
      alone('create', '-ext', '.sql', '-dir', './migrations/', '-seq', 'second step'),
      alone('create', '--ext=sql', '--dir=migrations', '--seq=true', 'third'),
    ],
  },
  {
    name: 'create -digits',
    acts: [
      alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', '-digits', '3', 'first'),
      alone('create', '-ext', 'sql', '-dir', 'new/folder', '-seq', '-digits', '1', 'a'),
      alone('create', '-ext', 'sql', '-dir', 'new/folder', '-seq', '-digits', '0', 'a'),
      alone('create', '-ext', 'sql', '-dir', 'new/folder', '-digits', 'x', 'a'),
    ],
  },
  {
    name: 'create -seq behind the last number',
    files: { '999999_last.up.sql': '' },
    acts: [alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'over')],
  },
  {
    name: 'create -seq behind a name without a number',
    files: { 'xyz.sql': '' },
    acts: [alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'over')],
  },
  {
    name: 'create -seq behind a word',
    files: { 'x_yz.sql': '' },
    acts: [alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'over')],
  },
  { name: 'create with the time', acts: [alone('create', '-ext', 'sql', '-dir', 'times', 'stamped')] },
  {
    name: 'create -format, twice at the same time',
    acts: [
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '2006', 'year'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '2006', 'year_again'),
    ],
  },
  {
    name: 'create -format and -tz',
    acts: [
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '2006Jan_Monday', '-tz', 'Asia/Tokyo', 'words'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '2006-01-02', '-tz', 'America/New_York', 'dashes'),
    ],
  },
  {
    name: 'create -format unix and unixNano',
    acts: [
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', 'unix', 'unix'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', 'unixNano', 'nano'),
    ],
  },
  { name: 'create with an empty -format', acts: [alone('create', '-ext', 'sql', '-dir', 'times', '-format', '', 'a')] },
  { name: 'create -seq with -format', acts: [alone('create', '-ext', 'sql', '-dir', 'times', '-format', 'unix', '-seq', 'a')] },
  {
    name: 'create with a time zone that there is not',
    acts: [alone('create', '-ext', 'sql', '-dir', 'times', '-tz', 'Nowhere/Land', 'a')],
  },
  // The commands that a service's guide prints, on its files.
  { name: 'a service: create', files: lumi, acts: [alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'create_users_table')] },
  {
    name: 'a service: up, two more, one back, version',
    files: lumi,
    acts: [on('up', '2'), on('up'), on('down', '1'), on('version'), on('force', '1'), on('version')],
  },
  { name: 'a service: everything back, and forth again', files: lumi, acts: [on('up'), on('down', '-all'), on('up')] },
]
