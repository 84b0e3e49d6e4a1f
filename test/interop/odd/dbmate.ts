import { dbmateOn } from '../real-tools.ts'
import { type OddTree, under } from './tree.ts'

const both = (up: string, down: string, mode = '') => `-- migrate:up${mode}\n${up}\n-- migrate:down${mode}\n${down}\n`

/** Versions are texts and the order is that of file names. */
const everyday: OddTree = {
  name: 'dbmate, everyday',
  tool: 'dbmate',
  path: 'app',
  count: 15,
  hollow: ['005', '006'],
  real: dbmateOn(),
  files: under('app', {
    '000_start.sql': both(
      "create table log (id serial primary key, said text);\ncreate type mood as enum ('a');",
      'drop type mood;\ndrop table log;',
    ),
    '01_padded.sql': both('create table padded (id int);', 'drop table padded;'),
    '1_unpadded.sql': both('create table unpadded (id int);', 'drop table unpadded;'),
    '002_Capital Title.with dots.sql': both('create table two (m mood);', 'drop table two;'),
    '003noseparator.sql': both('create table three (id int);', 'drop table three;'),
    '004_index.sql': both('create index concurrently two_m on two (m)', 'drop index concurrently two_m', ' transaction:false'),
    '005_empty_down.sql': '-- migrate:up\ncreate table five (id int);\n-- migrate:down\n',
    '006_comment_down.sql': both('create table six (id int);', '-- nothing to take back'),
    '007_body.sql': both(
      `-- create index concurrently is not done here
create function f() returns text language plpgsql as $$ begin perform 'create index concurrently;'; return 'a;b'; end $$;
insert into log (said) values (f()); -- done`,
      'drop function f(); -- gone',
    ),
    '008_add_value.sql': both("alter type mood add value 'b';", "delete from log where said = 'b';"),
    '009_use_value.sql': both("insert into two values ('b');", "delete from two where m = 'b';"),
    '010_own_blocks.sql': both(
      "insert into log (said) values ('before');\nbegin; create table ten (id int); commit;\nbegin; insert into ten values (10); end;\ninsert into log (said) values ('tail');",
      "begin; drop table ten; commit;\ndelete from log where said in ('before', 'tail');",
      ' transaction:false',
    ),
    '011_settings.sql': both("set timezone = 'Asia/Tokyo';\ncreate table eleven (id int);", 'drop table eleven;'),
    '012_next.sql': both("insert into log (said) values (current_setting('timezone'));", "delete from log where said like 'Asia/%';"),
    '20240101120000_by_date.sql': `-- A word before.\n\n${both('create table dated (id int);', 'drop table dated;')}`,
    'README.md': '# Migrations\n',
    'seed.sql': 'select 1 / 0;\n',
    'more/30_seed.sql': both('select 1 / 0;', ''),
  }),
}

/** dbmate makes the schema of its table itself. */
const elsewhere: OddTree = {
  name: 'dbmate, table elsewhere',
  tool: 'dbmate',
  path: 'app',
  count: 2,
  real: dbmateOn('ops.applied'),
  yaml: ['table: ops.applied'],
  files: under('app', {
    '1_a.sql': both('create table a (id int);', 'drop table a;'),
    '2_b.sql': both('create table b (id int);', 'drop table b;'),
  }),
}

export const dbmateTrees = [everyday, elsewhere]
