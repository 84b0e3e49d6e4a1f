import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tool } from '../../../test/tools.ts'
import { type Tree, treeFolder } from '../folders.contract.ts'
import { findingLine, migrationLine, sourceContract } from '../source.contract.ts'
import { goose } from './index.ts'

const tree = join(import.meta.dirname, '__fixtures__', 'tree')

sourceContract(goose, tree, {
  score: 2,
  annotated: true,
  migrations: [
    '1 | create_users | 00001_create_users | up, down | always',
    '2 | touch_function | 00002_touch_function | up, down | always',
    '3 | index_concurrently | 00003_index_concurrently | up, down | each',
    '4 | no_down | 00004_no_down | up | always',
    '5 | unpadded | 5_unpadded | up, down | always',
    '10 | leading_space | 00010_leading_space | up | always',
    '11 | no_up | 00011_no_up | up | always',
    '12 | down_first | 00012_down_first | up | always',
    '13 | unterminated | 00013_unterminated | up | always',
    '14 | missing_semicolon | 00014_missing_semicolon | up | always',
    '15 | envsub | 00015_envsub | up, down | always',
    '16 | dollar_quote | 00016_dollar_quote | up, down | always',
    '17 | empty | 00017_empty | up | always',
    '18 | statements_before | 00018_statements_before | up | always',
    '19 | unknown_annotation | 00019_unknown_annotation | up | always',
    '21 | seed | 00021_seed | up, down | always',
    '20240101120000 | by_date | 20240101120000_by_date | up, down | always',
  ],
  findings: [
    'error GOOSE-ANNOTATION 00010_leading_space.sql',
    'error GOOSE-ANNOTATION 00011_no_up.sql',
    'error GOOSE-ANNOTATION 00012_down_first.sql',
    'error GOOSE-ANNOTATION 00013_unterminated.sql',
    'error GOOSE-ANNOTATION 00014_missing_semicolon.sql',
    'error GOOSE-ENVSUB 00015_envsub.sql',
    'warning GOOSE-STATEMENT 00016_dollar_quote.sql',
    'error GOOSE-ANNOTATION 00017_empty.sql',
    'error GOOSE-ANNOTATION 00018_statements_before.sql',
    'error GOOSE-ANNOTATION 00019_unknown_annotation.sql',
    'error SOURCE-FOLDER 00020_folder.sql',
    'error GOOSE-GO 00021_seed.go',
    'note SOURCE-IGNORED 00021_seed_test.go',
    'error GOOSE-NAME 0_zero.sql',
    'error VERSION-TOO-LARGE 99999999999999999999_big.sql',
    'note SOURCE-IGNORED README.md',
    'note SOURCE-IGNORED V1__flyway.SQL',
    'note SOURCE-IGNORED docs',
    'note SOURCE-IGNORED register.go',
    'error GOOSE-NAME users.sql',
    'error GOOSE-NAME x_users.sql',
    'warning MISSING-DOWN 00004_no_down.sql',
    'warning SOURCE-GAP 00010_leading_space.sql',
    'warning SOURCE-GAP 00021_seed.go',
  ],
})

const read = (content: Tree) => goose.read([treeFolder(content)])
const only = (text: string) => {
  const { migrations, findings } = read({ '1_a.sql': text })
  const [up, down] = [migrations[0]?.up, migrations[0]?.down].map((body) => (body?.kind === 'sql' ? body.text() : null))
  return { up, down, sending: migrations[0]?.sending, said: findings.map((one) => `${one.place?.line} ${one.message}`) }
}

