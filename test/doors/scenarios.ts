/** One command line, or something that happens between two. */
export type Act =
  | {
      /** Words after `migrate`; `connected` acts get `-path migrations -database URL` before them. */
      run: readonly string[]
      connected?: boolean
      stdin?: string
      /** Put behind the URL's `?`. */
      query?: string
      /** Where this door answers otherwise on purpose (docs/guides/migrate-command.md): what it says instead. */
      otherwise?: { stderr?: string; exit?: number; state?: string }
    }
  | { sql: string }
  | { write: Readonly<Record<string, string>> }

export interface Scenario {
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

const failing = { ...three, '000002_add_email.up.sql': 'alter table users\n  add column email txt;\n' }
const duplicate = { ...three, '000002_add_email.up.sql': "insert into users values (1, 'a');\ninsert into users values (1, 'b');\n" }

/** What is done with the real tool and with ours, side by side. */
export const scenarios: readonly Scenario[] = [
  { name: 'up', files: three, acts: [on('version'), on('up'), on('up'), on('version')] },
  { name: 'up-n', files: three, acts: [on('up', '2'), on('up', '5'), on('up', '1'), on('up', '0'), on('up', 'x'), on('up', '-1')] },
  { name: 'down-n', files: three, acts: [on('up'), on('down', '1'), on('down', '0'), on('down', '5'), on('down', '1'), on('down', 'x')] },
  { name: 'down-all', files: three, acts: [on('up'), on('down', '-all'), on('version'), on('down', '-all'), on('down', '--all')] },
  {
    name: 'down-question',
    files: three,
    acts: [
      on('up'),
      { ...on('down'), stdin: 'n\n' },
      { ...on('down'), stdin: '' },
      { ...on('down'), stdin: 'yes\n' },
      { ...on('down'), stdin: ' Y\n' },
      { ...on('down'), stdin: 'y' },
    ],
  },
  {
    name: 'goto',
    files: three,
    acts: ['2', '3', '1', '01', '9', 'x', '-1'].map((version) => on('goto', version)).concat(on('goto'), on('version')),
  },
  {
    name: 'force',
    files: three,
    acts: [
      on('force', '2'),
      on('version'),
      on('force', '-1'),
      on('force', '--', '-1'),
      on('version'),
      on('force', '--', '-2'),
      on('force', 'x'),
      on('force'),
      on('up', '1'),
      on('force', '77'),
      on('version'),
      on('up'),
      on('down', '1'),
      on('goto', '1'),
      on('force', '1'),
      on('up'),
    ],
  },
  {
    name: 'dirty',
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
      on('force', '1'),
      on('up'),
    ],
  },
  {
    name: 'drop',
    files: three,
    acts: [
      on('up'),
      { sql: 'create table "Other ""one""" (id int); create view v as select id from users; create type colour as enum (\'red\')' },
      { ...on('drop'), stdin: 'n\n' },
      { ...on('drop'), stdin: 'y\n' },
      on('version'),
      on('up'),
      on('drop', '-f'),
      on('drop', '-f'),
    ],
  },
  {
    name: 'failing',
    files: failing,
    acts: [
      { ...on('up'), otherwise: { state: 'version 1 | users' } },
      { ...on('version'), otherwise: { stderr: '1\n', state: 'version 1 | users' } },
      on('force', '1'),
      { write: { '000002_add_email.up.sql': three['000002_add_email.up.sql'] } },
      on('up'),
    ],
  },
  {
    name: 'failing-detail',
    files: duplicate,
    acts: [{ ...on('up'), otherwise: { state: 'version 1 | users' } }, on('force', '1'), on('version')],
  },
  {
    name: 'failing-down',
    files: { ...three, '000003_create_orders.down.sql': 'drop table nobody;\n' },
    acts: [on('up'), { ...on('down', '2'), otherwise: { state: 'version 3 | orders, users' } }, on('force', '3'), on('version')],
  },
  {
    name: 'late-file',
    files: { '1_a.up.sql': 'create table a ();', '3_c.up.sql': 'create table c ();' },
    acts: [on('up'), { write: { '2_b.up.sql': 'create table b ();' } }, on('up'), on('version')],
  },
  {
    name: 'empty-files',
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
    name: 'gone-file',
    files: { '1_a.up.sql': 'create table a ();', '2_b.up.sql': 'create table b ();' },
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
  {
    name: 'alone-in-its-file',
    files: {
      '1_a.up.sql': 'create table a (id int);',
      '2_index.up.sql': 'create index concurrently a_id on a (id);',
      '2_index.down.sql': 'drop index concurrently a_id;',
      '3_own.up.sql': 'begin;\nalter table a add column b int;\ncommit;\n',
    },
    acts: [on('up'), on('down', '2'), on('version')],
  },
  {
    name: 'table',
    files: three,
    acts: [
      { sql: 'create schema apart' },
      { ...on('up', '1'), query: 'x-migrations-table=History' },
      { ...on('version'), query: 'x-migrations-table=History' },
      { ...on('force', '2'), query: 'x-migrations-table=%22apart%22.%22done%22&x-migrations-table-quoted=true' },
      { ...on('version'), query: 'x-migrations-table=%22apart%22.%22done%22&x-migrations-table-quoted=1' },
      { ...on('version'), query: 'x-migrations-table=done&x-migrations-table-quoted=true' },
      { ...on('version'), query: 'x-migrations-table-quoted=maybe' },
      { ...on('version'), query: 'x-migrations-table=%22a%22.%22b%22.%22c%22&x-migrations-table-quoted=true' },
      { ...on('version'), query: 'x-statement-timeout=soon' },
      { ...on('version'), query: 'x-multi-statement=perhaps' },
      { ...on('version'), query: 'search_path=apart' },
    ],
  },
  {
    name: 'statement-timeout',
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
    name: 'source',
    files: three,
    acts: [
      alone(),
      alone('up'),
      alone('-path', 'migrations', 'up'),
      alone('-source', 'nothing', 'up'),
      alone('-path', 'migrations', '-database', 'nothing', 'up'),
      alone('-path', 'migrations', '-database', 'mysql://u:p@h/d', 'version'),
      alone('-source', 'github://u:p@h/d', '-database', 'postgres://h/d', 'version'),
      alone('-path', 'nowhere', '-database', 'postgres://h/d', 'version'),
      alone('-path', 'migrations/000001_create_users.up.sql', '-database', 'postgres://h/d', 'version'),
      alone('-path', 'migrations', '-database', 'postgres://127.0.0.1:1/d?sslmode=disable', 'version'),
      alone('-path', 'migrations', '-database', 'postgres://no.such.host.invalid/d?sslmode=disable', 'up'),
      { run: ['--path=migrations', '--database', 'URL', 'version'] },
      { run: ['-source', 'file://migrations', '-path', 'nowhere', '-database', 'URL', 'version'] },
      { run: ['-source', 'file://./migrations', '-database', 'URL', '-prefetch', '1', '-lock-timeout', '5', 'up', '1'] },
      { run: ['-source', 'file:migrations', '-database', 'URL', 'version'] },
      { run: ['-path', 'migrations', '-database', 'UNKNOWN', 'up'] },
      { run: ['-path', 'migrations', '-database', 'BADPASSWORD', 'up'] },
      { write: { '2_again.up.sql': 'select 1;' } },
      on('version'),
    ],
  },
  { name: 'no-files', files: {}, acts: [on('up'), on('up', '1'), on('down', '1'), on('down', '-all'), on('goto', '1'), on('version')] },
  {
    name: 'words',
    files: three,
    acts: [
      alone('-help'),
      alone('-h'),
      alone('--help', 'up'),
      alone('-version'),
      alone('-nosuch', 'up'),
      alone('--nosuch=1'),
      alone('-path'),
      alone('-prefetch', 'x', 'up'),
      alone('-lock-timeout=-1', 'up'),
      alone('-verbose=maybe', 'up'),
      alone('---path'),
      on('nosuch'),
      on(),
      on('--'),
      ...['create', 'goto', 'up', 'down', 'drop', 'force'].flatMap((name) => [on(name, '-help'), on(name, '-h'), on(name, '-nosuch')]),
      on('down', '1', '-all'),
      on('down', '-all', '1'),
      on('down', '1', '2'),
      on('up', '2', 'more'),
      on('version', 'more'),
    ],
  },
  {
    name: 'create',
    files: {},
    acts: [
      alone('create'),
      alone('create', 'a'),
      alone('create', '-ext', 'sql'),
      alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'first'),
      alone('create', '-ext', '.sql', '-dir', './migrations/', '-seq', 'second step'),
      alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', '-digits', '3', 'third'),
      alone('create', '-ext', 'sql', '-dir', 'new/folder', '-seq', '-digits', '1', 'a'),
      alone('create', '-ext', 'sql', '-dir', 'new/folder', '-seq', '-digits', '0', 'a'),
      alone('create', '-ext', 'sql', '-dir', 'new/folder', '-digits', 'x', 'a'),
      { write: { '999999_last.up.sql': '' } },
      alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'over'),
      { write: { 'xyz.sql': '' } },
      alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'over'),
      { write: { 'x_yz.sql': '' } },
      alone('create', '-ext', 'sql', '-dir', 'migrations', '-seq', 'over'),
      alone('create', '-ext', 'sql', '-dir', 'times', 'stamped'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '2006', 'year'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '2006', 'year_again'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '2006Jan_Monday', '-tz', 'Asia/Tokyo', 'words'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '2006-01-02', '-tz', 'America/New_York', 'dashes'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', 'unix', 'unix'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', 'unixNano', 'nano'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', '', 'a'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-format', 'unix', '-seq', 'a'),
      alone('create', '-ext', 'sql', '-dir', 'times', '-tz', 'Nowhere/Land', 'a'),
    ],
  },
]
