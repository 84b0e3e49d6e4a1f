import { beforeAll, describe, expect, it } from 'vitest'
import { analyse, loadParser } from './front.ts'

beforeAll(loadParser)

function lossOf(sql: string): string[] {
  const { error, statements } = analyse(sql)
  expect(error).toBeUndefined()
  return statements.flatMap(({ destroys }) =>
    destroys === undefined ? [] : [`${destroys.unseen === true ? 'unseen: ' : ''}${destroys.what}`],
  )
}

const destroying: readonly [string, string][] = [
  ['drop table if exists a.users, carts cascade', 'drops the table a.users, carts'],
  ['drop schema shop', 'drops the schema shop'],
  ['drop type mood', 'drops the type mood'],
  ['drop domain email', 'drops the domain email'],
  ['drop sequence ids', 'drops the sequence ids'],
  ['drop extension hstore', 'drops the extension hstore'],
  ['drop database shop', 'drops the database shop'],
  ['drop owned by app', 'drops everything that a role owns'],
  ['drop function f(int) cascade', 'drops with CASCADE'],
  ['drop access method heap2 cascade', 'drops with CASCADE'],
  ['alter table t add a int, drop column b', 'drops the column b of t'],
  ['alter table t drop b', 'drops the column b of t'],
  ['alter type point3 drop attribute z', 'drops the column z of point3'],
  ['alter table t detach partition p', 'takes a partition out of t'],
  ['alter table t detach partition p concurrently', 'takes a partition out of t'],
  ['alter table t no inherit parent', 'takes the rows of t out of its parent'],
  ['alter table t alter c type varchar(10)', 'changes the type of the column c'],
  ['alter table t alter c set data type int', 'changes the type of the column c'],
  ['alter table t alter c type bigint', 'changes the type of the column c'],
  ['alter table t alter c type date', 'changes the type of the column c'],
  ['alter table t alter c type text using left(c, 3)', 'changes the type of the column c'],
  ['alter table t alter c type text[]', 'changes the type of the column c'],
  ['truncate a, b restart identity cascade', 'empties a, b'],
  ['delete from t', 'deletes every row of t'],
  ['delete from t where true', 'deletes every row of t'],
  ['delete from t where 1 = 1', 'deletes every row of t'],
  ['delete from t using other', 'deletes every row of t'],
  ['update t set a = 0', 'overwrites every row of t'],
  ['with gone as (delete from t returning *) select * from gone', 'deletes every row of t'],
  ['insert into u with gone as (delete from t returning *) select * from gone', 'deletes every row of t'],
  ['merge into t using s on t.id = s.id when not matched by source then delete', 'deletes rows of t'],
  ['explain analyze delete from t', 'deletes every row of t'],
  ['prepare p as delete from t', 'deletes every row of t'],
  ['create table if not exists t (a int); drop table t', 'drops the table t'],
  ['create table t (a int); alter table t rename to u; drop table t', 'drops the table t'],
  ['create table t (a int); set search_path = other; drop table t', 'drops the table t'],
  ['begin; create table t (a int); rollback; begin; drop table t; commit', 'drops the table t'],
  ['create table a.t (a int); drop table t', 'drops the table t'],
  ['create table t (a int); drop table t; drop table t', 'drops the table t'],
  ['alter table t add column if not exists a int; update t set a = 1', 'overwrites every row of t'],
  ['copy (delete from t returning *) to stdout', 'deletes every row of t'],
  ['create table t (a int); truncate t cascade', 'empties t'],
  ['create table t (a int) partition by list (a); alter table t attach partition users default; drop table t', 'drops the table t'],
  ['do $$ begin drop table users; end $$', 'is a DO block that drops what holds data'],
  ['do $$ begin if true then alter table t drop column c; end if; end $$', 'is a DO block that drops a column'],
  ['do $$ begin alter table t alter column c type int; end $$', 'is a DO block that changes the type of a column'],
  ['do $$ begin delete from t; end $$', 'is a DO block that deletes every row'],
  ['do $$ begin update t set a = 1; end $$', 'is a DO block that overwrites every row'],
  ["do $$ begin execute 'select 1'; end $$", 'unseen: is a DO block that runs SQL made at run time'],
  ['do language plv8 $$ 1 $$', 'unseen: is a DO block in plv8'],
  ['call tidy()', 'unseen: calls a procedure'],
]

const keeping = [
  'drop index i',
  'drop index concurrently i',
  'drop index i cascade',
  'drop view v cascade',
  'drop materialized view v',
  'drop function f(int)',
  'drop trigger g on t',
  'drop policy p on t',
  'drop role app',
  'drop foreign table f',
  'alter table t drop constraint c cascade',
  'alter table t alter c drop not null, alter c drop default',
  'alter table t alter c drop expression',
  'alter table t alter c type text',
  'alter table t alter c type varchar',
  'alter table t rename column a to b',
  'alter table t set schema other',
  'alter table t disable row level security',
  'delete from t where id = 3',
  'delete from t where exists (select 1 from s)',
  'update t set a = 0 where a is null',
  'update t set a = 0 from s where s.id = t.id',
  'insert into t values (1) on conflict (id) do update set a = 1',
  'alter table t add column a int; update t set a = 1',
  'create table t (a int); insert into t values (1); update t set a = 2; delete from t; truncate t; alter table t drop column a; drop table t',
  'create table t as select 1 as a; drop table t',
  'create table t (a int); create table u (a int); drop table t; drop table u',
  'create temp table t (a int); drop table t',
  'drop table pg_temp.t',
  'do $$ begin insert into t values (1) on conflict (a) do update set a = 2; end $$',
  'truncate pg_temp.t',
  'create function f() returns void language sql as $$ delete from t $$',
  "comment on table t is 'drop table t'",
  "select 'drop table t'",
  'refresh materialized view v',
  "do $$ begin create type mood as enum ('a'); exception when duplicate_object then null; end $$",
  "do $$ begin raise notice 'drop table t'; delete from t where id = 1; update t set a = 1 where b = 2; end $$",
  'do $$ begin alter table t drop constraint c; create trigger g before update on t for each row execute function f(); end $$',
]

describe('statements that destroy data', () => {
  it.each(destroying)('%s', (sql, expected) => {
    const found = lossOf(sql)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(expected)
  })
})

describe('statements that keep it', () => {
  it.each(keeping)('%s', (sql) => {
    expect(lossOf(sql)).toEqual([])
  })
})
