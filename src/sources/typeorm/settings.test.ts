import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFolder } from '../../util/folder.ts'
import type { CodeSettings } from '../source.ts'
import { typeorm } from './index.ts'

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'skein-settings-')))
let count = 0

/** What is read of a workspace with these files, whose migrations lie in `migrations`. */
function settingsOf(
  files: Record<string, string>,
  runtime?: Record<string, string>,
  migrations = 'app/src/migrations',
): CodeSettings & { root: string } {
  const root = join(scratch, String(++count))
  mkdirSync(join(root, migrations), { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  const { settings } = typeorm.read([openFolder(join(root, migrations), root)], { root, runtime })
  if (settings === undefined) throw new Error('there are no settings')
  return { ...settings, root }
}

const dataSource = (text: string) => settingsOf({ 'app/package.json': '{}', 'app/src/data-source.ts': text })
const keys = ['migrationsTableName', 'schema', 'migrationsTransactionMode']
const unreadKeys = (...some: string[]) => some.map((key) => `${key} in app/src/data-source.ts`)

beforeAll(async () => typeorm.ready?.())
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the DataSource of a service', () => {
  it.each<[string, string, Partial<CodeSettings>]>([
    ['says nothing', `export const AppDataSource = new DataSource({ type: 'postgres' })`, {}],
    [
      'says everything',
      `export default new DataSource({ migrationsTableName: 'done', schema: "app", migrationsTransactionMode: \`each\` })`,
      { table: 'done', schema: 'app', transaction: 'each' },
    ],
    [
      'is compiled',
      `exports.AppDataSource = new typeorm_1.DataSource({ type: "postgres", migrationsTableName: "done" });`,
      { table: 'done' },
    ],
    [
      'has its options in a constant',
      `export const options: DataSourceOptions = { migrationsTableName: 'done' }\nexport default new DataSource(options)`,
      { table: 'done' },
    ],
    [
      'is typed',
      `new DataSource({ migrationsTransactionMode: 'none' as const } satisfies DataSourceOptions as any)`,
      { transaction: 'none' },
    ],
    ['names constants', `const TABLE = 'done'\nnew DataSource({ migrationsTableName: TABLE, schema: undefined })`, { table: 'done' }],
    [
      'spreads a constant',
      `const base = { schema: 'app', migrationsTableName: 'a' }\nnew DataSource({ ...base, migrationsTableName: 'b' })`,
      { schema: 'app', table: 'b' },
    ],
    [
      'spreads what sets other things',
      `new DataSource({ schema: 'app', ...(isTest && { ssl: true }), ...(x ? { a } : {}) })`,
      { schema: 'app' },
    ],
    [
      'overrides what it spreads',
      `import { base } from './base'\nnew DataSource({ ...base, migrationsTableName: 'b', schema: 'app', migrationsTransactionMode: 'all' })`,
      { schema: 'app', table: 'b', transaction: 'all' },
    ],
    ['is made in a function', `export function make() { return new DataSource({ schema: 'app' }) }`, { schema: 'app' }],
    ['names the schema in the table', `new DataSource({ migrationsTableName: 'app.done' })`, { schema: 'app', table: 'done' }],
    [
      'names the schema twice, of which TypeORM takes the first two parts',
      `new DataSource({ schema: 'app', migrationsTableName: 'other.done' })`,
      { schema: 'app', table: 'other' },
    ],
    ['has empty texts', `new DataSource({ schema: '', migrationsTableName: '' })`, {}],
  ])('%s', (_, text, expected) => {
    const { root, ...settings } = dataSource(text)
    expect(settings).toEqual({ ...expected, unread: [], files: [join(root, 'app/src/data-source.ts')] })
  })

  it.each<[string, string, string[]]>([
    ['a call', `new DataSource({ migrationsTableName: process.env.TABLE ?? 'x', schema: 'app' })`, unreadKeys('migrationsTableName')],
    [
      'a transaction mode that there is not',
      `new DataSource({ migrationsTransactionMode: true })`,
      unreadKeys('migrationsTransactionMode'),
    ],
    ['a condition', `new DataSource({ ...(isTest && { schema: 'test' }) })`, unreadKeys('schema')],
    ['a getter', `new DataSource({ get schema() { return x } })`, unreadKeys('schema')],
    ['a spread of another file', `import { base } from './base'\nnew DataSource({ schema: 'app', ...base })`, unreadKeys(...keys)],
    ['a computed key', `new DataSource({ [key]: 'x' })`, unreadKeys(...keys)],
    ['imported options', `import { options } from './options'\nnew DataSource(options)`, unreadKeys(...keys)],
    ['options in a circle', `const a = { ...a }\nnew DataSource(a)`, unreadKeys(...keys)],
    ['two of them', `export const a = new DataSource({}), b = new DataSource({})`, unreadKeys(...keys)],
    ['none', `export { AppDataSource as default } from './app'`, unreadKeys(...keys)],
    ['nothing given', `new DataSource()`, unreadKeys(...keys)],
    ['a syntax error', `new DataSource({`, unreadKeys(...keys)],
    ['an empty file', '', unreadKeys(...keys)],
  ])('cannot be read: %s', (_, text, unread) => {
    expect(dataSource(text).unread).toEqual(unread)
  })

  it('lies in the usual places of the package', () => {
    const text = `new DataSource({ schema: 'here' })`
    for (const file of [
      'app/src/data-source.mts',
      'app/src/database/data-source.ts',
      'app/data-source.js',
      'app/src/ormconfig.ts',
      'app/ormconfig.ts',
      'app/src/typeorm.ts',
    ])
      expect(settingsOf({ 'app/package.json': '{}', [file]: text }).schema, file).toBe('here')
    expect(settingsOf({ 'app/package.json': '{}', 'src/data-source.ts': text })).toMatchObject({ unread: [], files: [] })
    expect(settingsOf({ 'src/data-source.ts': text }).schema).toBe('here')
  })

  it('lies where runtime: says', () => {
    const files = { 'app/package.json': '{}', 'app/src/data-source.ts': '', 'app/db/ds.ts': `new DataSource({ schema: 'named' })` }
    expect(settingsOf(files, { datasource: 'db/ds.ts' }).schema).toBe('named')
    expect(settingsOf(files, { datasource: './db/ds.ts' }).schema).toBe('named')
    expect(settingsOf(files, { datasource: 'ds.ts', cwd: 'app/db' }).schema).toBe('named')
    expect(settingsOf(files, { datasource: 'nowhere.ts' })).toMatchObject({ unread: [], files: [] })
  })

  it('is not looked for where nothing is said of the workspace', () => {
    expect(typeorm.read([openFolder(scratch, scratch)]).settings).toBeUndefined()
  })

  it('leaves names that are computed in migrations to the runtime', () => {
    const text = `export class A1700000000001 { name = make(); async up() {} async down() {} }`
    const { unread } = settingsOf({ 'app/package.json': '{}', 'app/src/migrations/1700000000001-a.ts': text })
    expect(unread).toEqual(['name in app/src/migrations/1700000000001-a.ts'])
  })

  it('depends on the files that what is computed is made of', () => {
    const { root, files } = settingsOf({
      'app/package.json': '{}',
      'app/src/data-source.ts': `import { options } from './options.js'\nimport 'pg'\nimport './gone'\nnew DataSource(options)`,
      'app/src/options.ts': `const { table } = require('./table')\nexport { x } from './data-source'\nexport const options = {}`,
      'app/src/table/index.ts': `import json = require('../names.json')\nawait import('./broken')`,
      'app/src/table/broken.ts': '(',
      'app/src/names.json': '{}',
      'app/src/other.ts': '',
      'app/src/migrations/1700000000001-a.ts': `import { Base } from './base'\nexport class A1700000000001 extends Base { async up() {} }`,
      'app/src/migrations/base.ts': '',
    })
    const names = [
      'migrations/1700000000001-a.ts',
      'migrations/base.ts',
      'data-source.ts',
      'names.json',
      'options.ts',
      'table/broken.ts',
      'table/index.ts',
    ]
    expect([...files].sort()).toEqual(names.map((name) => join(root, 'app/src', name)).sort())
  })
})
