import { beforeAll, describe, expect, it } from 'vitest'
import { analyse, analyseSafely, loadParser } from './front.ts'

beforeAll(loadParser)

const problems: [name: string, input: string | Buffer, place: string, message: RegExp][] = [
  ['NUL byte', 'select 1;\nselect \0', '2:8', /NUL byte at offset 17/],
  ['NUL byte behind wide characters', Buffer.from('-- é😀\n\0'), '2:1', /offset 10/],
  ['byte order mark', Buffer.from('\ufeffselect 1'), '1:1', /byte order mark/],
  ['UTF-16', Buffer.from('\ufeffselect 1', 'utf16le'), '1:1', /UTF-16/],
  ['Latin-1', Buffer.from("-- ok\ninsert into t values ('caf\xe9')", 'latin1'), '2:27', /byte E9 at offset 32/],
  ['a character cut off', Buffer.concat([Buffer.from('-- é '), Buffer.from([0xf0, 0x9f])]), '1:6', /byte F0/],
  ['CRLF before the error', 'select 1;\r\nselect from from;\r\n', '2:13', /syntax error at or near "from"/],
  ['end of input', 'create table t (\n  a int', '2:8', /end of input/],
  ['unfinished string', "select 1;\nselect 'it's';\n", '2:13', /a string begins here and never ends/],
  ['unfinished dollar body', 'select 1;\ncreate function f() returns int as $body$\nselect 1;\n', '2:36', /dollar-quoted body begins here/],
  ['unfinished comment', 'select 1;\n  /* a /* b */\nselect 2;', '2:3', /comment begins here/],
  ['unfinished name', 'select "a;\nselect 2;', '1:8', /quoted name begins here/],
  ['\\connect', 'select 1;\n\\connect app\n', '2:1', /\\connect is a command of psql/],
  ['\\restrict', '--\n-- PostgreSQL database dump\n--\n\n\\restrict xyz\n\nselect 1;', '5:1', /\\restrict is a command of psql/],
  ['\\i', '\\i other.sql\n', '1:1', /\\i is a command of psql/],
  ['\\gexec', 'select 1 \\gexec', '1:10', /\\gexec is a command of psql/],
  ['variable', 'grant select on t to :role;', '1:22', /:role is a variable of psql/],
  ['quoted variable', "insert into t values (:'name');", '1:23', /:'name' is a variable of psql/],
  [
    'COPY with rows',
    "create table t (a int, b text);\n\nCOPY public.t (a, b) FROM stdin;\n1\tO'Brien\n2\t\\N\n\\.\n\nselect 1;",
    '3:1',
    /COPY … FROM stdin/,
  ],
  ['COPY with no rows but an end', '-- x\nCOPY t FROM stdin;\n\\.\n', '2:1', /COPY … FROM stdin/],
  ['COPY without rows', 'select 1;\n copy t from stdin', '2:2', /COPY … FROM stdin/],
  ['merge conflict', 'create table t (\n<<<<<<< HEAD\n  a int\n=======\n  b int\n>>>>>>> other\n);', '2:1', /merge conflict/],
  ['merge conflict that parses', 'select 1\n<<<<<<< HEAD\n + 2\n=======\n + 3\n>>>>>>> x;', '2:1', /merge conflict/],
  ['no-break space', 'select 1;\n\u00a0\u00a0select 2;', '2:1', /U\+00A0/],
]

describe('bad input', () => {
  it.each(problems)('%s', async (_, input, place, message) => {
    const facts = analyse(input)
    expect(facts).toMatchObject({ parsed: false, statements: [], touchesSession: true, error: { code: 'FILE-INVALID' } })
    expect(facts.error?.message).toMatch(message)
    expect(facts.error?.hint).toBeTruthy()
    expect(`${facts.error?.place.line}:${facts.error?.place.column}`).toBe(place)
    expect(await analyseSafely(input)).toEqual(facts)
  })

  it.each([
    "select '<<<<<<< a', $$\n<<<<<<< b\n$$",
    '/*\n<<<<<<< c\n*/ select 1',
    "select ':x', '\\connect', 'copy t from stdin'",
    'select a[1:2] from t',
    "select 'a'::text",
  ])('says nothing of %j', (text) => expect(analyse(text).error).toBeUndefined())
})

