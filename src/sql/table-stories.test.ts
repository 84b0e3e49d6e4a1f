import { beforeAll, expect, it } from 'vitest'
import { loadParser } from './parser.ts'
import { whoMade } from './table-parts.ts'
import { tableStories } from './table-stories.ts'

beforeAll(loadParser)

async function told(...texts: string[]) {
  const { stories, unread } = await tableStories(
    texts.map((text, at) => ({ id: String(at + 1), text })),
    'public',
  )
  const by = (one: { madeBy: string; changedBy: string[] }) => [one.madeBy, ...one.changedBy].join(',')
  const lines = stories.map(
    (one) => `${one.schema}.${one.name} ${by(one)}: ${[...one.columns].map(([name, column]) => `${name} ${by(column)}`).join(' ')}`,
  )
  return [...lines.map((line) => line.trimEnd()), ...unread.map((id) => `unread ${id}`)]
}

it('tells who made a table and its columns, and who changed them', async () => {
  const texts = [
    'create table users (id int, name text)',
    'alter table public.users add mail text, alter column name set not null',
    'comment on column users.mail is $$m$$; create index on users (mail)',
    'insert into users values (1)',
  ]
  expect(await told(...texts)).toEqual(['public.users 1,2,3: id 1 name 1,2 mail 2,3'])
})

it('follows names, schemas and what is dropped', async () => {
  const texts = [
    'create schema shop create table items (id int, old text); create table gone (); create temp table t (); create view v as select 1',
    'alter table shop.items rename old to new; alter table shop.items rename to goods; drop table gone',
    'alter table shop.goods set schema store; alter table store.goods drop column id; create or replace view v as select 2',
    'set search_path to other; create table here (a int); create table if not exists here (a int)',
    'create table "Ünder" as select 1; select 1 into sold',
    'drop schema other cascade; drop view v',
  ]
  expect(await told(...texts)).toEqual(['store.goods 1,2,3: new 1,2', 'public.Ünder 5:', 'public.sold 5:'])
})

it('names the texts that do not parse', async () => {
  expect(await told('create tabel x ()', '', 'create table x (a int)')).toEqual(['public.x 3: a 3', 'unread 1'])
})

it('tells who made constraints, indexes and triggers, named or not, and follows their names', async () => {
  const { stories } = await tableStories(
    [
      'create table t (id int primary key, a int unique, b int check (b > 0), c int, constraint own unique (a, b)); create index on t (c)',
      'alter table t add unique (b, c), add foreign key (c) references t, add column d int unique; create index by_d on t (d, lower(a::text))',
      'create index on t (a, lower(b::text)); create trigger tr before insert on t execute function f(); alter table t add constraint more check (a > b)',
      'alter index by_d rename to d_by; alter table t rename constraint own to mine; alter trigger tr on t rename to tt; alter table t rename c to cc',
      'drop index d_by; create index d_by on t (d); create index if not exists d_by on t (d); alter table t drop constraint more, add constraint more check (a > 1)',
      'create index if not exists d_by on t (d)',
    ].map((text, at) => ({ id: String(at + 1), text })),
    'public',
  )
  const made = (kind: 'constraint' | 'index' | 'trigger', name: string, type?: 'p' | 'u' | 'f' | 'c', columns: string[] = []) =>
    whoMade(stories[0]?.parts ?? [], { kind, name, type, columns })
  expect(made('constraint', 't_pkey', 'p', ['id'])).toBe('1')
  expect(made('constraint', 't_a_key', 'u', ['a'])).toBe('1')
  expect(made('constraint', 'mine', 'u', ['a', 'b'])).toBe('1')
  expect(made('constraint', 't_b_cc_key', 'u', ['b', 'cc'])).toBe('2')
  expect(made('constraint', 't_d_key', 'u', ['d'])).toBe('2')
  expect(made('constraint', 't_c_fkey', 'f', ['cc'])).toBe('2')
  expect(made('constraint', 't_b_check', 'c', ['b'])).toBe('1')
  expect(made('constraint', 'more', 'c', ['a'])).toBe('5')
  expect(made('index', 't_c_idx')).toBe('1')
  expect(made('index', 't_a_expr_idx')).toBe('3')
  expect(made('index', 'd_by')).toBe('5')
  expect(made('trigger', 'tt')).toBe('3')
  expect(made('trigger', 'nobody')).toBe(null)
})
