/** One round trip: what was there, an up, a down, and what the comparison says that the down did not bring back. */
export interface RoundTrip {
  name: string
  start?: string
  up: string
  down: string
  /** `change kind identity: facts`, for the schema `s`; none: the down is right. */
  left: string[]
  /** Further ones from 18 on, where a NOT NULL is a constraint. */
  leftSince18?: string[]
}

const table = 'create table s.t (a int, b text, c int); insert into s.t values (1, $$x$$, 1)'

/** Downs that forget something, each the mistake of many. */
export const forgetful: RoundTrip[] = [
  {
    name: 'a view is made again without its privileges',
    start: `${table}; create view s.v as select a from s.t; grant select on s.v to public`,
    up: 'drop view s.v; create view s.v as select a, b from s.t; grant select on s.v to public',
    down: 'drop view s.v; create view s.v as select a from s.t',
    left: ['changed relation s.v: acl'],
  },
  {
    name: 'a constraint comes back NOT VALID',
    start: `${table}; alter table s.t add constraint positive check (a > 0)`,
    up: 'alter table s.t drop constraint positive',
    down: 'alter table s.t add constraint positive check (a > 0) not valid',
    left: ['changed constraint s.t.positive: definition, validated'],
  },
  { name: 'an index stays', start: table, up: 'create index t_b on s.t (b)', down: 'select 1', left: ['added index s.t_b:'] },
  {
    name: 'a label of an enum stays',
    start: "create type s.mood as enum ('ok')",
    up: "alter type s.mood add value 'sad'",
    down: 'select 1',
    left: ['changed type s.mood: labels'],
  },
  {
    name: 'an enum is made again in another order',
    start: "create type s.mood as enum ('ok', 'sad')",
    up: 'drop type s.mood',
    down: "create type s.mood as enum ('sad', 'ok')",
    left: ['changed type s.mood: labels'],
  },
  {
    name: 'a column comes back at the end',
    start: table,
    up: 'alter table s.t drop column b',
    down: 'alter table s.t add column b text',
    left: ['changed column order s.t: columns'],
  },
  {
    name: 'a column does not come back',
    start: table,
    up: 'alter table s.t drop column b',
    down: 'select 1',
    left: ['removed column s.t.b:'],
  },
  {
    name: 'CREATE INDEX CONCURRENTLY broke off and left an INVALID index',
    start: 'create table s.t (a int); insert into s.t values (1), (1)',
    up: 'create unique index concurrently t_a on s.t (a)',
    down: 'select 1',
    left: ['added index s.t_a:'],
  },
  {
    name: 'a default, a NOT NULL and a type are not put back',
    start: 'create table s.t (a varchar(10), b int not null)',
    up: "alter table s.t alter a set default 'x'; alter table s.t alter a type varchar(20); alter table s.t alter b drop not null",
    down: 'select 1',
    left: ['changed column s.t.a: default, type', 'changed column s.t.b: notNull'],
    leftSince18: ['removed constraint s.t.t_b_not_null:'],
  },
  {
    name: 'a sequence keeps its step',
    start: 'create sequence s.q',
    up: 'alter sequence s.q increment 5',
    down: 'select 1',
    left: ['changed sequence s.q: increment'],
  },
  {
    name: 'a function keeps its new body, a trigger stays disabled, row security stays on',
    start: `${table}; create function s.f() returns trigger language plpgsql as 'begin return new; end';
      create trigger tr before insert on s.t for each row execute function s.f()`,
    up: `create or replace function s.f() returns trigger language plpgsql as 'begin return null; end';
      alter table s.t disable trigger tr; alter table s.t enable row level security; create policy p on s.t using (a = 1)`,
    down: 'drop policy p on s.t',
    left: ['changed relation s.t: rowSecurity', 'changed routine s.f(): definition', 'changed trigger s.t.tr: enabled'],
  },
  {
    name: 'an owner, a comment and privileges of a column stay',
    start: table,
    up: "alter table s.t owner to pg_monitor; comment on column s.t.a is 'x'; grant select (b) on s.t to pg_monitor",
    down: 'select 1',
    left: ['changed column s.t.a: comment', 'changed column s.t.b: acl', 'changed relation s.t: acl, owner'],
  },
  {
    name: 'a rule, statistics, a domain, an aggregate, a publication, default privileges, a cast stay',
    start: table,
    up: `create rule r as on delete to s.t do instead nothing; create statistics s.st on a, c from s.t; create domain s.d as int check (value > 0);
      create aggregate s.total(int) (sfunc = int4pl, stype = int); create publication left_over for table s.t;
      alter default privileges in schema s grant select on tables to public;
      create type s.pair as (x int, y int); create function s.pair_text(s.pair) returns text language sql as 'select $$x$$';
      create cast (s.pair as text) with function s.pair_text(s.pair)`,
    down: 'select 1',
    left: [
      'added aggregate s.total(integer):',
      'added cast s.pair as text:',
      'added column s.pair.x:',
      'added column s.pair.y:',
      'added constraint s.d.d_check:',
      'added default acl postgres r s:',
      'added publication left_over:',
      'added relation s.pair:',
      'added routine s.pair_text(s.pair):',
      'added rule s.t.r:',
      'added statistics s.st:',
      'added type s.d:',
      'added type s.pair:',
    ],
  },
  {
    name: 'an operator with its class and family, a text search configuration, a collation, a conversion stay',
    up: `create function s.eq(box, box) returns boolean language sql immutable as 'select true';
      create operator s.=== (leftarg = box, rightarg = box, function = s.eq);
      create operator class s.boxes for type box using hash as operator 1 s.=== ;
      create text search configuration s.words (copy = simple); create text search dictionary s.plain (template = simple);
      create collation s.c (lc_collate = 'C', lc_ctype = 'C'); create conversion s.conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8`,
    down: 'select 1',
    left: [
      'added collation s.c:',
      'added conversion s.conv:',
      'added operator s.===(box,box):',
      'added operator class s.boxes using hash:',
      'added operator family s.boxes using hash:',
      'added routine s.eq(box,box):',
      'added text search configuration s.words:',
      'added text search dictionary s.plain:',
    ],
  },
  {
    name: 'a foreign table with its server, wrapper and mapping, an event trigger, a setting of the database stay',
    up: `create foreign data wrapper w options (host 'h', api_key 'hush'); create server sv foreign data wrapper w options (host 'h');
      create user mapping for current_user server sv options ("user" 'u', password 'hush'); create foreign table s.ft (a int) server sv;
      create function s.heard() returns event_trigger language plpgsql as 'begin end'; create event trigger ear on ddl_command_end execute function s.heard();
      do $$ begin execute format('alter database %I set work_mem = ''5MB''', current_database()); end $$`,
    down: 'select 1',
    left: [
      'added column s.ft.a:',
      'added event trigger ear:',
      'added foreign data wrapper w:',
      'added foreign server sv:',
      'added relation s.ft:',
      'added routine s.heard():',
      'added setting all roles:',
      'added user mapping postgres on sv:',
    ],
  },
]

