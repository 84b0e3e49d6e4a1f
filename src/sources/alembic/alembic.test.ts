import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFolder } from '../../util/folder.ts'
import { findMigration } from '../find-migration.ts'
import { type Tree, treeFolder } from '../folders.contract.ts'
import { findingLine, migrationLine, sourceContract } from '../source.contract.ts'
import { alembic } from './index.ts'

const fixtures = join(import.meta.dirname, '__fixtures__')
const files = ['aa01_create_accounts', 'aa02_add_an_e_mail_address_to_each_account_', 'aa03_drop_fax', 'bb01_create_invoices']

sourceContract(alembic, join(fixtures, 'tree', 'alembic', 'versions'), {
  score: 2,
  sideFiles: [...files, 'bb02_invoice_account', 'cc01_join_core_and_billing'].map((name) => `${name}.py`),
  migrations: [
    'aa01 | create_accounts | aa01 | up, down | always',
    'aa02 | add_an_e_mail_address_to_each_account | aa02 | up, down | always',
    'bb01 | create_invoices | bb01 | up, down | always',
    'bb02 | invoice_account | bb02 | up, down | always',
    'aa03 | drop_fax | aa03 | up, down | always',
    'cc01 | join_core_and_billing | cc01 | up, down | always',
  ],
  findings: ['note SOURCE-IGNORED __init__.py', 'note SOURCE-IGNORED notes.md'],
})

/** A revision file. */
function py(revision: string, down: string, more = '', downgrade = 'raise Never'): string {
  return `"""about ${revision}"""\nrevision = '${revision}'\ndown_revision = ${down}\n${more}\n\ndef upgrade():\n    op.f()\n\n\ndef downgrade():\n    ${downgrade}\n`
}

