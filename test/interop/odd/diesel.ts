import { diesel } from '../real-tools.ts'
import { type OddTree, under } from './tree.ts'

/** Versions of 14 and 18 digits and of others, with dashes and without; what metadata.toml says and does not say. */
const everyday: OddTree = {
  name: 'diesel, everyday',
  tool: 'diesel',
  path: 'app/migrations',
  count: 15,
  real: diesel,
  files: {
    'app/diesel.toml': '',
    ...under('app/migrations', {
      '00000000000000_diesel_initial_setup/up.sql': 'create table log (id serial primary key, said text);\n',
      '00000000000000_diesel_initial_setup/down.sql': 'drop table log;\n',
      '01_padded/up.sql': 'create table padded (id int);\n',
      '01_padded/down.sql': 'drop table padded;\n',
      '1_unpadded/up.sql': 'create table unpadded (id int);\n',
      '1_unpadded/down.sql': 'drop table unpadded;\n',
      '20140929103760_impossible_second/up.sql': "create type mood as enum ('a');\n",
      '20140929103760_impossible_second/down.sql': 'drop type mood;\n',
      '2023-01-01-000000_Capitals-and.dots/up.sql': 'create table capitals (m mood);\n',
      '2023-01-01-000000_Capitals-and.dots/down.sql': 'drop table capitals;\n',
      '20230102000000_with space/up.sql': "alter type mood add value 'b';\n",
      '20230102000000_with space/down.sql': "delete from log where said = 'b';\n",
      '2023-01-03-000000_before_its_extension/up.sql': "insert into capitals values ('b');\n",
      '2023-01-03-000000_before_its_extension/down.sql': "delete from capitals where m = 'b';\n",
      '2023-01-03-000000-00ff_concurrent/up.sql': 'create index concurrently capitals_m on capitals (m);\n',
      '2023-01-03-000000-00ff_concurrent/down.sql': 'drop index concurrently capitals_m;\n',
      '2023-01-03-000000-00ff_concurrent/metadata.toml': 'run_in_transaction = false\n',
      '202301040000000000_no_key/up.sql': '-- alone\ncreate index concurrently log_said on log (said)',
      '202301040000000000_no_key/down.sql': 'drop index concurrently log_said',
      '202301040000000000_no_key/metadata.toml': '# nothing is said\n',
      '2023-01-05-000000-0000_explicit/up.sql': 'create table explicit (id int);\n',
      '2023-01-05-000000-0000_explicit/down.sql': 'drop table explicit;\n',
      '2023-01-05-000000-0000_explicit/metadata.toml': 'run_in_transaction = true\n',
      '20230107000000_body/up.sql': `-- create index concurrently is not done here
create function f() returns text language plpgsql as $$ begin perform 'create index concurrently;'; return 'a;b'; end $$;
insert into log (said) values (f()); -- done`,
      '20230107000000_body/down.sql': 'drop function f(); -- gone',
      '20230108000000_own_block/up.sql': 'begin;\ncreate table own_block (id int);\ncommit;\n',
      '20230108000000_own_block/down.sql': 'begin;\ndrop table own_block;\ncommit;\n',
      '20230108000000_own_block/metadata.toml': 'run_in_transaction = false\n',
      '20230109000000_two_blocks/up.sql': `create table before (id int);
begin; create table two (id int); commit;
begin; insert into two values (2); end;
insert into log (said) values ('tail');
`,
      '20230109000000_two_blocks/down.sql': "begin; drop table two; commit; drop table before; delete from log where said = 'tail';\n",
      '20230109000000_two_blocks/metadata.toml': 'run_in_transaction = false\n',
      '20230110000000_settings/up.sql': "set timezone = 'Asia/Tokyo';\nset datestyle = 'SQL, DMY';\ncreate table settings (id int);\n",
      '20230110000000_settings/down.sql': 'drop table settings;\n',
      '20230111000000_next/up.sql': "insert into log (said) values (current_setting('timezone') || current_setting('datestyle'));\n",
      '20230111000000_next/down.sql': "delete from log where said like '%Y';\n",
      'README.md': '# Migrations\n',
      'data_oauth_github.sql': 'select 1 / 0;\n',
      '.hidden/up.sql': 'select 1 / 0;\n',
    }),
  },
}

export const dieselTrees = [everyday]
