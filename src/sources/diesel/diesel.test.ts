import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFolder } from '../../util/folder.ts'
import { type Tree, treeFolder } from '../folders.contract.ts'
import { findingLine, migrationLine, sourceContract } from '../source.contract.ts'
import { diesel } from './index.ts'

const fixtures = join(import.meta.dirname, '__fixtures__')
const tree = join(fixtures, 'tree')
const pair = { 'up.sql': 'select 1;', 'down.sql': 'select 1;' }

sourceContract(diesel, tree, {
  score: 2,
  sideFiles: ['metadata.toml'],
  migrations: [
    '00000000000000 | diesel_initial_setup | 00000000000000_diesel_initial_setup | up, down | always',
    '20140929103760 | impossible_second | 20140929103760_impossible_second | up, down | always',
    '20240101000000 | create-users | 2024-01-01-000000_create-users | up, down | always',
    '20240102000000 | with space | 20240102000000_with space | up, down | always',
    '20240103000000 | before_its_extension | 2024-01-03-000000_before_its_extension | up, down | always',
    '2024010300000000ff | concurrent | 2024-01-03-000000-00ff_concurrent | up, down | implicit',
    '202401040000000000 | no_key | 2024-01-04-000000-0000_no_key | up, down | implicit',
    '202401050000000000 | broken_toml | 2024-01-05-000000-0000_broken_toml | up, down | always',
    '202401060000000000 | explicit | 2024-01-06-000000-0000_explicit | up, down | always',
    '202401070000000000 | text_value | 2024-01-07-000000-0000_text_value | up, down | always',
    '202401080000000000 | duplicate_key | 2024-01-08-000000-0000_duplicate_key | up, down | always',
    '202401090000000000 | empty_toml | 2024-01-09-000000-0000_empty_toml | up, down | implicit',
    '202401100000000000 | bom_toml | 2024-01-10-000000-0000_bom_toml | up, down | implicit',
    '202401110000000000 | other_keys | 2024-01-11-000000-0000_other_keys | up, down | implicit',
    '202401120000000000 | latin1_toml | 2024-01-12-000000-0000_latin1_toml | up, down | always',
    'nounderscore | nounderscore | nounderscore | up | always',
  ],
  findings: [
    'note SOURCE-IGNORED .diesel_lock',
    'note SOURCE-IGNORED .hidden',
    'warning EMPTY-FILE 20140929103760_impossible_second/down.sql',
    'note SOURCE-IGNORED 2024-01-01-000000_create-users/notes.md',
    'warning METADATA-NO-KEY 2024-01-04-000000-0000_no_key/metadata.toml',
    'warning METADATA-UNREADABLE 2024-01-05-000000-0000_broken_toml/metadata.toml',
    'warning METADATA-UNREADABLE 2024-01-07-000000-0000_text_value/metadata.toml',
    'warning METADATA-UNREADABLE 2024-01-08-000000-0000_duplicate_key/metadata.toml',
    'warning METADATA-NO-KEY 2024-01-09-000000-0000_empty_toml/metadata.toml',
    'warning METADATA-UNREADABLE 2024-01-12-000000-0000_latin1_toml/metadata.toml',
    'note SOURCE-IGNORED README.md',
    'note SOURCE-IGNORED data_oauth_github.sql',
    'warning VERSION-ODD nounderscore',
    'warning MISSING-DOWN nounderscore/up.sql',
  ],
})

