import { beforeAll, describe, expect, it } from 'vitest'
import { loadParser } from './parser.ts'
import { references } from './references.ts'

beforeAll(loadParser)

/** `relation app.users!` for a foreign key. */
async function told(text: string): Promise<string[] | undefined> {
  const found = await references(text)
  return found?.map(({ kind, schema, table, name, foreignKey }) => {
    const parts = [schema, table, name].filter((part) => part !== undefined)
    return `${kind} ${parts.join('.')}${foreignKey ? '!' : ''}`
  })
}

describe('references', () => {
  it.each([
    ['create table a (b int references app.users (mail))', ['relation a', 'relation app.users!', 'column app.users.mail!']],
    ['create table a (b int, foreign key (b) references users)', ['relation a', 'relation users!']],
    ['alter table a add constraint c foreign key (b) references users not valid', ['relation a', 'relation users!']],
    ['create view v as with w as (select 1) select f(x) from w, t', ['relation v', 'function f', 'relation t']],
    ['create trigger g before update on a for each row execute function app.touch()', ['relation a', 'function app.touch']],
    ['create table a (s state, m app.mail[])', ['relation a', 'type state', 'type app.mail']],
    ['create table a (like b including all) inherits (c)', ['relation a', 'relation b', 'relation c']],
    ['', []],
  ])('%s', async (text, expected) => {
    expect((await told(text))?.sort()).toEqual(expected.toSorted())
  })

  it('says nothing of what does not parse', async () => {
    expect(await references('create tabel')).toBeUndefined()
  })
})