describe('alembic', () => {
  beforeAll(async () => alembic.ready?.())

  const read = (versions: Tree) => alembic.read([treeFolder({ versions }, 'db')])
  const ids = (versions: Tree) => read(versions).migrations.map((migration) => migration.version)
  const said = (versions: Tree) => read(versions).findings.map(findingLine)

  it.each(['tree/alembic', 'odd'])('agrees with Alembic itself on %s', (name) => {
    const told: RealTool = JSON.parse(readFileSync(join(fixtures, 'real-tool.json'), 'utf8'))
    const folder = openFolder(join(fixtures, name), fixtures)
    const { migrations } = alembic.read([folder], { root: fixtures })
    const own = migrations.map(({ version, parents, up }) => ({ revision: version, file: up?.path.split('/').at(-1), parents }))
    expect(own).toEqual(told.trees[name])
    expect(migrations.every(({ up }) => up?.kind === 'code' && !up.opaque)).toBe(true)
  })

  it('reads what alembic init writes', () => {
    const { settings, findings } = alembic.read([openFolder(join(fixtures, 'tree', 'alembic'), fixtures)], { root: fixtures })
    expect(settings).toEqual({
      transaction: 'all',
      unread: [],
      files: ['alembic/env.py', 'alembic.ini'].map((file) => join(fixtures, 'tree', file)),
    })
    expect(findings.map(({ severity }) => severity)).toEqual(['note', 'note'])
    expect(alembic.recognise(openFolder(join(fixtures, 'tree', 'alembic'), fixtures))).toEqual({
      score: 2,
      evidence: ['env.py', 'script.py.mako', 'versions'],
    })
  })

  it('tells a down that does nothing from one that refuses and from none', () => {
    const none = py('c', "'b'").replace(/def downgrade[^]*$/, '')
    const { migrations, findings } = read({
      'a.py': py('a', 'None', '', '"""Back."""\n    ...\n    pass'),
      'b.py': py('b', "'a'"),
      'c.py': none,
    })
    expect(migrations.map(({ down }) => (down?.kind === 'code' ? down.hollow : null))).toEqual([true, false, null])
    expect(findings.map(findingLine)).toEqual(['warning MISSING-DOWN db/versions/c.py'])
  })

  it('asks for what is computed', () => {
    const { migrations, settings } = read({
      'a.py': py('a', 'None'),
      'b.py': py('b', 'previous'),
      'c.py': py('c', "f'{x}'"),
      'd.py': `if True:\n    depends_on = 'a'\n${py('d', "'a'")}`,
    })
    expect(settings).toEqual({
      unread: ['b', 'c'].map((name) => `down_revision in db/versions/${name}.py`).concat('depends_on in db/versions/d.py'),
      files: [],
    })
    expect(migrations.filter(({ up }) => up?.kind === 'code' && up.opaque).map(({ version }) => version)).toEqual(['d', 'c', 'b'])
    expect(said({ 'a.py': 'from base import *' })).toEqual(['note SOURCE-OPAQUE db/versions/a.py'])
    const computed = read({ 'x.py': py('a', 'None').replace("'a'", 'make()') })
    expect(computed.migrations.map(({ version, up }) => [version, up?.kind === 'code' && up.opaque])).toEqual([['x', true]])
    expect(computed.settings?.unread).toEqual(['revision in db/versions/x.py'])
    // The name that nobody has may be the computed one.
    expect(said({ 'a.py': py('a', 'None').replace("'a'", 'make()'), 'b.py': py('b', "'unknown'") })).toEqual([
      'note SOURCE-OPAQUE db/versions/a.py',
    ])
  })

  it('refuses names that lead nowhere, beginnings of names, and circles', () => {
    expect(said({ 'a.py': py('a', "'zz'") })).toEqual(['error ALEMBIC-PARENT db/versions/a.py'])
    const partial = read({ 'a.py': py('abc', 'None'), 'b.py': py('b', 'None', "depends_on = 'ab'"), 'c.py': py('c', "('abc', 'b')") })
    expect(partial.findings.map(({ message }) => message)).toEqual([
      'depends_on of b names ab, which is only the beginning of abc: Alembic stops at it',
    ])
    const circle = read({ 'a.py': py('a', "'c'"), 'b.py': py('b', "'a'"), 'c.py': py('c', "'b'") })
    expect(circle.findings.map(({ message }) => message)).toEqual(['these revisions stand on each other in a circle: a → c → b → a'])
    expect(said({ 'a.py': py('a', "'a'") })).toEqual(['error ALEMBIC-CYCLE db/versions/a.py'])
  })

  it('notes several heads, and goes on', () => {
    const { migrations, findings } = read({ 'a.py': py('aaa', 'None'), 'b.py': py('bbb', "'aaa'"), 'c.py': py('ccc', "'aaa'") })
    expect(migrations.map(({ version }) => version)).toEqual(['aaa', 'ccc', 'bbb'])
    expect(findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'note: there are 2 heads: bbb, ccc; all of them are run, and "alembic upgrade head" refuses them',
    ])
    expect(
      ids({ 'a.py': py('aaa', 'None'), 'b.py': py('bbb', "'aaa'"), 'c.py': py('ccc', "'aaa'"), 'd.py': py('ddd', "('bbb', 'ccc')") }),
    ).toEqual(['aaa', 'ccc', 'bbb', 'ddd'])
  })

  it('refuses ids that Alembic or its table cannot take, and files that are none', () => {
    expect(said({ 'a.py': py('a'.repeat(32), 'None'), 'b.py': py('b'.repeat(33), 'None') })).toEqual([
      'error VERSION-TOO-LONG db/versions/b.py',
    ])
    expect(said({ 'a.py': py('a-b', 'None') })).toEqual(['error ALEMBIC-REVISION db/versions/a.py'])
    expect(said({ 'empty.py': '', 'a.py': "revision = 'a'\ndef upgrade(): pass\ndef downgrade(): pass\n" })).toEqual([
      'error ALEMBIC-REVISION db/versions/a.py',
      'error ALEMBIC-REVISION db/versions/empty.py',
    ])
    expect(said({ 'a.py': py('a', 'None').replace('upgrade', 'up') })).toEqual(['error ALEMBIC-NO-UPGRADE db/versions/a.py'])
    expect(said({ 'a.py': py('a', 'None', "branch_labels = 'x'"), 'b.py': py('b', "'a'", "branch_labels = ['x']") })).toEqual([
      'error ALEMBIC-LABEL db/versions/b.py',
    ])
  })

  it('says where a file does not parse, and leaves what only Python knows to Python', () => {
    const broken = read({ 'a.py': '"""x"""\nrevisio = (\n' })
    expect(broken.findings[0]).toMatchObject({ rule: 'ALEMBIC-SYNTAX', severity: 'error', place: { file: 'db/versions/a.py', line: 3 } })
    const later = read({ 'a.py': `${py('a', 'None')}\nx = = 1\n` })
    expect(later.findings[0]).toMatchObject({ severity: 'warning', place: { line: 13, column: 5 } })
    expect(later.settings?.unread).toEqual(['syntax in db/versions/a.py'])
    // A construct that our parser does not know, in a function, changes nothing.
    expect(said({ 'a.py': py('a', 'None', '', 'yield') })).toEqual([])
  })

  it('refuses NUL and other codings than UTF-8', () => {
    const root = mkdtempSync(join(tmpdir(), 'skein-alembic-'))
    try {
      writeFileSync(join(root, 'a.py'), py('a', 'None', 'x = "\0"'))
      writeFileSync(join(root, 'b.py'), Buffer.from(`# -*- coding: latin-1 -*-\n${py('b', 'None', '# é')}`, 'latin1'))
      const { findings } = alembic.read([openFolder(root, root)])
      expect(findings.map(({ message }) => message)).toEqual([
        expect.stringContaining('a.py has a NUL in it'),
        'b.py is not UTF-8, but latin-1, which is not read here',
      ])
    } finally {
      rmSync(root, { recursive: true })
    }
  })

  it('takes exact ids, and finds a migration by the beginning of one', () => {
    const { migrations } = read({ 'a.py': py('ae1027a6acf', 'None'), 'b.py': py('1975ea83b712', "'ae1027a6acf'") })
    expect(alembic.parseVersion('ae1027a6acf')).toBe('ae1027a6acf')
    for (const none of ['core@head', 'ae10+1', '-1', 'a:b', 'a'.repeat(33)]) expect(alembic.parseVersion(none)).toBeUndefined()
    expect(findMigration(alembic, migrations, 'ae10').version).toBe('ae1027a6acf')
    expect(findMigration(alembic, migrations, '1975e').version).toBe('1975ea83b712')
    expect(findMigration(alembic, migrations, 'head').version).toBe('1975ea83b712')
    const branched = read({ 'a.py': py('a', 'None'), 'b.py': py('b', 'None') }).migrations
    expect(() => findMigration(alembic, branched, 'head')).toThrow('head fits 2 migrations: b, a')
  })

  describe('configuration', () => {
    const root = mkdtempSync(join(tmpdir(), 'skein-alembic-'))
    afterAll(() => rmSync(root, { recursive: true }))

    function put(name: string, content: string): void {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), content)
    }
    const at = (folder: string, runtime?: Record<string, string>) => alembic.read([openFolder(join(root, folder), root)], { root, runtime })
    const versionsOf = (folder: string, runtime?: Record<string, string>) => at(folder, runtime).migrations.map(({ version }) => version)
    const env = (call: string) =>
      `from alembic import context\nTABLE = "constant"\n\ndef run():\n    with e.connect() as c:\n        ${call}\n`

    it('follows version_locations in each way of writing them', () => {
      put(
        'many/alembic.ini',
        '[DEFAULT]\nbase = %(here)s/x\n[alembic]\nscript_location = scripts\nversion_locations = one:%(base)s/two\npath_separator = :\n[other]\nscript_location = %(here)s/scripts\nversion_locations =\n  x/two\n  gone\npath_separator: newline\n',
      )
      put('many/scripts/env.py', env('context.configure(connection=c)'))
      put('many/one/a.py', py('a', 'None'))
      put('many/x/two/b.py', py('b', "'a'"))
      put('many/scripts/versions/c.py', py('c', 'None'))
      expect(versionsOf('many/scripts')).toEqual(['a', 'b'])
      expect(at('many/scripts', { section: 'other', config: 'many/alembic.ini' }).findings.map(findingLine)).toEqual([
        'note SOURCE-IGNORED many/gone',
        'error ALEMBIC-PARENT many/x/two/b.py',
      ])
      put('legacy/alembic.ini', '[alembic]\nscript_location = .\nversion_locations = one, two three\n')
      put('legacy/env.py', env('context.configure(connection=c)'))
      for (const [name, revision] of Object.entries({ one: 'a', two: 'b', three: 'c' })) put(`legacy/${name}/x.py`, py(revision, 'None'))
      expect(versionsOf('legacy').toSorted()).toEqual(['a', 'b', 'c'])
    })

    it('takes relative folders from where Alembic is started', () => {
      put('cwd/conf/alembic.ini', '[alembic]\nscript_location = db\nversion_locations = elsewhere\n')
      put('cwd/db/env.py', env('context.configure(connection=c)'))
      put('cwd/db/versions/a.py', py('a', 'None'))
      put('cwd/elsewhere/b.py', py('b', 'None'))
      expect(versionsOf('cwd/db')).toEqual(['a'])
      expect(versionsOf('cwd/db', { config: 'conf', cwd: 'cwd' })).toEqual(['b'])
    })

    it('reads pyproject.toml, and sub-folders where it says so', () => {
      put('toml/pyproject.toml', '[tool.alembic]\nscript_location = "%(here)s/db"\nrecursive_version_locations = true\nsourceless = true\n')
      put(
        'toml/db/env.py',
        env('context.configure(connection=c, version_table=TABLE, version_table_schema="s", transaction_per_migration=True)'),
      )
      put('toml/db/versions/a.py', py('a', 'None'))
      put('toml/db/versions/2024/b.py', py('b', "'a'"))
      const { migrations, settings, findings } = at('toml/db')
      expect(migrations.map(migrationLine)).toEqual(['a | about_a | a | up, down | always', 'b | about_b | b | up, down | always'])
      expect(settings).toEqual({
        table: 'constant',
        schema: 's',
        transaction: 'each',
        unread: [],
        files: ['toml/db/env.py', 'toml/pyproject.toml'].map((file) => join(root, file)),
      })
      expect(findings.map(findingLine)).toEqual(['note ALEMBIC-SOURCELESS toml/pyproject.toml'])
      expect(at('toml/db/versions').settings?.table).toBe('constant')
    })

    it('names what env.py computes', () => {
      const unread = (call: string) => {
        put('computed/env.py', env(call))
        put('computed/versions/a.py', py('a', 'None'))
        return at('computed').settings?.unread.map((text) => text.replace(' in computed/env.py', ''))
      }
      expect(unread('context.configure(connection=c, version_table=settings.table)')).toEqual(['version_table'])
      expect(unread('context.configure(connection=c, version_table="t", **options)')).toEqual([
        'version_table_schema',
        'transaction_per_migration',
      ])
      expect(unread('run_migrations(c)')).toEqual(['context.configure'])
      expect(unread('context.configure(url=u, version_table=name()); context.configure(connection=c)')).toEqual([])
    })
  })
})

interface RealTool {
  trees: Record<string, { revision: string; file: string; parents: string[] }[]>
}
