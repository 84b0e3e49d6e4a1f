import { describe, expect, it } from 'vitest'
import { loadFailure } from './load-failure.fixture.ts'
import { diesel, golangMigrate, makeFiles } from './make-files.fixture.ts'

describe('loadWorkspace: bad files', () => {
  const ok = { ...golangMigrate('migrations'), ...diesel('wallet') }
  const base = 'services:\n  shop: { path: migrations }\n'
  it.each<[string, string | Buffer, string, number | undefined, number | undefined, RegExp]>([
    ['unknown key', `${base}databse: x\n`, 'CONFIG-UNKNOWN-KEY', 3, 1, /unknown key databse \(did you mean database\?\)/],
    [
      'unknown key of a service',
      'services:\n  shop: { path: migrations, teir: a }\n',
      'CONFIG-UNKNOWN-KEY',
      2,
      29,
      /services\.shop\.teir \(did you mean tier/,
    ],
    [
      'unknown key of an environment',
      `${base}environments:\n  production: { aprove: high }\n`,
      'CONFIG-UNKNOWN-KEY',
      4,
      17,
      /did you mean approve/,
    ],
    [
      'unknown key of allow',
      `${base}environments: { p: { allow: { destructiv: true } } }\n`,
      'CONFIG-UNKNOWN-KEY',
      3,
      31,
      /did you mean destructive/,
    ],
    [
      'unknown policy in a service’s environment',
      'services:\n  shop: { path: migrations, environments: { a: { chnged: warn } } }\n',
      'CONFIG-UNKNOWN-KEY',
      2,
      50,
      /did you mean changed/,
    ],
    ['__proto__', `${base}__proto__: { a: 1 }\n`, 'CONFIG-UNKNOWN-KEY', 3, 1, /__proto__/],
    ['wrong type', 'services:\n  shop: { path: 3 }\n', 'CONFIG-INVALID', 2, 17, /services\.shop\.path must be a path or a list of paths/],
    ['wrong type of a list item', 'services:\n  shop: { path: migrations, needs: [{a: b}] }\n', 'CONFIG-INVALID', 2, 37, /must be a text/],
    ['a list for a map', '- a\n', 'CONFIG-INVALID', 1, 1, /the file must be a map/],
    ['services as a list', 'services: [a]\n', 'CONFIG-INVALID', 1, 11, /services must be a map/],
    ['services left empty', 'services:\n', 'CONFIG-INVALID', 1, undefined, /services must be a map/],
    [
      'bad choice',
      'services:\n  shop: { path: migrations, changed: eror }\n',
      'CONFIG-INVALID',
      2,
      38,
      /must be one of error, warn, redo \(did you mean error\?\)/,
    ],
    [
      'unknown tool',
      'services:\n  shop: { path: migrations, tool: golang_migrate }\n',
      'CONFIG-INVALID',
      2,
      35,
      /did you mean golang-migrate/,
    ],
    [
      'name of a built-in as tool',
      'services:\n  shop: { path: migrations, tool: constructor }\n',
      'CONFIG-INVALID',
      2,
      35,
      /must be one of/,
    ],
    ['empty path', 'services:\n  shop: { path: "" }\n', 'CONFIG-INVALID', 2, 17, /is empty/],
    ['empty list of paths', 'services:\n  shop: { path: [] }\n', 'CONFIG-INVALID', 2, 17, /is empty/],
    ['one path twice', 'services:\n  shop: { path: [migrations, ./migrations/] }\n', 'CONFIG-INVALID', 2, 30, /twice/],
    ['duplicate key', `${base}  shop: {}\n`, 'CONFIG-INVALID', 3, 3, /unique/],
    ['two documents', `${base}---\n${base}`, 'CONFIG-INVALID', 3, 1, /multiple documents/],
    ['unfinished quote', 'database: "x\n', 'CONFIG-INVALID', undefined, undefined, /not YAML/],
    ['tabs', 'services:\n\tshop: {}\n', 'CONFIG-INVALID', 2, undefined, /Tabs/],
    ['unknown tag', 'database: !vault x\n', 'CONFIG-INVALID', 1, 11, /Unresolved tag/],
    ['alias without anchor', 'services: *all\n', 'CONFIG-INVALID', undefined, undefined, /Unresolved alias/],
    [
      'alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f'].map((name, i) => `${name}: &${name} [${`*${'abcde'[i]},`.repeat(9)}]\n`).join('')}`,
      'CONFIG-INVALID',
      undefined,
      undefined,
      /alias/,
    ],
    ['NUL', 'services:\n  sh\0op: {}\n', 'CONFIG-INVALID', 2, 5, /NUL/],
    ['Latin-1', Buffer.from('# gr\xfcn\n', 'latin1'), 'CONFIG-INVALID', undefined, undefined, /not UTF-8/],
    [
      'variable in a flow map without quotes',
      'services:\n  shop: { path: migrations, database: ${A} }\n',
      'CONFIG-INVALID',
      2,
      undefined,
      /not YAML/,
    ],
    ['name that starts with a digit', 'services:\n  2shop: { path: migrations }\n', 'CONFIG-INVALID', 2, 3, /"2shop" cannot be the name/],
    ['name with a blank', 'services:\n  "my shop": { path: migrations }\n', 'CONFIG-INVALID', 2, 3, /cannot be the name/],
    [
      'alias that is a name',
      'services:\n  a: { path: migrations, aliases: [b] }\n  b: { path: wallet }\n',
      'CONFIG-INVALID',
      2,
      36,
      /taken by b/,
    ],
    ['unknown tier', 'tiers: [core]\nservices:\n  shop: { path: migrations, tier: coer }\n', 'CONFIG-INVALID', 3, 35, /did you mean core/],
    ['tier without tiers', 'services:\n  shop: { path: migrations, tier: core }\n', 'CONFIG-INVALID', 2, 35, /no tier core/],
    ['a tier twice', `${base}tiers: [a, a]\n`, 'CONFIG-INVALID', 3, 12, /twice/],
    [
      'unknown need',
      'services:\n  shop: { path: migrations, needs: [walet] }\n  wallet: { path: wallet }\n',
      'NEED-UNKNOWN',
      2,
      37,
      /shop needs walet/,
    ],
    [
      'need of an impossible version',
      'services:\n  shop: { path: migrations }\n  wallet: { path: wallet, needs: [shop@abc] }\n',
      'CONFIG-INVALID',
      3,
      35,
      /cannot be a version of golang-migrate/,
    ],
    [
      'path that is not there',
      'services:\n  shop: { path: migratons }\n',
      'SOURCE-UNREADABLE',
      2,
      17,
      /migratons cannot be read: it does not exist/,
    ],
    [
      'path that is a file',
      'services:\n  shop: { path: migrations/000001_create_users.up.sql }\n',
      'SOURCE-UNREADABLE',
      2,
      17,
      /it is a file, not a folder/,
    ],
    [
      'no path and no place',
      'services:\n  auth: {}\n  user: { path: migrations }\n',
      'SOURCE-UNREADABLE',
      2,
      3,
      /auth has no path, and there is none of/,
    ],
    ['table of three parts', 'services:\n  shop: { path: migrations, table: a.b.c }\n', 'CONFIG-INVALID', 2, 36, /has 3 parts/],
    ['table name too long', `services:\n  shop: { path: migrations, table: ${'x'.repeat(64)} }\n`, 'CONFIG-INVALID', 2, 36, /63 bytes/],
    [
      'lock key too large for YAML',
      'services:\n  shop: { path: migrations, lock_keys: [9007199254741993] }\n',
      'CONFIG-INVALID',
      2,
      41,
      /quotes/,
    ],
    [
      'lock key of 65 bit',
      'services:\n  shop: { path: migrations, lock_keys: ["9223372036854775808"] }\n',
      'CONFIG-INVALID',
      2,
      41,
      /outside/,
    ],
    ['lock key that is no number', 'services:\n  shop: { path: migrations, lock_keys: [alembic] }\n', 'CONFIG-INVALID', 2, 41, /integer/],
    [
      'columns of a tool that has its own',
      'services:\n  shop: { path: migrations, columns: { version: v } }\n',
      'CONFIG-INVALID',
      2,
      29,
      /always the same/,
    ],
    [
      'unknown column',
      'services:\n  shop: { path: migrations, tool: stamped, columns: { vrsion: v } }\n',
      'CONFIG-INVALID',
      2,
      55,
      /did you mean version/,
    ],
    [
      'service value without a column for it',
      'services:\n  shop: { path: migrations, service_value: x }\n',
      'CONFIG-INVALID',
      2,
      29,
      /no service column/,
    ],
    [
      'environment folders of Diesel',
      'services:\n  wallet: { path: wallet, environments: [development] }\n',
      'CONFIG-INVALID',
      2,
      27,
      /every sub-folder/,
    ],
    [
      'a runtime for SQL files',
      'services:\n  shop: { path: migrations, tool: diesel, runtime: { python: x } }\n',
      'CONFIG-INVALID',
      2,
      54,
      /SQL files and need no runtime/,
    ],
    [
      'an unknown key of a runtime',
      'services:\n  shop: { path: migrations, tool: alembic, runtime: { pyton: x } }\n',
      'CONFIG-INVALID',
      2,
      55,
      /pyton: alembic knows no such key \(did you mean python\?\)/,
    ],
    [
      'unset variable',
      'services:\n  shop: { path: "${WHERE}/migrations" }\n',
      'VARIABLE-UNSET',
      2,
      17,
      /services\.shop\.path needs the variable WHERE/,
    ],
    ['variable that is not closed', 'services:\n  shop: { path: "${WHERE" }\n', 'CONFIG-INVALID', 2, 17, /not closed/],
    ['database that is none', `database: embeded\n${base}`, 'CONFIG-INVALID', 1, 11, /neither a URL nor/],
    ['empty name of an embedded database', `database: "embedded:"\n${base}`, 'CONFIG-INVALID', 1, 11, /without a database name/],
    ['no services at all', 'services: {}\n', 'CONFIG-INVALID', 1, 1, /names no services/],
    ['include that is not there', `${base}include: [../other/skein.yaml]\n`, 'CONFIG-INVALID', 3, 11, /does not exist/],
    ['include of itself', `${base}include: [skein.yaml]\n`, 'CONFIG-INVALID', 3, 11, /in a circle: skein\.yaml → skein\.yaml/],
  ])('%s', async (_, yaml, code, line, column, message) => {
    const root = makeFiles({ 'skein.yaml': yaml, ...ok })
    const error = await loadFailure({ cwd: root, env: {} })
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
    expect(error.details.place?.file).toBe('skein.yaml')
    if (line !== undefined) expect(error.details.place?.line).toBe(line)
    if (column !== undefined) expect(error.details.place?.column).toBe(column)
  })

  it('reports everything at once', async () => {
    const root = makeFiles({
      'skein.yaml': 'databse: x\nservices:\n  shop: { path: migrations, tool: gose }\n  wallet: { pth: wallet }\n',
      ...ok,
    })
    const error = await loadFailure({ cwd: root, env: {} })
    expect(error.code).toBe('CONFIG-INVALID')
    expect(error.message).toContain('skein.yaml:1:1: unknown key databse')
    expect(error.message).toContain('skein.yaml:3:35: services.shop.tool')
    expect(error.details.data?.problems).toMatchObject([
      { code: 'CONFIG-UNKNOWN-KEY' },
      { code: 'CONFIG-INVALID' },
      { code: 'CONFIG-UNKNOWN-KEY' },
    ])
  })

  it('never repeats a secret', async () => {
    for (const yaml of [
      'database: canary-4711\nservices:\n  shop: { path: migrations }\n',
      'database: "postgres://u:canary-4711@h/d\nservices: {}\n',
      'database: { url: canary-4711 }\n',
      'database: "${X:-canary-4711"\n',
      'database: *canary\ndatabase: canary-4711\n',
      'services:\n  shop: { database: postgres://u:canary-4711@h/d, path: nowhere, tier: 7 }\n',
    ]) {
      const root = makeFiles({ 'skein.yaml': yaml, ...ok })
      const error = await loadFailure({ cwd: root, env: {} })
      expect(JSON.stringify([error.message, error.details])).not.toContain('canary-4711')
    }
  })
})
