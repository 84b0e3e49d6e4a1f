import { beforeAll, describe, expect, it } from 'vitest'
import { loadParser } from './front.ts'
import { tokenHash } from './token-hash.ts'

beforeAll(loadParser)

const text = "CREATE TABLE Users (\n  id int, -- key\n  \"Name\" text DEFAULT 'A''b'\n);\n"

describe('tokenHash', () => {
  it.each([
    ['line ends', text.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${text}`],
    ['blanks and comments', `/* new */ ${text.replace('-- key', '-- primary').replace('(\n', '  (')}-- end`],
    ['letter case of words', text.replace('CREATE TABLE Users', 'create table USERS')],
  ])('does not see %s', (_, other) => expect(tokenHash(other)).toBe(tokenHash(text)))

  it.each([
    ['a quoted name', text.replace('"Name"', '"name"')],
    ['a string', text.replace("'A", "'a")],
    ['a word', text.replace('int', 'bigint')],
    ['a body', `${text}do $$ begin end $$`],
    ['a directive', `-- +goose NO TRANSACTION\n${text}`],
  ])('sees %s', (_, other) => expect(tokenHash(other)).not.toBe(tokenHash(text)))

  it('sees letters and comments in bodies', () => {
    expect(tokenHash('do $$ begin a; end $$')).not.toBe(tokenHash('do $$ begin A; end $$'))
    expect(tokenHash('do $$ begin end $$')).not.toBe(tokenHash('do $$ begin /**/ end $$'))
    expect(tokenHash('select $1, A')).toBe(tokenHash('select $1,a'))
  })

  it.each(["select 'unfinished", 'do $$ unfinished', 'select 1 \0 hidden'])('hashes %j as it stands', (unread) => {
    expect(tokenHash(`\ufeff${unread}\r\n`)).toBe(tokenHash(`${unread}\n`))
    expect(tokenHash(`${unread} `)).not.toBe(tokenHash(unread))
  })

  it.each(['', ' ', '-- x'])('is the same for all that is hollow: %j', (hollow) => expect(tokenHash(hollow)).toBe(tokenHash('\n')))
})