describe('what is hollow', () => {
  it.each(['', ' \r\n\t', ';;;', '-- a', '-- a\n', '/* a */ ; -- b'])('%j', async (text) => {
    expect(analyse(text)).toEqual({ parsed: true, statements: [], shape: 'hollow', touchesSession: false })
    expect(await analyseSafely(Buffer.from(text))).toEqual(analyse(text))
  })
})

describe('server versions', () => {
  const text = 'alter table t detach partition p concurrently'

  it('marks what some version refuses when none is given', () => expect(analyse(text).statements[0]?.autocommit?.from).toBe(14))
  it('knows major versions', () => expect(analyse(text, { serverVersion: 13 }).statements[0]?.autocommit).toBeUndefined())
  it('knows server_version_num', () => expect(analyse(text, { serverVersion: 180_001 }).statements[0]?.autocommit).toBeDefined())
})

describe('texts that are hard on a parser', () => {
  const chain = (terms: number) => `select ${Array.from({ length: terms }, () => "'a'").join(' || ')}`
  const fine = 'create table t (a int); create index concurrently i on t (a)'

  it('survives an overflow, here and aside, and goes on', async () => {
    expect(analyse(chain(40_000))).toMatchObject({ parsed: true, shape: 'plain' })
    expect(analyse(fine).statements).toHaveLength(2)
    expect(await analyseSafely(chain(30_000))).toMatchObject({ parsed: true, shape: 'plain' })
    await loadParser()
    expect(analyse(fine).statements).toHaveLength(2)
  })

  it('says when even that is not enough', async () => {
    expect(await analyseSafely(chain(600_000))).toMatchObject({ parsed: false, touchesSession: true, error: { code: 'FILE-UNPARSED' } })
    expect((await analyseSafely(`${fine};${' '.repeat(300_000)}`)).statements).toHaveLength(2)
  })

  it('keeps apart who asks at the same time', async () => {
    const long = `${fine};${' '.repeat(300_000)}`
    const asked = [chain(600_000), long, chain(600_000), long].map((text) => analyseSafely(text))
    expect(analyse(chain(600_000)).error?.code).toBe('FILE-UNPARSED')
    expect((await Promise.all(asked)).map((facts) => facts.error?.code ?? facts.shape)).toEqual([
      'FILE-UNPARSED',
      'plain',
      'FILE-UNPARSED',
      'plain',
    ])
  })

  it('does not look into more than 16 MB', async () => {
    const large = Buffer.from(`select 1;${' '.repeat(16 * 1024 * 1024)}`)
    expect(analyse(large).error?.code).toBe('FILE-TOO-LARGE-TO-PARSE')
    expect((await analyseSafely(large)).error?.code).toBe('FILE-TOO-LARGE-TO-PARSE')
  })

  it('reads some megabytes piece by piece, with the same answer', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `insert into t values (${i}, 'é; some text of a moderate length ${i}');\n`)
    const text = [...rows, "select set_config('a.b', '', false);\n", 'create index concurrently i on t (a)'].join('')
    const facts = await analyseSafely(text)
    expect(facts).toEqual(analyse(text))
    expect(facts).toMatchObject({ shape: 'plain', touchesSession: true })
    expect(facts.statements.at(-1)).toMatchObject({ index: 40_002, line: 40_002, column: 1, kind: 'CREATE INDEX CONCURRENTLY' })
  })

  it('points to an error in some megabytes', async () => {
    const text = `${'insert into t values (1);\n'.repeat(100_000)}select from from;`
    expect((await analyseSafely(text)).error).toMatchObject({ code: 'FILE-INVALID', place: { line: 100_001, column: 13 } })
  })
})
