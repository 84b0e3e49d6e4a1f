import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CodeFile, Migration } from '../../model/migration.ts'
import { openFolder } from '../../util/folder.ts'
import { findMigration } from '../find-migration.ts'
import { type Tree, treeFolder } from '../folders.contract.ts'
import { findingLine, sourceContract } from '../source.contract.ts'
import realTool from './__fixtures__/real-tool.json' with { type: 'json' }
import { typeorm } from './index.ts'

const fixtures = join(import.meta.dirname, '__fixtures__')
const tree = join(fixtures, 'tree')
const bad = openFolder(join(fixtures, 'bad'), join(fixtures, 'bad'))

sourceContract(typeorm, tree, {
  score: 2,
  sideFiles: readdirSync(tree),
  migrations: [
    'CreateUsersTable1615213456789 | CreateUsersTable | CreateUsersTable1615213456789 | up, down | always',
    'createdAt1644332647279 | createdAt | createdAt1644332647279 | up, down | always',
    'PgNamespace1692767993709 | PgNamespace | PgNamespace1692767993709 | up, down | always',
    'Initial1700000000000 | Initial | Initial1700000000000 | up, down | always',
    'PostRefactoring1700000100000 | PostRefactoring | PostRefactoring1700000100000 | up, down | always',
    'AddIndex1700000200000 | AddIndex | AddIndex1700000200000 | up, down | always',
    'Compiled1700000300000 | Compiled | Compiled1700000300000 | up, down | always',
    'OnlyUp1700000400000 | OnlyUp | OnlyUp1700000400000 | up | always',
    'Tool1700000500000 | Tool | Tool1700000500000 | up, down | always',
    'Windows1700000600000 | Windows | Windows1700000600000 | up, down | always',
  ],
  findings: [
    'note SOURCE-IGNORED 1700000300000-compiled.js.map',
    'note SOURCE-IGNORED README.md',
    'note SOURCE-IGNORED empty.ts',
    'note SOURCE-IGNORED index.ts',
    'note SOURCE-IGNORED old',
    'note SOURCE-IGNORED types.d.ts',
    'note TYPEORM-TIME 20210308143056-create-users-table.ts',
    'warning MISSING-DOWN 1700000400000-esm.mjs',
    'warning TYPEORM-STRANGER helpers.ts',
  ],
})

