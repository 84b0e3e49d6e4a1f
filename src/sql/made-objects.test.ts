import { beforeAll, describe, expect, it } from 'vitest'
import { loadParser } from './front.ts'
import { madeObjects } from './made-objects.ts'

beforeAll(loadParser)

/** `kind schema.table.name`, as short as it goes. */
function made(...texts: string[]): string[] | undefined {
  return madeObjects(texts)?.map(({ kind, schema, table, name }) =>
    [kind, [schema, table, name].filter((part) => part !== undefined).join('.')].join(' '),
  )
}

describe('madeObjects', () => {
  it.each([
    ['create table a (id int)', ['table a']],
    ['create unlogged table if not exists s."A b" ()', ['table s.A b']],
    ['create table a as select 1', ['table a']],
    ['create temporary table a ()', []],
    ['create or replace view s.v as select 1', ['view s.v']],
    ['create materialized view m as select 1', ['materialized view m']],
    ['create sequence q', ['sequence q']],
    ["create type t as enum ('a')", ['type t']],
    ['create type s.t as (a int)', ['type s.t']],
    ['create type r as range (subtype = int4)', ['type r']],
    ['create domain s.d as int', ['type s.d']],
    ["create function s.f(a int, out b int) language sql as ''", ['function s.f']],
    ["create procedure p() language sql as ''", ['function p']],
    ['create schema app create table inside ()', ['schema app', 'table app.inside']],
    ['create index concurrently i on s.a (id)', ['index s.a.i']],
    ['create index on a (id)', []],
    ['alter table s.a add column c int, add d int', ['column s.a.c', 'column s.a.d']],
    ['do $$ begin execute $x$create table hidden ()$x$; end $$', []],
    ['', []],
    ['-- nothing', []],
  ])('%s', (text, objects) => {
    expect(made(text)).toEqual(objects)
  })

  it('follows names and drops over several texts', () => {
    expect(made('create table a (); create index i on a (id); alter table a add c int', 'alter table a rename to b')).toEqual([
      'table b',
      'index b.i',
      'column b.c',
    ])
    expect(made('create table a (); alter table a add c int; create table b ()', 'drop table if exists a, other')).toEqual(['table b'])
    expect(made('create table a ()', 'alter table a set schema s')).toEqual(['table s.a'])
    expect(made('create schema s; create table s.a (); create view v as select 1', 'drop schema s cascade')).toEqual(['view v'])
    expect(
      made("create type t as enum ('a'); create function f(int) returns int language sql as ''", 'drop type t; drop function f(int)'),
    ).toEqual([])
    expect(made('alter table a add c int', 'alter table a rename column c to d')).toEqual(['column a.d'])
    expect(made('create table a ()', 'create table if not exists a ()')).toEqual(['table a'])
  })

  it('a text that does not parse gives no answer', () => {
    expect(made('create table a (', 'create table b ()')).toBeUndefined()
  })
})
