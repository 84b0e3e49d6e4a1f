import { expect, it } from 'vitest'
import { parseTableName } from './table-name.ts'

it.each([
  ['migrations', { table: 'migrations' }],
  ['App.Migrations', { schema: 'App', table: 'Migrations' }],
  ['"a.b"."c""d"', { schema: 'a.b', table: 'c"d' }],
  ['app."My Table"', { schema: 'app', table: 'My Table' }],
  ['_jackson_migrations', { table: '_jackson_migrations' }],
])('%s', (text, expected) => {
  expect(parseTableName(text)).toEqual(expected)
})

it.each(['', 'a.', '.a', 'a.b.c', 'my table', '"open', 'a"b"', '""', `${'é'.repeat(32)}`, 'a\0b'])('refuses %j', (text) => {
  expect(parseTableName(text)).toBeTypeOf('string')
})