describe('typeorm', () => {
  beforeAll(async () => typeorm.ready?.())

  const read = (content: Tree) => typeorm.read([treeFolder(content)])
  /** What is made of one file: its migrations, and its findings with their places. */
  const readFile = (text: string, name = 'x.ts') => {
    const { migrations, findings } = read({ [name]: text })
    return { names: migrations.map(({ version }) => version), findings: findings.map(findingLine), migrations, all: findings }
  }
  const code = (file: Migration['up'] | undefined): Partial<CodeFile> => (file?.kind === 'code' ? file : {})
  const methods = 'async up() { f() } async down() { f() }'

  it.each(Object.entries(realTool))('agrees with TypeORM %s on names and order, and on what stops it', (_, said) => {
    const { migrations } = typeorm.read([openFolder(tree, tree)])
    expect(migrations.map(({ version }) => version)).toEqual(said.tree)
    for (const [name, words] of Object.entries(said.bad)) {
      const findings = readFile(bad.text(name), name).all.filter(({ severity }) => severity !== 'note')
      expect(findings, name).toHaveLength(1)
      const quoted = /^(?:Duplicate|CreateUsers|A1615|default)/.test(words)
      if (quoted) expect(findings[0]?.message).toContain(words)
    }
  })

  it('has a finding for each file on which TypeORM stops', () => {
    const { findings } = typeorm.read([bad])
    expect(findings.map(findingLine)).toEqual([
      'warning TYPEORM-STRANGER a-class.ts',
      'warning TYPEORM-STRANGER a-function.ts',
      'error SOURCE-DUPLICATE a-function.ts',
      'warning TYPEORM-STRANGER an-arrow.ts',
      'error SOURCE-DUPLICATE an-arrow.ts',
      'error TYPEORM-NAME no-name.ts',
      'error TYPEORM-NAME no-timestamp.ts',
      'error SOURCE-DUPLICATE one-name.ts',
      'error SOURCE-DUPLICATE one-name.ts',
      'error TYPEORM-SYNTAX syntax.ts',
      'error TYPEORM-NAME twelve-digits.ts',
      'warning TYPEORM-TWICE twice.ts',
      'error SOURCE-DUPLICATE twice.ts',
    ])
  })

  describe('finds the classes that are exported', () => {
    it.each<[string, string, string[]]>([
      ['declared and handed out', `class A1700000000001 { ${methods} }\nexport { A1700000000001 as x }`, ['A1700000000001']],
      ['as an expression', `export const B1700000000001 = class { ${methods} }`, ['B1700000000001']],
      ['as an expression with a name of its own', `export const x = class C1700000000001 { ${methods} }`, ['C1700000000001']],
      ['in an array and an object', `class A1700000000001 { ${methods} }\nexport default [{ x: A1700000000001 }]`, ['A1700000000001']],
      ['by module.exports with names', `class A1700000000001 { ${methods} }\nmodule.exports = { A1700000000001 }`, ['A1700000000001']],
      ['by exports.x', `exports.A = class A1700000000001 { ${methods} }`, ['A1700000000001']],
      [
        'as tsc compiles decorators',
        `let A1700000000001 = class A1700000000001 { ${methods} };\nexports.A1700000000001 = A1700000000001;\nexports.A1700000000001 = A1700000000001 = __decorate([x], A1700000000001);`,
        ['A1700000000001'],
      ],
      [
        'as esbuild compiles',
        `__export(x_exports, { A1700000000001: () => A1700000000001 });\nmodule.exports = __toCommonJS(x_exports);\nclass A1700000000001 { ${methods} }\n0 && (module.exports = { A1700000000001 });`,
        ['A1700000000001'],
      ],
      [
        'as swc compiles',
        `Object.defineProperty(exports, "A1700000000001", { enumerable: true, get: function() { return A1700000000001; } });\nclass A1700000000001 { ${methods} }`,
        ['A1700000000001'],
      ],
      ['in standard decorators', `export @x() class A1700000000001 { ${methods} }`, ['A1700000000001']],
      ['with a base in the same file', `class Base { ${methods} }\nexport class A1700000000001 extends Base {}`, ['A1700000000001']],
      ['behind a byte order mark', `\ufeffexport class A1700000000001 { ${methods} }\r\n`, ['A1700000000001']],
      [
        'beside what is not exported',
        `class A1700000000001 { ${methods} }\nexport class B1700000000002 { ${methods} }`,
        ['B1700000000002'],
      ],
      ['none that is only a type', `class A1700000000001 { ${methods} }\nexport type { A1700000000001 }`, []],
    ])('%s', (_, text, names) => {
      expect(readFile(text).names).toEqual(names)
    })
  })

  describe('takes the name from the instance', () => {
    it.each<[string, string, string]>([
      ['a field', `name = 'Own1700000000002'`, 'Own1700000000002'],
      ['a template without parts', 'readonly name: string = `Own1700000000002`', 'Own1700000000002'],
      ['a constant of the file', 'name = own', 'Constant1700000000003'],
      ['the name of the class', 'name = A1700000000001.name', 'A1700000000001'],
      ['the constructor', `constructor() { this.name = 'Own1700000000002' }`, 'Own1700000000002'],
      ['a parameter', `constructor(readonly name = 'Own1700000000002') {}`, 'Own1700000000002'],
      ['a getter', `get name() { return 'Own1700000000002' }`, 'Own1700000000002'],
      ['a static field of the class', `static name = 'Own1700000000002'`, 'Own1700000000002'],
      ['an empty field', 'name?: string', 'A1700000000001'],
      ['a private field', `#name = 'Own1700000000002'`, 'A1700000000001'],
    ])('%s', (_, member, name) => {
      const { names, findings, migrations } = readFile(
        `const own = 'Constant1700000000003'\nexport class A1700000000001 { ${member}; ${methods} }`,
      )
      expect(names).toEqual([name])
      expect(findings).toEqual([])
      expect(code(migrations[0]?.up).opaque).toBe(false)
    })

    it.each<[string, string]>([
      ['an expression', `export class CreateUsers { name = 'CreateUsers' + 1700000000001; ${methods} }`],
      ['a getter that counts', `export class CreateUsers { get name() { f(); return x } ${methods} }`],
      ['a class of another file', `import { Base } from './base'\nexport class CreateUsers extends Base { ${methods} }`],
    ])('and says so when it is computed: %s', (_, text) => {
      const { names, findings, migrations } = readFile(text)
      expect(names).toEqual(['CreateUsers'])
      expect(findings).toEqual(['note TYPEORM-COMPUTED migrations/x.ts'])
      expect(code(migrations[0]?.up).opaque).toBe(true)
      expect(code(migrations[0]?.down).opaque).toBe(true)
    })

    it('and takes a class that is made by a call at its exported name', () => {
      const { names, findings } = readFile('var Old1700000000001 = (function () { })();\nexports.Old1700000000001 = Old1700000000001;')
      expect(names).toEqual(['Old1700000000001'])
      expect(findings).toEqual(['note TYPEORM-COMPUTED migrations/x.ts'])
    })
  })

  it.each<[string, string, boolean | null]>([
    ['async down() {}', 'empty', true],
    ['async down(q) { /* nothing to do */ }', 'a comment', true],
    ['async down() { return Promise.resolve() }', 'resolved', true],
    ['async down() { await Promise.resolve(); return }', 'awaited', true],
    ['down = async () => undefined', 'a field', true],
    [`async down() { throw new Error('never') }`, 'refusing', false],
    ['down = helper', 'elsewhere', false],
    ['static down() {}', 'static', null],
    ['', 'missing', null],
  ])('knows whether a down does something: %s (%s)', (down, _, hollow) => {
    const file = readFile(`export class A1700000000001 { async up() { f() } ${down} }`).migrations[0]?.down
    expect(file === null ? null : (code(file).hollow ?? false)).toBe(hollow)
  })

  it.each<[string, boolean | undefined, boolean]>([
    ['transaction = false', false, false],
    ['transaction?: boolean = true', true, false],
    ['constructor() { this.transaction = !1 }', false, false],
    ['transaction = undefined', undefined, false],
    ['', undefined, false],
    ['transaction = process.env.TX', undefined, true],
  ])('reads what a class says of its transaction: %s', (member, transaction, opaque) => {
    const [migration] = readFile(`export class A1700000000001 { ${member}; ${methods} }`).migrations
    expect([code(migration?.up).transaction, code(migration?.up).opaque]).toEqual([transaction, opaque])
  })

  it('gives both directions the same file', () => {
    const [migration] = typeorm.read([openFolder(tree, tree)]).migrations
    expect(migration?.up).toMatchObject({ kind: 'code', file: '20210308143056-create-users-table.ts', hollow: false })
    expect(migration?.down).toMatchObject({ kind: 'code', file: '20210308143056-create-users-table.ts', hollow: false })
    expect(code(migration?.up).sha256?.()).toMatch(/^[0-9a-f]{64}$/)
  })

  describe('says what is wrong, and where', () => {
    it.each<[string, string, string, object]>([
      ['a syntax error', 'export class A {\n  up( {\n', 'error TYPEORM-SYNTAX migrations/x.ts', { line: 3, column: 1 }],
      ['a NUL byte', 'const é = 1; \0', 'error TYPEORM-SYNTAX migrations/x.ts', { line: 1, column: 14 }],
      ['a merge conflict', '<<<<<<< HEAD\n', 'error TYPEORM-SYNTAX migrations/x.ts', { line: 1, column: 1 }],
      ['no timestamp', `\n export class CreateUsers { ${methods} }`, 'error TYPEORM-NAME migrations/x.ts', { line: 2, column: 9 }],
      ['too short a timestamp', `export class A161521345678 { ${methods} }`, 'error TYPEORM-NAME migrations/x.ts', { line: 1, column: 8 }],
      ['a timestamp of 0', `export class A0000000000000 { ${methods} }`, 'error TYPEORM-NAME migrations/x.ts', { line: 1, column: 8 }],
      ['no name at all', `export default class { ${methods} }`, 'error TYPEORM-NAME migrations/x.ts', { line: 1, column: 16 }],
      ['a class without up', 'export class Users1700000000001 {}', 'warning TYPEORM-STRANGER migrations/x.ts', { line: 1, column: 8 }],
      ['a function', 'export function f() {}', 'warning TYPEORM-STRANGER migrations/x.ts', { line: 1, column: 8 }],
      ['a method of an object', 'export const f = { g() {} }', 'warning TYPEORM-STRANGER migrations/x.ts', { line: 1, column: 20 }],
    ])('%s', (_, text, line, place) => {
      const { names, findings, all } = readFile(text)
      expect(names).toEqual([])
      expect(findings).toEqual([line])
      expect(all[0]?.place).toEqual({ file: 'migrations/x.ts', ...place })
    })

    it('a text that no parser has the stack for', () => {
      expect(readFile(`export const x = ${'('.repeat(100_000)}`).findings).toEqual(['error TYPEORM-SYNTAX migrations/x.ts'])
    })

    it('in the words of TypeORM', () => {
      expect(readFile(`export class CreateUsers { ${methods} }`).all[0]?.message).toBe(
        'CreateUsers migration name is wrong. Migration class name should have a JavaScript timestamp appended.',
      )
    })

    it('one class under two names', () => {
      const { names, findings, all } = readFile(`export class A1700000000001 { ${methods} }\nexport default A1700000000001`)
      expect(names).toEqual(['A1700000000001'])
      expect(findings).toEqual(['warning TYPEORM-TWICE migrations/x.ts'])
      expect(all[0]?.message).toContain('as A1700000000001 and as default')
    })

    it('one name in two files', () => {
      const text = `export class A1700000000001 { ${methods} }`
      const { migrations, findings } = read({ 'a.js': text, 'a.ts': text })
      expect(migrations).toHaveLength(1)
      expect(findings.map(findingLine)).toEqual(['error SOURCE-DUPLICATE migrations/a.ts'])
      expect(findings[0]?.message).toMatch(/migrations\/a\.js and migrations\/a\.ts .*"Duplicate migrations: A1700000000001"/)
    })

    it('one timestamp of two names', () => {
      const { migrations, findings } = read({
        'a.ts': `export class B1700000000001 { ${methods} }`,
        'b.ts': `export class A1700000000001 { ${methods} }`,
      })
      expect(migrations.map(({ version }) => version)).toEqual(['A1700000000001', 'B1700000000001'])
      expect(findings.map(findingLine)).toEqual(['warning TYPEORM-SAME-TIME migrations/a.ts'])
    })

    it('a file that is called by another time, unless one of its classes has it', () => {
      const [one, two] = [`export class A1700000000001 { ${methods} }`, `export class B1700000000002 { ${methods} }`]
      expect(readFile(one, '1700000000001-a.ts').findings).toEqual([])
      expect(readFile(one, 'anything.ts').findings).toEqual([])
      expect(readFile(`${one}\n${two}`, '1700000000002-b.ts').findings).toEqual([])
      expect(readFile(one, '1700000000009-a.ts').findings).toEqual(['note TYPEORM-TIME migrations/1700000000009-a.ts'])
    })

    it('a dead link, a name that is not UTF-8', () => {
      expect(read({ 'a.ts': null, 'b\ufffd.ts': '' }).findings.map(findingLine)).toEqual([
        'error SOURCE-LINK migrations/a.ts',
        'error SOURCE-NAME migrations/b\ufffd.ts',
      ])
    })
  })

  it('orders by timestamp, whatever the names and files are', () => {
    const { migrations } = read({
      'a.ts': `export class Z1600000000000 { ${methods} }`,
      'b.ts': `export class A1700000000000 { ${methods} }\nexport class B0000000000005 { ${methods} }`,
    })
    expect(migrations.map(({ version }) => version)).toEqual(['B0000000000005', 'Z1600000000000', 'A1700000000000'])
  })

  it('finds a migration by its timestamp and by its file', () => {
    const { migrations } = typeorm.read([openFolder(tree, tree)])
    const find = (text: string) => findMigration(typeorm, migrations, text).version
    expect(find('1615213456789')).toBe('CreateUsersTable1615213456789')
    expect(find('20210308143056-create-users-table.ts')).toBe('CreateUsersTable1615213456789')
    expect(find('20210308143056-create-users-table')).toBe('CreateUsersTable1615213456789')
    expect(find('CreateUsers')).toBe('CreateUsersTable1615213456789')
    expect(() => find('1692767993709-pg_namespace')).toThrow(/fits 2 migrations/)
    expect(() => find('1615213456780')).toThrow(/no migration is called 1615213456780/)
  })

  it('takes for a version what TypeORM would take', () => {
    expect(typeorm.parseVersion('CreateUsers1615213456789')).toBe('CreateUsers1615213456789')
    expect(typeorm.parseVersion('1615213456789')).toBe('1615213456789')
    for (const text of ['CreateUsers', 'CreateUsers161521345678', '0000000000000']) expect(typeorm.parseVersion(text)).toBeUndefined()
  })

  it('is told from the migrations of other tools', () => {
    const score = (name: string, text: string) => typeorm.recognise(treeFolder({ [name]: text })).score
    expect(score('create.ts', 'export class A1 implements MigrationInterface {}')).toBe(2)
    expect(score('create.js', 'class A1 {\n  async up(queryRunner) {} }')).toBe(2)
    expect(score('1700000000000-x.ts', '')).toBe(1)
    expect(score('1700000000000_x.ts', 'exports.up = (pgm) => {}')).toBe(0)
    expect(score('20240101120000-x.js', 'module.exports = { async up(queryInterface, Sequelize) {} }')).toBe(0)
    expect(score('20240101120000_x.ts', 'export async function up(knex: Knex) {}')).toBe(0)
    expect(typeorm.recognise(treeFolder({ 'base.ts': 'class Base implements MigrationInterface {}' }, 'src/common')).score).toBe(0)
    expect(score('1700000000000-x.d.ts', 'class A implements MigrationInterface {}')).toBe(0)
  })
})
