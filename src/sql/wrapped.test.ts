import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../test/server.ts'
import { analyse, loadParser } from './front.ts'
import { wrappedParts } from './wrapped.ts'

beforeAll(loadParser)

describe('wrappedParts', () => {
  it.each([
    ['BEGIN; select 1; COMMIT;', 'BEGIN; select 1; ', 'COMMIT;'],
    ['-- é😀\nbegin;\nselect 1; -- commit;\nend -- done', '-- é😀\nbegin;\nselect 1; -- commit;\n', 'end -- done'],
  ])('%j', (text, head, tail) => expect(wrappedParts(analyse(text), text)).toEqual([head, tail]))

  it.each([
    'select 1',
    'begin; select 1; rollback',
    'begin; commit; select 1',
    'begin; commit; begin; commit',
    'begin; select 1; commit and chain',
    'begin read only; select 1; commit',
  ])('is not for %j', (text) => expect(() => wrappedParts(analyse(text), text)).toThrow(RangeError))

  it('lets what is put between join the transaction of the file', async () => {
    const text = 'begin;\ncreate table made (a int);\nselect 1; -- last words\nend; -- done'
    const [head, tail] = wrappedParts(analyse(text), text)
    const database = await freshDatabase()
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      await client.query('create table book (id bigint)')
      await client.query(`${head}\n;insert into book select txid_current();insert into made select 1;${tail}`)
      const { rows } = await client.query('select book.id::text = (select xmin::text from made) as same from book')
      expect(rows).toEqual([{ same: true }])
    } finally {
      await client.end()
      await database.drop()
    }
  })
})