describe('diesel', () => {
  const read = (content: Tree) => diesel.read([treeFolder(content)])

  it('agrees with Diesel’s own crate on folders, versions and transactions', () => {
    const rows: { folder: string; version: string; transaction: boolean }[] = JSON.parse(
      readFileSync(join(fixtures, 'real-tool.json'), 'utf8'),
    )
    const { migrations } = diesel.read([openFolder(tree, tree)])
    const own = migrations.map(({ id, version, sending }) => ({ folder: id, version, valid: true, transaction: sending === 'always' }))
    expect(own.sort((a, b) => (a.folder < b.folder ? -1 : 1))).toEqual(rows.sort((a, b) => (a.folder < b.folder ? -1 : 1)))
  })

  it('refuses a folder without up.sql, and passes over an empty one', () => {
    const { migrations, findings } = read({ '2024_a': pair, docs: { 'README.md': '' }, empty: {}, '2025_b': { 'down.sql': 'select 1;' } })
    expect(migrations.map((migration) => migration.id)).toEqual(['2024_a'])
    expect(findings.map(findingLine)).toEqual([
      'error DIESEL-NO-UP migrations/2025_b',
      'error DIESEL-NO-UP migrations/docs',
      'note SOURCE-IGNORED migrations/empty',
    ])
  })

  it('refuses two folders of one version, naming both', () => {
    const { migrations, findings } = read({ '2024-01-01-000000_a': pair, '20240101000000_b': pair })
    expect(migrations.map((migration) => migration.id)).toEqual(['2024-01-01-000000_a'])
    expect(findings.map(findingLine)).toEqual(['error SOURCE-DUPLICATE migrations/20240101000000_b'])
    expect(findings[0]?.message).toMatch(/migrations\/2024-01-01-000000_a and migrations\/20240101000000_b/)
  })

  it('refuses a version that VARCHAR(50) does not hold', () => {
    const [fits, long] = ['1'.repeat(50), '2'.repeat(51)]
    const { migrations, findings } = read({ [`${fits}_a`]: pair, [`${long}_b`]: pair })
    expect(migrations.map((migration) => migration.version)).toEqual([fits])
    expect(findings.map(findingLine)).toEqual([`error VERSION-TOO-LONG migrations/${long}_b`])
  })

  it('warns of files of 0 bytes in both directions', () => {
    const { findings } = read({ '2024_a': { 'up.sql': '', 'down.sql': '' }, '2025_b': { 'up.sql': ' ', 'down.sql': '-- nothing' } })
    expect(findings.map(findingLine)).toEqual([
      'warning EMPTY-FILE migrations/2024_a/up.sql',
      'warning EMPTY-FILE migrations/2024_a/down.sql',
    ])
  })

  it('refuses a folder called up.sql, a dead link, a name that is not UTF-8', () => {
    const { findings } = read({ '2024_a': { 'up.sql': {}, 'down.sql': null }, '2025_b': null, '2026_\ufffd': pair })
    expect(findings.map(findingLine)).toEqual([
      'error SOURCE-FOLDER migrations/2024_a/up.sql',
      'error SOURCE-LINK migrations/2024_a/down.sql',
      'error SOURCE-LINK migrations/2025_b',
      'error SOURCE-NAME migrations/2026_\ufffd',
    ])
  })

  it('takes a metadata.toml that is a folder for none', () => {
    const { migrations, findings } = read({ '2024_a': { ...pair, 'metadata.toml': {} } })
    expect(migrations[0]?.sending).toBe('always')
    expect(findings.map(findingLine)).toEqual(['warning METADATA-UNREADABLE migrations/2024_a/metadata.toml'])
  })

  it('warns when counted versions sort as text', () => {
    const { migrations, findings } = read({ '1_a': pair, '2_b': pair, '3_c': pair, '10_d': pair })
    expect(migrations.map((migration) => migration.version)).toEqual(['1', '10', '2', '3'])
    expect(findings.map(findingLine)).toContain('warning TRAP-ORDER migrations/10_d/up.sql')
  })

  it('follows links inside the workspace and no others', () => {
    const root = mkdtempSync(join(tmpdir(), 'skein-links-'))
    try {
      for (const folder of ['workspace/migrations', 'workspace/shared/2024_a', 'outside/2025_b'])
        mkdirSync(join(root, folder), { recursive: true })
      for (const folder of ['workspace/shared/2024_a', 'outside/2025_b']) writeFileSync(join(root, folder, 'up.sql'), 'select 1;')
      symlinkSync('../shared/2024_a', join(root, 'workspace/migrations/2024_a'))
      symlinkSync('../../outside/2025_b', join(root, 'workspace/migrations/2025_b'))
      const { migrations, findings } = diesel.read([openFolder(join(root, 'workspace/migrations'), join(root, 'workspace'))])
      expect(migrations.map(migrationLine)).toEqual(['2024 | a | 2024_a | up | always'])
      expect(findings.map(findingLine)).toContain('error SOURCE-LINK migrations/2025_b')
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  })

  it('reads versions with dashes and whole folder names', () => {
    expect(diesel.parseVersion('2024-01-02-030405-0000_add_x')).toBe('202401020304050000')
    expect(diesel.parseVersion('2024-01-02-030405')).toBe('20240102030405')
    expect(diesel.parseVersion('1'.repeat(51))).toBeUndefined()
  })

  it('is less sure of a folder that does not start with a digit', () => {
    expect(diesel.recognise(treeFolder({ auth: pair })).score).toBe(1)
    expect(diesel.recognise(treeFolder({ auth: pair, '2024_a': pair })).score).toBe(2)
    expect(diesel.recognise(treeFolder({ '2024_a': { 'migration.sql': '' } })).score).toBe(0)
  })
})
