import { beforeAll, describe, expect, it } from 'vitest'
import { analyse, loadParser } from './front.ts'
import { segments } from './segments.ts'

beforeAll(loadParser)

const cut = (text: string, version?: number) =>
  segments(analyse(text), text, version).map(({ kind, from, to, sql }) => [kind, from, to, sql])

describe('segments', () => {
  it('lets what cannot be in a transaction stand alone', () => {
    const text =
      "-- é😀\ncreate table t (a int); -- ;\ninsert into t values (1);\ncreate index concurrently i on t (a);\nvacuum;\nselect '😀'"
    expect(cut(text)).toEqual([
      ['transaction', 1, 2, 'create table t (a int); -- ;\ninsert into t values (1)'],
      ['autocommit', 3, 3, 'create index concurrently i on t (a)'],
      ['autocommit', 4, 4, 'vacuum'],
      ['transaction', 5, 5, "select '😀'"],
    ])
  })

  it('makes one of a file without such, and none of a hollow one', () => {
    expect(cut('select 1; select 2;')).toEqual([['transaction', 1, 2, 'select 1; select 2']])
    expect(cut('-- nothing')).toEqual([])
  })

  it('asks the version', () => {
    const text = 'select 1; alter table t detach partition p concurrently'
    expect(cut(text, 130_012)).toHaveLength(1)
    expect(cut(text, 140_000)).toHaveLength(2)
  })

  it('refuses a file that brings its own transactions, and says what to change', () => {
    const text = 'begin;\ncreate table t (a int);\ncommit;\ncreate index concurrently i on t (a);'
    const attempt = () => segments(analyse(text), text, 18, 'db/1_a.up.sql')
    expect(attempt).toThrow(expect.objectContaining({ code: 'FILE-INVALID' }))
    expect(attempt).toThrow(/BEGIN on line 1 and CREATE INDEX CONCURRENTLY on line 4/)
  })
})
