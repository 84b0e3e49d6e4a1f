import { environment } from '../../code/services.ts'
import { alembicPython } from '../../tools.ts'
import { alembic, dbmate, diesel, golangMigrate, goose } from '../real-tools.ts'
import { type OddTree, under } from './tree.ts'

/** A tree that the tool, or Skein, or both do not take. */
export interface RefusedTree extends Omit<OddTree, 'count'> {
  /** Words for each: of ups until it happens, and then perhaps a down. */
  words: { tool: readonly string[]; skein: readonly string[] }[]
  /** What the tool says to the last of them; undefined: it ends well. */
  toolSays?: RegExp
  /** How Skein ends, and what it says. */
  skein: { code: number; says: RegExp }
  /** A query, and what it gives where the tool was at work, and where Skein was. */
  left: { query: string; tool: string; skein: string }
}

const up = { tool: ['up'], skein: ['up'] }
const there = (name: string) => `select (to_regclass('${name}') is not null)::text as left`
const rows = (table: string, column: string) =>
  `select case when to_regclass('${table}') is null then 'no table' else (xpath('//l/text()', query_to_xml('select coalesce(string_agg(${column}::text, '' '' order by ${column}), ''none'') as l from ${table}', false, true, '')))[1]::text end as left`

const golang = (name: string, files: Record<string, string>) =>
  ({ name: `golang-migrate, ${name}`, tool: 'golang-migrate', path: 'app', real: golangMigrate(), files: under('app', files) }) as const
const migrations = (name: string, files: Record<string, string>) =>
  ({
    name: `diesel, ${name}`,
    tool: 'diesel',
    path: 'app/migrations',
    real: diesel,
    files: { 'app/diesel.toml': '', ...under('app/migrations', files) },
  }) as const
const geese = (name: string, files: Record<string, string>) =>
  ({ name: `goose, ${name}`, tool: 'goose', path: 'app', real: goose, files: under('app', files) }) as const
const mates = (name: string, files: Record<string, string>) =>
  ({ name: `dbmate, ${name}`, tool: 'dbmate', path: 'app', real: dbmate, files: under('app', files) }) as const

const run = { tool: ['run'], skein: ['up'] }
const revert = { tool: ['revert'], skein: ['down', '1', '--yes'] }

