import { gooseOn } from '../real-tools.ts'
import { type OddTree, under } from './tree.ts'

/** Numbers, annotations in any case, statements by line, several beside writers in one file. */
const everyday: OddTree = {
  name: 'goose, everyday',
  tool: 'goose',
  path: 'app',
  count: 14,
  hollow: ['4', '5', '6'],
  real: gooseOn(),
  files: under('app', {
    '1_unpadded.sql': `-- +goose Up
create table log (id serial primary key, said text);
create type mood as enum ('a');
-- +goose Down
drop type mood;
drop table log;
`,
    '2_Capital Title.with dots.sql': '-- +goose Up\ncreate table two (m mood);\n-- +goose Down\ndrop table two;\n',
    '3_lower.sql': `-- +goose no transaction
-- +goose up
create index concurrently log_said on log (said);
create index concurrently log_lower on log (lower(said)); -- the second one
-- +goose down
drop index concurrently log_said;
drop index concurrently log_lower;
`,
    '4_no_down.sql': '-- +goose Up\ncreate table four (id int);\n',
    '5_empty_down.sql': '-- +goose Up\ncreate table five (id int);\n-- +goose Down\n',
    '6_comment_down.sql': '-- +goose Up\ncreate table six (id int);\n-- +goose Down\n-- nothing to take back\n',
    '7_body.sql': `-- +goose Up
-- create index concurrently is not done here
-- +goose StatementBegin
create function f() returns text language plpgsql as $$
begin
  -- create index concurrently nowhere on nothing (id);
  perform 'begin;';
  return 'a;b';
end $$;
-- +goose StatementEnd
insert into log (said) values (f());
-- +goose Down
drop function f();
`,
    '8_add_value.sql': "-- +goose Up\nalter type mood add value 'b';\n-- +goose Down\ndelete from log where said = 'b';\n",
    '0009_padded.sql': "-- +goose Up\ninsert into two values ('b');\n-- +goose Down\ndelete from two where m = 'b';\n",
    '10_own_blocks.sql': `-- +goose NO TRANSACTION
-- +goose Up
insert into log (said) values ('before');
begin;
create table ten (id int);
commit;
begin;
insert into ten values (10);
end;
insert into log (said) values ('tail');
-- +goose Down
begin;
drop table ten;
commit;
delete from log where said in ('before', 'tail');
`,
    '11_settings.sql': "-- +goose Up\nset timezone = 'Asia/Tokyo';\ncreate table eleven (id int);\n-- +goose Down\ndrop table eleven;\n",
    '12_next.sql':
      "-- +goose Up\ninsert into log (said) values (current_setting('timezone'));\n-- +goose Down\ndelete from log where said like 'Asia/%';\n",
    '13_one_statement_by_mark.sql': `-- +goose Up
-- +goose StatementBegin
create table thirteen (id int);
insert into thirteen values (1);
-- +goose StatementEnd
-- +goose Down
drop table thirteen;
`,
    '20240101120000_by_date.sql': '-- +goose Up\ncreate table dated (id int);\n-- +goose Down\ndrop table dated;\n',
    'README.md': '# Migrations\n',
    'notes.txt': 'select 1 / 0;\n',
    'seed/15_seed.sql': '-- +goose Up\nselect 1 / 0;\n',
  }),
}

const elsewhere: OddTree = {
  name: 'goose, table elsewhere',
  tool: 'goose',
  path: 'app',
  count: 2,
  real: gooseOn('ops.applied'),
  yaml: ['table: ops.applied'],
  before: () => 'create schema ops',
  files: under('app', {
    '1_a.sql': '-- +goose Up\ncreate table a (id int);\n-- +goose Down\ndrop table a;\n',
    '2_b.sql': '-- +goose Up\ncreate table b (id int);\n-- +goose Down\ndrop table b;\n',
  }),
}

export const gooseTrees = [everyday, elsewhere]