/** Downs that are right, though much in the catalogue is another number than before. */
export const faithful: RoundTrip[] = [
  [
    'a table and a column renamed and back',
    table,
    'alter table s.t rename to u; alter table s.u rename a to z',
    'alter table s.u rename z to a; alter table s.u rename to t',
  ],
  ['a last column added and dropped', table, 'alter table s.t add column d int default 1', 'alter table s.t drop column d'],
  [
    'an identity added and dropped',
    'create table s.t (a int not null)',
    'alter table s.t alter a add generated always as identity',
    'alter table s.t alter a drop identity',
  ],
  ['storage parameters set and reset', table, 'alter table s.t set (fillfactor = 50)', 'alter table s.t reset (fillfactor)'],
  ['statistics targets set and reset', table, 'alter table s.t alter a set statistics 500', 'alter table s.t alter a set statistics -1'],
  [
    'a comment set and taken away',
    table,
    "comment on table s.t is 'x'; comment on column s.t.a is 'y'",
    "comment on table s.t is null; comment on column s.t.a is ''",
  ],
  [
    'row security on and off',
    table,
    'alter table s.t enable row level security, force row level security',
    'alter table s.t disable row level security, no force row level security',
  ],
  [
    'a trigger disabled and enabled',
    `${table}; create function s.f() returns trigger language plpgsql as 'begin return new; end'; create trigger tr before insert on s.t for each row execute function s.f()`,
    'alter table s.t disable trigger tr',
    'alter table s.t enable trigger tr',
  ],
  ['a table unlogged and logged', table, 'alter table s.t set unlogged', 'alter table s.t set logged'],
  [
    'a primary key dropped and added',
    'create table s.t (a int primary key)',
    'alter table s.t drop constraint t_pkey',
    'alter table s.t add primary key (a)',
  ],
  [
    'privileges granted and revoked',
    table,
    'grant select on s.t to public; grant update (a) on s.t to pg_monitor',
    'revoke select on s.t from public; revoke update (a) on s.t from pg_monitor',
  ],
  [
    'options in another order',
    'create table s.t (a int) with (fillfactor = 50, autovacuum_enabled = off)',
    'alter table s.t reset (fillfactor)',
    'alter table s.t set (fillfactor = 50)',
  ],
  [
    'an index and a view dropped and made again',
    `${table}; create index i on s.t (b); create view s.v as select a from s.t`,
    'drop index s.i; drop view s.v',
    'create index i on s.t using btree (b); create view s.v as select t.a from s.t',
  ],
  [
    'rows, a sequence that went on, a rewrite and an analyze',
    'create table s.t (a serial)',
    'insert into s.t select from generate_series(1, 100); analyze s.t',
    'truncate s.t; vacuum full s.t',
  ],
  ['a table dropped and made again', table, 'drop table s.t', 'create table s.t (a int, b text, c int)'],
].map(([name = '', start = '', up = '', down = '']) => ({ name, start, up, down, left: [] }))
