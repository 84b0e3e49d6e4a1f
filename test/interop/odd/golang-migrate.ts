import { golangLockKeys } from '../../../src/histories/golang-lock-key.ts'
import { golangMigrate } from '../real-tools.ts'
import { type OddTree, under } from './tree.ts'

/** Names, numbers, downs, bodies. What a file sets, the next one sees. */
const everyday: OddTree = {
  name: 'golang-migrate, everyday',
  tool: 'golang-migrate',
  path: 'app',
  count: 20,
  hollow: ['0', '4', '5', '6', '16'],
  real: golangMigrate(),
  files: under('app', {
    '0_start.up.sql': "create type mood as enum ('a');\ncreate schema other;\ncreate table log (id serial primary key, said text);\n",
    '1_unpadded.up.sql': "create table one (m mood default 'a');",
    '01_unpadded.down.sql': 'drop table one;',
    '2_add_Magic_Metadata.up.sql': 'create table "Magic" (id int);\n',
    '2_drop_magic.down.sql': 'drop table "Magic";\n',
    '3_dots.in the title.sql.up.sql': 'create table three (id int);\n',
    '3_dots.in the title.sql.down.sql': 'drop table three;\n',
    '4_empty.up.sql': 'create table four (id int);\n',
    '4_empty.down.sql': '',
    '5_comment.up.sql': 'create table five (id int);\n',
    '5_comment.down.sql': '-- nothing to take back\n',
    '0006_add_value.up.sql': "alter type mood add value 'b';\n",
    '0006_add_value.down.sql': '-- a value stays\n',
    '7_use_value.up.sql': "insert into one values ('b');\n",
    '7_use_value.down.sql': "delete from one where m = 'b';\n",
    '8_body.up.sql': `-- CREATE INDEX CONCURRENTLY is not done here; BEGIN; neither
create function f() returns text language plpgsql as $body$
begin
  -- create index concurrently nowhere on nothing (id);
  perform 'commit;'; /* begin; */
  return 'a;b';
end $body$;
insert into log (said) values (f()); -- done`,
    '8_body.down.sql': 'drop function f(); -- gone',
    '9_index.up.sql': '/* beside writers */ create index concurrently five_id on five (id) ; ; -- and that was it\n',
    '9_index.down.sql': 'drop index concurrently five_id',
    '10_two_blocks.up.sql': `insert into log (said) values ('before');
BEGIN;
create table ten (id int);
COMMIT;
begin;
insert into ten values (10);
commit;
`,
    '10_two_blocks.down.sql': 'BEGIN;\ndrop table ten;\nCOMMIT;\n',
    '11_tail.up.sql':
      "BEGIN;\ncreate table eleven (id int);\nCOMMIT;\ninsert into log (said) values ('tail');\ninsert into eleven values (1);\n",
    '11_tail.down.sql': "begin;\ndrop table eleven;\ncommit;\ndelete from log where said = 'tail';\n",
    '12_end.up.sql': 'begin;\ncreate table twelve (id int);\nEND;\n',
    '12_end.down.sql': 'begin; drop table twelve; end;\n',
    '13_settings.up.sql': "set timezone = 'Asia/Tokyo';\nset search_path = other, public;\ncreate table thirteen (id int);\n",
    '13_settings.down.sql': 'drop table if exists other.thirteen;\n',
    '14_next.up.sql':
      "insert into public.log (said) values (current_setting('timezone') || current_setting('search_path'));\ncreate table fourteen (id int);\n",
    '14_next.down.sql': 'drop table if exists other.fourteen;\ndrop table if exists public.fourteen;\n',
    '15_blank.up.sql': ' \n\t\n',
    '15_blank.down.sql': '\n',
    '16_comment_up.up.sql': '-- nothing yet\n',
    '17_no_up.down.sql': "insert into public.log (said) values ('17 down');\n",
    '18_example.up.sql.example': 'create table public.eighteen (id int);\n',
    '18_example.down.sql': 'drop table public.eighteen;\n',
    '20240101120000_by_date.up.sql': 'create table public.dated (d date default current_date);\n',
    '20240101120000_by_date.down.sql': 'drop table public.dated;\n',
    'README.md': '# Migrations\n',
    '19_shouting.UP.sql': 'select 1 / 0;\n',
    'V20__flyway.sql': 'select 1 / 0;\n',
    '21_folder.up.sql/readme.txt': 'A folder.\n',
    'seed/22_seed.up.sql': 'select 1 / 0;\n',
  }),
}

/** A table of another name in another schema, which lets only those write to it who hold golang-migrate's own lock. */
const guarded: OddTree = {
  name: 'golang-migrate, guarded table elsewhere',
  tool: 'golang-migrate',
  path: 'app',
  count: 4,
  real: { ...golangMigrate('"ops"."Applied"'), table: 'ops."Applied"' },
  yaml: ['table: ops.Applied'],
  rowless: ['ops.keys'],
  before: (url) => `create schema ops;
create table ops."Applied" (version bigint not null primary key, dirty boolean not null);
create table ops.keys as select unnest('{${keysOf(url)}}'::bigint[]) as key;
create function ops.only_with_lock() returns trigger language plpgsql as $$ begin
  if not exists (select from pg_locks where locktype = 'advisory' and granted and pid = pg_backend_pid() and objsubid = 1
                 and (classid::bigint << 32 | objid::bigint) in (select key from ops.keys)) then
    raise 'only golang-migrate writes here';
  end if;
  return null;
end $$;
create trigger guard after insert or update or delete or truncate on ops."Applied" for each statement execute function ops.only_with_lock();
`,
  files: under('app', {
    '1_a.up.sql': 'create table a (id int);\n',
    '1_a.down.sql': 'drop table a;\n',
    '2_index.up.sql': 'create index concurrently a_id on a (id);\n',
    '2_index.down.sql': 'drop index concurrently a_id;\n',
    '3_own.up.sql': 'begin;\ncreate table b (id int);\ncommit;\ninsert into b values (1);\n',
    '3_own.down.sql': 'drop table b;\n',
    '4_c.up.sql': 'create table c (id int);\n',
    '4_c.down.sql': 'drop table c;\n',
  }),
}

function keysOf(url: string): string {
  const database = new URL(url).pathname.slice(1)
  return golangLockKeys({ database, schema: 'ops', table: 'Applied' }).join(', ')
}

export const golangTrees = [everyday, guarded]
