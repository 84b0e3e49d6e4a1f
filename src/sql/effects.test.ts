import { beforeAll, describe, expect, it } from 'vitest'
import { effectsOf } from './effects.ts'
import { loadParser } from './front.ts'

describe('effectsOf', () => {
  beforeAll(loadParser)

  it.each<[string, string, string[]]>([
    ['create table a.t (id int references b.u)', 'low', ['a.t']],
    ['create index concurrently i on a.t (id); comment on column a.t.id is $$x$$', 'low', ['a.t']],
    ['alter table only "A"."T" add constraint c check (id > 0) not valid', 'low', ['A.T']],
    ['alter table t add column n int', 'medium', ['t']],
    ['alter table t rename column a to b; alter table u rename to v', 'medium', ['t', 'u']],
    ['insert into a.t select * from b.u', 'medium', ['a.t']],
    ['with gone as (delete from a.t returning *) insert into a.old select * from gone', 'medium', ['a.t', 'a.old']],
    ['update a.t set n = 1; delete from a.u; merge into a.v using a.w on true when matched then delete', 'medium', ['a.t', 'a.u', 'a.v']],
    ['alter table t drop column n', 'high', ['t']],
    ['alter table t alter column n type bigint', 'high', ['t']],
    ['drop table if exists a.t, db.a.u', 'high', ['a.t', 'a.u']],
    ['truncate a.t, a.u', 'high', ['a.t', 'a.u']],
    ['drop schema a cascade', 'high', []],
    ['drop index a.i', 'medium', []],
    ['create trigger g before update on a.t for each row execute function f(); drop trigger g on a.t', 'medium', ['a.t']],
    ['create policy p on a.t; create rule r as on insert to a.u do nothing', 'low', ['a.t', 'a.u']],
    ['create view a.v as select 1; create type a.e as enum (); create schema b', 'low', []],
    ['create table a.n as select 1; select 1 into a.m', 'medium', ['a.n', 'a.m']],
    ['create temporary table t (id int); do $$ begin delete from a.t; end $$', 'medium', []],
    ['-- nothing', 'low', []],
    ['', 'low', []],
  ])('%s', async (text, risk, tables) => {
    expect(await effectsOf(text)).toEqual({ tables, risk, loses: risk === 'high' })
  })

  it('knows nothing of what does not parse', async () => {
    expect(await effectsOf('create tabel t')).toBeUndefined()
  })
})