export const refusedTrees: readonly RefusedTree[] = [
  {
    ...golang('one number twice', { '1_a.up.sql': 'create table a ();', '01_b.up.sql': 'create table b ();' }),
    words: [up],
    toolSays: /duplicate migration file: (?:1_a|01_b)\.up\.sql/,
    skein: { code: 2, says: /01_b\.up\.sql and app\/1_a\.up\.sql are both the up of version 1/ },
    left: { query: there('a'), tool: 'false', skein: 'false' },
  },
  {
    ...golang('CONCURRENTLY in company', {
      '1_t.up.sql': 'create table t (id int);',
      '2_i.up.sql': "set lock_timeout = '5s';\ncreate index concurrently t_id on t (id);\n",
    }),
    words: [up],
    toolSays: /CREATE INDEX CONCURRENTLY cannot run inside a transaction block/,
    skein: { code: 1, says: /a file with several statements is one for golang-migrate, which sends it whole/ },
    left: { query: there('t_id'), tool: 'false', skein: 'false' },
  },
  {
    ...golang('a new value used at once', {
      '1_m.up.sql': "create type m as enum ('a'); create table t (m m);",
      '2_v.up.sql': "alter type m add value 'b'; insert into t values ('b');",
    }),
    words: [up],
    toolSays: /unsafe use of new value/,
    skein: { code: 1, says: /unsafe use of new value/ },
    left: { query: 'select count(*)::text as left from t', tool: '0', skein: '0' },
  },
  {
    ...migrations('COMMIT in a transaction of Diesel', {
      '1_a/up.sql': 'create table a (id int);\ncommit;\ninsert into a values (1);\n',
      '1_a/down.sql': 'drop table a;\n',
    }),
    words: [run],
    toolSays: /Cannot perform this operation outside of a transaction/,
    skein: { code: 0, says: /1/ },
    left: { query: rows('__diesel_schema_migrations', 'version'), tool: '1', skein: '1' },
  },
  ...[
    ['an empty down', { '1_a/down.sql': '' }, /Attempted to run an empty migration/],
    ['a comment for a down', { '1_a/down.sql': '-- nothing\n' }, /Received an empty query/],
    ['no down', {}, /Missing `?down.sql`? file/i],
  ].map(
    ([name, files, says]): RefusedTree => ({
      ...migrations(name as string, { '1_a/up.sql': 'create table a (id int);\n', ...(files as Record<string, string>) }),
      words: [run, revert],
      toolSays: says as RegExp,
      skein: { code: 2, says: /DOWN-(?:MISSING|HOLLOW)/ },
      left: { query: rows('__diesel_schema_migrations', 'version'), tool: '1', skein: '1' },
    }),
  ),
  {
    ...migrations('an empty folder', { '1_a/up.sql': 'create table a (id int);\n', '2_b/': '' }),
    words: [run],
    toolSays: /Invalid migration directory/,
    skein: { code: 0, says: /1/ },
    left: { query: there('a'), tool: 'false', skein: 'true' },
  },
  {
    ...migrations('one version twice', {
      '2024-01-01-000000_a/up.sql': 'create table a (id int);\n',
      '20240101000000_b/up.sql': 'create table b (id int);\n',
    }),
    words: [run],
    skein: { code: 2, says: /both have version 20240101000000: Diesel silently takes one of them/ },
    left: { query: rows('__diesel_schema_migrations', 'version'), tool: '20240101000000', skein: 'no table' },
  },
  {
    ...geese('one number twice', {
      '1_a.sql': '-- +goose Up\ncreate table a ();\n',
      '01_b.sql': '-- +goose Up\ncreate table b ();\n',
    }),
    words: [up],
    toolSays: /duplicate version 1 detected/,
    skein: { code: 2, says: /version 1/ },
    left: { query: there('a'), tool: 'false', skein: 'false' },
  },
  {
    ...geese('version 0', { '0_a.sql': '-- +goose Up\ncreate table a ();\n' }),
    words: [up],
    toolSays: /version/,
    skein: { code: 2, says: /0/ },
    left: { query: there('a'), tool: 'false', skein: 'false' },
  },
  {
    ...geese('an SQL file without a number', { '1_a.sql': '-- +goose Up\ncreate table a ();\n', 'seed.sql': 'select 1;\n' }),
    words: [up],
    toolSays: /seed\.sql/,
    skein: { code: 2, says: /seed\.sql/ },
    left: { query: there('a'), tool: 'false', skein: 'false' },
  },
  {
    ...geese('values of the environment', {
      '1_a.sql': '-- +goose Up\ncreate table a ();\n-- +goose ENVSUB ON\ncreate table "${HOME}" ();\n-- +goose Down\ndrop table a;\n',
    }),
    words: [up],
    skein: { code: 2, says: /ENVSUB ON puts the environment into the SQL/ },
    left: { query: there('a'), tool: 'true', skein: 'false' },
  },
  {
    ...mates('no down block', { '1_a.sql': '-- migrate:up\ncreate table a ();\n' }),
    words: [{ tool: ['up'], skein: ['up'] }],
    toolSays: /down/,
    skein: { code: 2, says: /migrate:down/ },
    left: { query: there('a'), tool: 'false', skein: 'false' },
  },
  {
    name: 'alembic, get_bind().commit() and nobody commits the rest',
    tool: 'alembic',
    path: 'app/alembic',
    real: alembic(alembicPython()),
    files: {
      'app/alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\n',
      'app/alembic/env.py': environment(),
      'app/alembic/versions/a1.py':
        "from alembic import op\nrevision = 'a1'\ndown_revision = None\n\n\ndef upgrade():\n    op.execute('create table a (id int)')\n    op.get_bind().commit()\n\n\ndef downgrade():\n    op.execute('drop table a')\n",
    },
    words: [{ tool: ['upgrade', 'heads'], skein: ['up'] }],
    skein: { code: 0, says: /a1/ },
    left: { query: rows('alembic_version', 'version_num'), tool: 'none', skein: 'a1' },
  },
]
