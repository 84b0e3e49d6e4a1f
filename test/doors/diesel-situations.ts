/** One command and what happens before it, in the same way on both sides. */
export interface Act {
  words: string
  env?: Readonly<Record<string, string>>
  /** Files by path; undefined takes one away. */
  write?: Readonly<Record<string, string | undefined>>
  sql?: string
  /** Folder to stand in, below the situation's own. */
  cwd?: string
  /** No DATABASE_URL in the environment. */
  without?: true
  /** A part of the connection string is replaced by this. */
  database?: string
}

export interface Situation {
  name: string
  files?: Readonly<Record<string, string>>
  acts: readonly Act[]
}

const a = pair('2024-01-01-000000_a', 'create table a (n int);', 'drop table a;')
const b = pair('2024-01-02-000000_b', 'create table b (n int);', 'drop table b;')
const c = pair('2024-01-03-000000-0000_c', 'create table c (n int);', 'drop table c;')
const late = pair('2024-01-01-120000_late', 'create table late (n int);', 'drop table late;')
const three = { ...a, ...b, ...c }

/** Situations in which the tool and the door must say and do the same. `U` in words stands for the database's URL. */
export const situations: readonly Situation[] = [
  { name: 'run, then nothing to run', files: three, acts: [act('migration run'), act('migration run')] },
  {
    name: 'list and pending before and after',
    files: three,
    acts: [...all('migration list', 'migration pending', 'migration run', 'migration list', 'migration pending')],
  },
  { name: 'revert one', files: three, acts: [...all('migration run', 'migration revert', 'migration list', 'migration revert')] },
  { name: 'revert several', files: three, acts: [...all('migration run', 'migration revert -n 2', 'migration list')] },
  {
    name: 'revert more than there are',
    files: three,
    acts: [...all('migration run', 'migration revert -n 9', 'migration revert', 'migration revert --all')],
  },
  { name: 'revert all', files: three, acts: [...all('migration run', 'migration revert --all', 'migration run')] },
  { name: 'revert none', files: three, acts: [...all('migration run', 'migration revert -n 0', 'migration redo -n 0')] },
  {
    name: 'redo one, several, all, more',
    files: three,
    acts: [...all('migration run', 'migration redo', 'migration redo -n 2', 'migration redo --all', 'migration redo --number=9')],
  },
  { name: 'redo with nothing applied', files: three, acts: [...all('migration redo', 'migration redo --all')] },
  {
    name: 'a late file is run, and taken back in its place',
    files: { ...a, ...b },
    acts: [
      act('migration run'),
      act('migration run', { write: late }),
      ...all('migration list', 'migration revert', 'migration revert', 'migration list'),
    ],
  },
  {
    name: 'redo leaves a late file alone',
    files: { ...a, ...b },
    acts: [act('migration run'), act('migration redo -n 2', { write: late }), ...all('migration list', 'migration run')],
  },
  {
    name: 'a failing migration keeps those before it',
    files: { ...a, ...pair('2024-01-02-000000_bad', 'create table x ();\nselect nope;', ''), ...c },
    acts: [...all('migration run', 'migration list', 'migration run')],
  },
  { name: 'a syntax error', files: { ...a, ...pair('2024-01-02-000000_bad', 'creat table x ();', '') }, acts: [act('migration run')] },
  {
    name: 'a constraint that is broken, with a detail',
    files: pair('2024_a', 'create table a (n int primary key); insert into a values (1), (1);', ''),
    acts: [act('migration run')],
  },
  {
    name: 'a failing down keeps what is below',
    files: { ...a, ...pair('2024-01-02-000000_b', 'create table b ();', 'drop table nope;') },
    acts: [...all('migration run', 'migration revert', 'migration revert --all', 'migration redo', 'migration list')],
  },
  {
    name: 'a redo that fails leaves everything as it was',
    files: three,
    acts: [
      act('migration run'),
      act('migration redo --all', { write: { 'migrations/2024-01-02-000000_b/up.sql': 'select nope;' } }),
      act('migration list'),
    ],
  },
  {
    name: 'a down that is missing',
    files: { ...a, ...single('2024-01-02-000000_b', 'create table b ();'), ...c },
    acts: [
      ...all('migration run', 'migration revert -n 3', 'migration list', 'migration revert', 'migration redo', 'migration redo --all'),
    ],
  },
  {
    name: 'files of no bytes',
    files: { ...a, ...pair('2024-01-02-000000_b', '', ''), ...c },
    acts: [...all('migration run', 'migration list')],
  },
  {
    name: 'a down of no bytes',
    files: { ...a, ...pair('2024-01-02-000000_b', 'create table b ();', '') },
    acts: [...all('migration run', 'migration revert', 'migration redo')],
  },
  {
    name: 'comments only',
    files: { ...a, ...pair('2024-01-02-000000_b', '/* * nothing */ ; -- "at" all\n', ''), ...c },
    acts: [...all('migration run', 'migration list')],
  },
  {
    name: 'a down of comments',
    files: { ...a, ...pair('2024-01-02-000000_b', 'create table b ();', '-- nothing\n') },
    acts: [...all('migration run', 'migration revert', 'migration redo')],
  },
  {
    name: 'the initial setup is not named',
    files: { ...pair('00000000000000_diesel_initial_setup', 'select 1;', 'select 1;'), ...a },
    acts: [...all('migration run', 'migration list', 'migration redo --all', 'migration revert --all')],
  },
  {
    name: 'without a transaction, for a concurrent index',
    files: {
      ...a,
      ...pair('2024-01-02-000000_i', 'create index concurrently a_n on a (n);', 'drop index concurrently a_n;'),
      'migrations/2024-01-02-000000_i/metadata.toml': 'run_in_transaction = false\n',
    },
    acts: [...all('migration run', 'migration list', 'migration redo', 'migration revert')],
  },
  {
    name: 'a concurrent index in a transaction',
    files: { ...a, ...pair('2024-01-02-000000_i', 'create index concurrently a_n on a (n);', 'drop index a_n;') },
    acts: [...all('migration run', 'migration list')],
  },
  {
    name: 'two concurrent indexes in one file',
    files: {
      ...a,
      ...pair('2024-01-02-000000_i', 'create index concurrently a_n on a (n);\ncreate index concurrently a_m on a (n);', ''),
      'migrations/2024-01-02-000000_i/metadata.toml': 'run_in_transaction = false\n',
    },
    acts: [...all('migration run', 'migration list')],
  },
  {
    name: 'a metadata.toml without its key',
    files: {
      ...a,
      ...pair('2024-01-02-000000_i', 'create index concurrently a_n on a (n);', 'drop index a_n;'),
      'migrations/2024-01-02-000000_i/metadata.toml': '',
    },
    acts: [...all('migration run', 'migration redo', 'migration redo --all')],
  },
  {
    name: 'a redo without a transaction that ends half-way',
    files: { ...a, ...b, 'migrations/2024-01-02-000000_b/metadata.toml': 'run_in_transaction = false\n', ...c },
    acts: [
      act('migration run'),
      act('migration redo -n 2', { write: { 'migrations/2024-01-03-000000-0000_c/up.sql': '' } }),
      ...all('migration list', 'migration redo --all'),
    ],
  },
  {
    name: 'violations by their kinds',
    files: {
      ...pair('1', 'create table k (n int primary key check (n > 0), m int not null references k);', ''),
      ...pair('2', 'insert into k values (1, 7);', ''),
    },
    acts: [
      act('migration run'),
      act('migration run', { write: { 'migrations/2/up.sql': 'insert into k values (1, null);' } }),
      act('migration run', { write: { 'migrations/2/up.sql': 'insert into k values (0, 1);' } }),
      act('migration run', { write: { 'migrations/2/up.sql': 'do $$ begin\n\traise exception \'ä "quoted" \\ text\'; end $$' } }),
    ],
  },
  {
    name: 'an applied file that was changed',
    files: three,
    acts: [
      act('migration run'),
      act('migration run', { write: { 'migrations/2024-01-02-000000_b/up.sql': 'create table b (n int, m int);', ...late } }),
      act('migration redo -n 2'),
    ],
  },
  {
    name: 'a version of the table without a file',
    files: three,
    acts: [
      act('migration run'),
      act('migration revert', { sql: "insert into __diesel_schema_migrations (version) values ('20990101000000')" }),
      ...all('migration redo', 'migration run', 'migration list', 'migration pending'),
    ],
  },
  {
    name: 'an unknown version further down',
    files: three,
    acts: [
      act('migration run'),
      act('migration revert', { sql: "insert into __diesel_schema_migrations (version) values ('20000101000000')" }),
      ...all('migration revert --all', 'migration list'),
    ],
  },
  {
    name: 'a row that was written by hand',
    files: three,
    acts: [
      act('migration run'),
      act('migration list', { sql: "delete from __diesel_schema_migrations where version = '202401030000000000'; drop table c" }),
      ...all('migration run', 'migration list'),
    ],
  },
  {
    name: 'a table that the tool was the first to see',
    files: a,
    acts: [
      act('migration run', {
        sql: "create table __diesel_schema_migrations (version varchar(50) primary key not null, run_on timestamp not null default current_timestamp); insert into __diesel_schema_migrations (version) values ('20240101000000')",
      }),
      act('migration list'),
    ],
  },
  {
    name: 'a folder without up.sql',
    files: { ...a, 'migrations/docs/readme.md': 'x' },
    acts: [...all('migration run', 'migration list', 'migration revert', 'migration generate x --version 9')],
  },
  {
    name: 'files and dot folders are passed over',
    files: { ...a, 'migrations/readme.md': 'x', 'migrations/.git/x': 'x' },
    acts: [...all('migration run', 'migration list')],
  },
  {
    name: 'no folder of migrations',
    acts: [
      ...all('migration run', 'migration run --migration-dir nowhere', 'migration generate x'),
      act('migration run --migration-dir file', { write: { file: '' } }),
    ],
  },
  {
    name: 'the folder is found from below',
    files: { ...a, 'src/deep/x.rs': '' },
    acts: [act('migration run', { cwd: 'src/deep' }), act('migration list', { cwd: 'src/deep' })],
  },
  {
    name: 'the folder by option and by variable',
    files: { ...a, ...moved(b, 'other'), ...moved(c, 'third') },
    acts: [
      act('migration --migration-dir other run'),
      act('migration list --migration-dir=other'),
      act('migration run', { env: { MIGRATION_DIRECTORY: 'third' } }),
      act('migration list --migration-dir other', { env: { MIGRATION_DIRECTORY: 'third' } }),
    ],
  },
  {
    name: 'the folder by diesel.toml',
    files: {
      ...moved(a, 'db/up'),
      ...moved(b, 'x'),
      'diesel.toml': '[migrations_directory]\ndir = "db/up"\n',
      'conf/other.toml': '[migrations_directory]\ndir = "../x"\n',
      'src/x': '',
    },
    acts: [
      act('migration run'),
      act('migration list', { cwd: 'src' }),
      act('migration list --config-file conf/other.toml'),
      act('migration list', { env: { DIESEL_CONFIG_FILE: 'conf/other.toml' } }),
      act('migration generate x --version 9'),
      act('migration generate y --version 9', { cwd: 'src' }),
      act('migration list --config-file nowhere.toml'),
    ],
  },
  {
    name: 'the database by option',
    files: a,
    acts: [
      act('migration run --database-url U', { without: true }),
      act('--database-url U migration list', { without: true }),
      act('migration run', { without: true }),
    ],
  },
  {
    name: 'the database by a .env upwards',
    files: { ...a, 'src/x': '', '.env': '# where\nexport DATABASE_URL="U" # here\n' },
    acts: [act('migration run', { without: true, cwd: 'src' }), act('migration list', { without: true })],
  },
  {
    name: 'a .env that points to variables',
    files: { ...a, '.env': "WHERE='U'\nDATABASE_URL=${WHERE}\nMIGRATION_DIRECTORY=$HERE\nHERE=late\n" },
    acts: [act('migration run', { without: true, env: { HERE: 'migrations' } })],
  },
  {
    name: 'the environment wins over a .env',
    files: { ...a, '.env': 'DATABASE_URL=postgres://nobody@127.0.0.1:1/x\n' },
    acts: [act('migration run')],
  },
  { name: 'a .env that cannot be read', files: { ...a, '.env': 'GOOD=1\nnot a line\n' }, acts: [...all('migration run', '--help')] },
  { name: 'a database that does not exist', files: a, acts: [act('migration run', { database: 'no_such_database' })] },
  { name: 'nobody listens', files: a, acts: [act('migration list --database-url postgres://u@127.0.0.1:1/x')] },
  {
    name: 'generate',
    files: a,
    acts: [
      ...all(
        'migration generate add_users',
        'migration generate x --version 20300101',
        'migration generate x --version 20300101',
        'migration generate y --no-down --version 2031',
        'migration generate z -u --version=2032 --format sql',
        'migration generate w --version 5 --migration-dir nowhere',
        'migration generate v --version 6 --migration-dir ./migrations/',
      ),
    ],
  },
  {
    name: 'a revert of what is at hand by two words',
    files: three,
    acts: [...all('migration run', 'migration revert -n2 --locked-schema', 'migration revert -a')],
  },
  {
    name: 'run_on is in UTC',
    files: pair('2024_a', "create table a as select current_setting('TimeZone') as zone;", ''),
    acts: [
      act('migration run', {
        sql: "do $$ begin execute format('alter database %I set timezone = ''Asia/Tokyo''', current_database()); end $$",
      }),
    ],
  },
  {
    name: 'usage',
    acts: all(
      '',
      'migration',
      '--help',
      '-h',
      'help',
      'help migration',
      'migration --help',
      'migration -h',
      'migration help run',
      'migration run -h',
      'migration run --help',
      'migration list -h',
      'migration pending --help',
      'migration revert -h',
      'migration revert --help',
      'migration redo -h',
      'migration redo --help',
      'migration generate -h',
      'migration generate --help',
      '-V',
      '--version',
      'nope',
      'migration rum',
      'migration generat',
      'migration help nope',
      '--nope',
      'migration run --nope',
      'migration run x',
      'migration pending list',
      'migration revert --al',
      '--database-urk x migration run',
      'migration revert -n x',
      'migration revert -n',
      'migration revert --number=',
      'migration revert -n -1',
      'migration revert -n=-1',
      'migration revert -n 99999999999999999999',
      'migration revert -z',
      'migration revert -n 1 --all',
      'migration revert --all -n 1',
      'migration revert -an 1',
      'migration redo -a -a',
      'migration revert -n 1 -n 2',
      'migration generate',
      'migration generate --nope',
      'migration generate a --format x',
      'migration generate a --format',
      'migration run --locked-schema=1',
      'migration run --database-url',
      'migration run --database-url --locked-schema',
      'migration --config-file x',
      '--locked-schema',
      'migration -V',
      'migration run -- x',
      'migration -- run',
      'help nope',
      'migration redo --number',
      'migration redo x',
      'migration generate a --sqlite-integer',
    ),
  },
]

function act(words: string, more: Omit<Act, 'words'> = {}): Act {
  return { words, ...more }
}

function all(...lines: string[]): Act[] {
  return lines.map((words) => ({ words }))
}

function single(name: string, up: string): Record<string, string> {
  return { [`migrations/${name}/up.sql`]: up }
}

function pair(name: string, up: string, down: string): Record<string, string> {
  return { ...single(name, up), [`migrations/${name}/down.sql`]: down }
}

function moved(files: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace(/^migrations/, folder), text]))
}
