import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFolder } from '../../../util/folder.ts'
import { sources } from '../../index.ts'
import type { Source } from '../../source.ts'
import { mergeEnvironments } from '../environments.ts'
import { checkEnvironmentsFile } from './index.ts'
import { readEnvironmentsFiles } from './read-file.ts'

const source = sources.get('golang-migrate') as Source

/** Two base files, one of development and one of production, and this environments.json. */
function folderWith(json: string | Buffer) {
  const root = mkdtempSync(join(tmpdir(), 'skein-environments-'))
  const files = ['000001_users', '000002_carts', 'development/000003_test_data', 'production/000004_tuning']
  for (const file of files)
    for (const direction of ['up', 'down']) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, `${file}.${direction}.sql`), 'select 1;\n')
    }
  writeFileSync(join(root, 'environments.json'), json)
  return openFolder(root, root)
}

function said(json: string | Buffer, environment?: string): string[] {
  const folder = folderWith(json)
  const reading = mergeEnvironments(source, [folder], source.read([folder]), { environment })
  const { findings } = checkEnvironmentsFile(source, [folder], reading, { environment, named: ['qa'] })
  return findings
    .filter((one) => one.rule.startsWith('ENVIRONMENTS-'))
    .map(({ rule, severity, place, message }) => `${rule} ${severity} ${place?.line}:${place?.column} ${message}`)
}

describe('environments.json', () => {
  it.each([
    [
      'broken',
      '{ "production": {\n  "migrations" "x" } }',
      'ENVIRONMENTS-SYNTAX error 2:16 environments.json is not JSON: a colon is expected before "x"',
    ],
    ['empty', '', 'ENVIRONMENTS-SYNTAX error 1:1 environments.json is empty'],
    ['a list', '[]', 'ENVIRONMENTS-SYNTAX error 1:1 environments.json holds a list, and an object is expected'],
    ['no text', Buffer.from([0x7b, 0xff, 0x7d]), 'ENVIRONMENTS-SYNTAX error 1:2 environments.json is not UTF-8'],
    ['twice', '{ "production": {}, "production": {} }', 'ENVIRONMENTS-DUPLICATE error 1:21 production stands there twice'],
    [
      'environments is a list',
      '{ "environments": [] }',
      'ENVIRONMENTS-TYPE error 1:19 environments of environments.json is a list, and an object is expected',
    ],
    [
      'an environment is a text',
      '{ "production": "yes" }',
      'ENVIRONMENTS-TYPE error 1:17 environment production is "yes", and an object is expected',
    ],
    [
      'a flag is a text',
      '{ "production": {\n "allow_destructive_operations": "no" } }',
      'ENVIRONMENTS-TYPE error 2:34 allow_destructive_operations of production is "no", and true or false is expected',
    ],
    [
      'approval is a number',
      '{ "production": { "require_approval": 1 } }',
      'ENVIRONMENTS-TYPE error 1:39 require_approval of production is 1, and true or false is expected',
    ],
    [
      'a risk that is none',
      '{ "production": { "require_approval": ["hihg"] } }',
      'ENVIRONMENTS-VALUE error 1:40 require_approval of production: there is no risk hihg',
    ],
    [
      'a mistyped key',
      '{ "production": { "require_aproval": true } }',
      'ENVIRONMENTS-KEY error 1:19 nobody knows the key require_aproval of environment production (did you mean require_approval?)',
    ],
    [
      'an own key',
      '{ "production": { "owner": "db team" } }',
      'ENVIRONMENTS-KEY warning 1:19 nobody knows the key owner of environment production',
    ],
    [
      'an unknown environment',
      '{ "prodction": {} }',
      'ENVIRONMENTS-UNKNOWN error 1:3 there is no environment prodction (did you mean production?)',
    ],
    [
      'an unknown migration',
      '{ "development": { "migrations": ["000003_test_dta"] } }',
      'ENVIRONMENTS-MIGRATION error 1:35 migrations of development: there is no 000003_test_dta (did you mean 000003_test_data?)',
    ],
    [
      'a glob for nothing',
      '{ "production": { "migrations": ["*_tuning", "9*"] } }',
      'ENVIRONMENTS-MIGRATION error 1:46 migrations of production: there is no 9*',
    ],
    [
      'one of another folder',
      '{ "production": { "migrations": ["*_tuning", "000003_test_data"] } }',
      'ENVIRONMENTS-ELSEWHERE error 1:46 migrations of production: 000003_test_data lies in development/ and runs there only',
    ],
    [
      'another folder',
      '{ "production": { "migrations": "prod" } }',
      'ENVIRONMENTS-ELSEWHERE error 1:33 migrations of production are said to be in prod, and only the folder called production is taken',
    ],
    [
      'a base file left out',
      '{ "production": { "migrations": ["000001_users", "4"] } }',
      'ENVIRONMENTS-UNLISTED warning 1:34 migrations of production leave out 000002_carts, which runs there',
    ],
    [
      'migrations is a number',
      '{ "production": { "migrations": 4 } }',
      'ENVIRONMENTS-TYPE error 1:33 migrations of production is 4, and a list of texts is expected',
    ],
    [
      'seeds',
      '{ "production": { "seeds": ["users.sql"] } }',
      'ENVIRONMENTS-SEEDS note 1:29 seeds of production are listed: skein seed --env production runs these and no others',
    ],
  ])('%s', (_, json, expected) => {
    expect(said(json)).toContain(expected)
  })

  it('is an error for the environment in force where the list leaves out what runs', () => {
    const [found] = said('{ "production": { "migrations": ["000001_users", "000004_tuning"] } }', 'production')
    expect(found).toMatch(/^ENVIRONMENTS-UNLISTED error/)
  })

  it.each([
    [
      'the usual keys',
      '{ "environments": { "production": { "description": "x", "migrations": "production", "require_approval": [], "backup_required": false, "allow_reset": true, "allow_test_data": false, "allow_destructive_operations": true } } }',
    ],
    ['a map, with comments', '// ours\n{ "_comment": 1, "development": { "migrations": ["000003_test_data"] } }'],
    [
      'names in every spelling',
      '{ "development": { "migrations": ["1", "000002_carts.up.sql", "development/000003_test_data"] } }'.replace('"00000[12]*", ', ''),
    ],
    ['globs', '{ "production": { "migrations": ["*"] }, "qa": { "migrations": ["00000?_*"] }, "staging": {} }'],
  ])('says nothing of %s', (_, json) => {
    expect(said(json, 'production')).toEqual([])
  })

  it('tells what an environment forbids and demands, with places', () => {
    const json =
      '{ "production": {\n  "allow_destructive_operations": false,\n  "allow_reset": false, "require_approval": ["high"],\n  "backup_required": true } }'
    const { entries } = readEnvironmentsFiles([folderWith(json)])
    expect(entries).toMatchObject([
      {
        name: 'production',
        noDestruction: { key: 'production.allow_destructive_operations of environments.json', place: { line: 2, column: 35 } },
        noReset: { place: { line: 3, column: 18 } },
        approval: { from: 'high', place: { line: 3, column: 45 } },
        backup: { from: 'low', place: { line: 4, column: 22 } },
      },
    ])
  })
})
