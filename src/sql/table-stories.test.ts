import { beforeAll, expect, it } from 'vitest'
import { loadParser } from './parser.ts'
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
