import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { folderOf, shopFiles, skein, stateOf, writeFiles } from './kit.ts'

const up3 = 'migrations/000003_bad.up.sql'
const down3 = { 'migrations/000003_bad.down.sql': 'select 1;\n' }

/**
 * A file is put behind two good, applied ones. What `validate` says of it: the code, and `file:line:column`; what `up` then does: its exit code and
 * what it says; and that everything is as it was.
 */
describe.concurrent('a bad file behind two good ones', () => {
  it.each<[string, Record<string, string | Buffer>, { validate: number; rule?: string; place?: string; up: number; says?: RegExp }]>([
    ['an empty file', { [up3]: '' }, { validate: 0, up: 0 }],
    ['only comments', { [up3]: '-- later\n/* or never */\n' }, { validate: 0, up: 0 }],
    [
      'a NUL byte',
      { [up3]: Buffer.from('create table t (a int);\ninsert into t values (\0);\n') },
      { validate: 2, rule: 'FILE-INVALID', place: `${up3}:2:23`, up: 2, says: /NUL/ },
    ],
    [
      'a byte order mark, which PostgreSQL takes for a syntax error',
      { [up3]: '\uFEFFcreate table t (a int);\n' },
      { validate: 2, rule: 'FILE-INVALID', place: `${up3}:1:1`, up: 2, says: /byte order mark/ },
    ],
    ['CRLF', { [up3]: 'create table t (\r\n  a int\r\n);\r\n' }, { validate: 0, up: 0 }],
    [
      'Latin-1',
      { [up3]: Buffer.from("create table t (a text);\ninsert into t values ('caf\xe9');\n", 'latin1') },
      { validate: 2, rule: 'FILE-INVALID', place: `${up3}:2:27`, up: 2, says: /UTF-8/ },
    ],
    ['a last line without its end that is a comment', { [up3]: 'create table t (a int); -- done' }, { validate: 0, up: 0 }],
    [
      'an unfinished string',
      { [up3]: "create table t (a text);\ninsert into t values ('oh);\n" },
      { validate: 2, rule: 'FILE-INVALID', place: `${up3}:2:23`, up: 2, says: /begins here and never ends/ },
    ],
    [
      'an unfinished $$',
      { [up3]: 'do $$ begin\n  null;\nend;\n' },
      { validate: 2, rule: 'FILE-INVALID', place: `${up3}:1:4`, up: 2, says: /begins here and never ends/ },
    ],
    [
      'a syntax error',
      { [up3]: 'create table t (a int);\nalter tabel t add b int;\n' },
      { validate: 2, rule: 'FILE-INVALID', place: `${up3}:2:7`, up: 2, says: /syntax error at or near "tabel"/ },
    ],
    [
      'a command of psql',
      { [up3]: "create table t (a int);\n\\copy t from 'x.csv'\n" },
      { validate: 2, rule: 'FILE-INVALID', place: `${up3}:2:1`, up: 2, says: /psql/ },
    ],
    [
      'COPY … FROM stdin',
      { [up3]: 'create table t (a int);\nCOPY t FROM stdin;\n1\n\\.\n' },
      { validate: 2, rule: 'FILE-INVALID', place: `${up3}:2:1`, up: 2, says: /stdin/i },
    ],
    [
      'two files of one version',
      { 'migrations/000002_other.up.sql': 'select 1;\n' },
      { validate: 2, rule: 'SOURCE-DUPLICATE', place: 'migrations/000002_other.up.sql', up: 2 },
    ],
    ['a down without an up', { ...down3 }, { validate: 0, up: 0 }],
    [
      'a version that is too large, which its tool ignores',
      { 'migrations/99999999999999999999_far.up.sql': 'select 1;\n' },
      { validate: 0, rule: 'SOURCE-IGNORED', place: 'migrations/99999999999999999999_far.up.sql', up: 0 },
    ],
    ['a folder instead of a file', { [`${up3}/`]: '' }, { validate: 0, rule: 'SOURCE-IGNORED', place: up3, up: 0 }],
  ])('%s', async (_name, files, expected) => {
    const { url } = await freshDatabase()
    const folder = folderOf(shopFiles())
    const env = { DATABASE_URL: url }
    expect(await skein(folder, ['up'], { env })).toMatchObject({ code: 0 })
    const before = await stateOf(url)
    writeFiles(folder, files)

    const validated = await skein(folder, ['validate', '--verbose'])
    expect(validated).toMatchObject({ code: expected.validate, stderr: '' })
    if (expected.rule !== undefined) expect(validated.stdout).toContain(expected.rule)
    if (expected.place !== undefined) expect(validated.stdout).toContain(expected.place)

    const ran = await skein(folder, ['up'], { env })
    expect(ran).toMatchObject({ code: expected.up })
    if (expected.says !== undefined) expect(ran.stderr).toMatch(expected.says)
    if (expected.up === 0) return
    expect(ran.stderr).toMatch(/next: /)
    if (expected.place !== undefined) expect(ran.stderr).toContain(expected.place)
    expect(await stateOf(url)).toEqual(before)
  })
})