describe('goose', () => {
  it('refuses the files that goose itself refuses, and no others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-goose-'))
    const unsupported = new Set(['00015_envsub.sql', '99999999999999999999_big.sql'])
    try {
      for (const name of readdirSync(tree).filter((one) => one.endsWith('.sql') && !unsupported.has(one) && one !== '00020_folder.sql')) {
        const alone = mkdtempSync(join(folder, 'one-'))
        cpSync(join(tree, name), join(alone, name))
        const { status } = spawnSync(join(tool('goose'), 'goose'), ['-dir', alone, 'validate'])
        const ours = goose.read([treeFolder({ [name]: fileText(name) })]).findings.some((one) => one.severity === 'error')
        expect(ours, name).toBe(status !== 0)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('says the line and what goose says', () => {
    expect(only('-- +goose Up\n\nselect 1\n-- +goose Down\n').said).toEqual([
      '3 goose cannot read it: "failed to parse migration: unexpected unfinished SQL query: missing semicolon?"',
    ])
    expect(only('-- +goose Up\n-- +goose StatementBegin\nselect 1;\n').said[0]).toMatch(/^2 .*missing '-- \+goose StatementEnd'/)
    expect(only('-- +goose Up\n-- +goose Up\n').said[0]).toMatch(/^2 .*duplicate '-- \+goose Up'/)
    expect(only('-- +goose Up\n-- +goose StatementEnd\n').said[0]).toMatch(/^2 .*must be defined after '-- \+goose StatementBegin'/)
    expect(only('-- +goose Up\n-- +goose Up +goose\n').said[0]).toMatch(/^2 .*multiple/)
    expect(only('\ufeff-- +goose Up\n').said[0]).toMatch(/^1 .*unexpected state 0/)
    expect(only('-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementEnd\n').said[0]).toMatch(/^2 .*leaves out the line behind/)
  })

  it('keeps the lines of the parts, ends blocks with a semicolon, and drops carriage returns', () => {
    const text = '-- a\r\n-- +goose Up\r\n-- +goose StatementBegin\r\nselect 1\r\n-- +goose StatementEnd\r\n-- +goose Down\r\nselect 2;\r\n'
    expect(only(text)).toMatchObject({
      up: '\n-- +goose Up\n-- +goose StatementBegin\nselect 1\n;-- +goose StatementEnd\n',
      down: '\n\n\n\n\n-- +goose Down\nselect 2;\n',
      said: [],
    })
    expect(only('-- +goose Up\nselect 1; -- +goose is no annotation here\n').said).toEqual([
      'undefined 1_a has no down: goose takes that as an empty down, so going back changes the version and nothing else',
    ])
  })

  it('takes NO TRANSACTION wherever it stands', () => {
    expect(only('-- +goose Up\nselect 1;\n-- +goose Down\n-- +goose no transaction\n').sending).toBe('each')
  })

  it('has a hash of each part, so that a change of the down is no change of the up', () => {
    const hashes = (down: string) => {
      const migration = read({ '1_a.sql': `-- +goose Up\nselect 1;\n-- +goose Down\n${down}` }).migrations[0]
      return [migration?.up?.sha256(), migration?.down?.sha256()]
    }
    const [before, after] = [hashes('select 2;'), hashes('select 3;')]
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
  })

  it('keeps every byte of the parts, and answers for no others', () => {
    const text = "-- +goose Up\nselect 'héllo – 𝄞';\n"
    expect(only(text).up).toBe(text)
  })

  it('refuses two files of one version, whatever the padding and the language', () => {
    const { findings } = read({ '1_a.sql': '-- +goose Up\n', '01_b.go': 'package x' })
    expect(findings.map(findingLine)).toContain('error SOURCE-DUPLICATE migrations/1_a.sql')
  })

  it('keeps a version that bigint holds', () => {
    const text = '-- +goose Up\nselect 1;\n-- +goose Down\n'
    expect(read({ '9223372036854775807_a.sql': text, '+7_b.sql': text }).migrations.map(migrationLine)).toEqual([
      '7 | b | +7_b | up, down | always',
      '9223372036854775807 | a | 9223372036854775807_a | up, down | always',
    ])
    expect(goose.parseVersion('00007')).toBe('7')
    expect(goose.parseVersion('0')).toBeUndefined()
  })
})

function fileText(name: string): string {
  return readFileSync(join(tree, name), 'utf8')
}
