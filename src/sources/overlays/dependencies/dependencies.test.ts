import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Folder, openFolder } from '../../../util/folder.ts'
import { type Tree, treeFolder } from '../../folders.contract.ts'
import { golangMigrate } from '../../golang-migrate/index.ts'
import { mergeEnvironments } from '../environments.ts'
import { readDependencies } from './index.ts'

const example = join(import.meta.dirname, '../../../../examples/user-service/migrations')

function read(folder: Folder, environment?: string) {
  const reading = mergeEnvironments(golangMigrate, [folder], golangMigrate.read([folder]), { environment })
  return readDependencies(golangMigrate, [folder], reading, { service: 'users', environment })
}

/** Three base migrations, one of development, one of staging, and a dependencies.json. */
function ofText(text: string, more: Tree = {}, environment?: string) {
  const files: Tree = {
    '000001_initial.up.sql': '',
    '000001_initial.down.sql': '',
    '000002_profiles.up.sql': '',
    '000002_profiles.down.sql': '',
    '000004_roles.up.sql': '',
    '000004_roles.down.sql': '',
    development: { '000003_dev.up.sql': '', '000003_dev.down.sql': '' },
    staging: { '000003_stage.up.sql': '', '000003_stage.down.sql': '' },
    'dependencies.json': text,
    ...more,
  }
  return read(treeFolder(files), environment)
}

/** `error DEPENDENCIES-TYPE 1:2 message` for everything that a dependencies.json is to blame for. */
function said(result: ReturnType<typeof read>): string[] {
  return result.findings
    .filter(({ rule }) => rule.startsWith('DEPENDENCIES-') || rule === 'SOURCE-LINK')
    .map(({ rule, severity, place, message }) =>
      `${severity} ${rule} ${place?.line ?? '-'}:${place?.column ?? '-'} ${message}`.replaceAll('migrations/', ''),
    )
}

const all = { '000001_initial': {}, '000002_profiles': {}, '000003_dev': {}, '000003_stage': {}, '000004_roles': {} }
const withEntry = (entry: unknown, key = '000002_profiles') => JSON.stringify({ migrations: { ...all, [key]: entry } })

describe('dependencies.json', () => {
  it('of the example: everything that it says is on its migration', () => {
    const result = read(openFolder(example, example), 'production')
    expect(said(result)).toEqual([])
    expect(result.files).toMatchObject([{ file: 'dependencies.json', broken: false }])
    expect(result.missing).toEqual([])
    expect(result.findings.filter(({ rule, place }) => rule === 'SOURCE-IGNORED' && place?.file === 'dependencies.json')).toEqual([])
    expect(result.migrations.find(({ version }) => version === '7')?.meta).toMatchObject({
      description: 'Index profiles by country, concurrently',
      dependsOn: ['000002_add_user_profiles'],
      affectsTables: ['user_service.user_profiles'],
      estimatedMs: 300_000,
      risk: 'low',
      rollbackSafe: true,
    })
    expect(result.dependsOn.get('8')).toEqual(['000002_add_user_profiles', '000004_add_user_preferences', '000005_add_user_roles'])
  })

  it('keys may be ids or versions in any spelling; comments and a BOM are no harm; global_config is kept', () => {
    const text =
      '\ufeff// ours\n{"migrations": {"1": {"rollback_safe": false}, "000002": {}, "000003_dev": {}, "000003_stage": {}, "4": {"depends_on": ["2"]}}, "global_config": {"a": [1]}}'
    const result = ofText(text)
    expect(said(result)).toEqual([])
    expect(result.migrations[0]?.meta?.rollbackSafe).toBe(false)
    expect(result.dependsOn.get('4')).toEqual(['000002_profiles'])
    expect(result.files[0]?.globalConfig).toEqual({ a: [1] })
  })

  it('one beside an environment’s files speaks of these', () => {
    const base = JSON.stringify({ migrations: { '1': {}, '2': {}, '000003_stage': {}, '4': {} } })
    const own = (text: string): Tree => ({ development: { '000003_dev.up.sql': '', 'dependencies.json': text } })
    expect(said(ofText(base, own('{"migrations": {"3": {"risk_level": "high"}}}'), 'development'))).toEqual([])
    expect(ofText(base, own('{"migrations": {"3": {"risk_level": "high"}}}'), 'development').migrations[2]?.meta?.risk).toBe('high')
    expect(said(ofText(base, own('{"migrations": {}}')))).toEqual([
      'warning DEPENDENCIES-MISSING -:- 000003_dev has no entry in development/dependencies.json',
    ])
    expect(said(ofText(base, own('{"migrations": {"3": {}, "4": {}}}')))).toEqual([
      'error DEPENDENCIES-ENVIRONMENT 1:26 4 lies in the base files, and this file speaks of the folder development',
    ])
  })

  it('needs of other services come in every form', () => {
    const forms = [
      'auth',
      'auth@000003',
      'go/auth:2',
      { service: 'bill', version: '7' },
      { service: 'bill', migration: '1_x' },
      { service: 'core' },
    ]
    const needs = ofText(withEntry({ cross_service_dependencies: forms })).crossNeeds
    expect(needs.map(({ service, needed }) => [service, needed])).toEqual([
      ['auth', undefined],
      ['auth', '000003'],
      ['go/auth', '2'],
      ['bill', '7'],
      ['bill', '1_x'],
      ['core', undefined],
    ])
    const map = ofText(withEntry({ cross_service_dependencies: { auth: '3', bill: ['1', '2'], core: null } })).crossNeeds
    expect(map.map(({ service, needed }) => [service, needed])).toEqual([
      ['auth', '3'],
      ['bill', '1'],
      ['bill', '2'],
      ['core', undefined],
    ])
  })

  it.each<[string, string, string[]]>([
    ['empty', ' \n', ['error DEPENDENCIES-SYNTAX 1:1 dependencies.json is empty']],
    ['a list', '\n  []', ['error DEPENDENCIES-SYNTAX 2:3 dependencies.json holds a list, and an object is expected']],
    [
      'a missing comma',
      '{\n "migrations": {}\n "global_config": {}}',
      ['error DEPENDENCIES-SYNTAX 3:2 dependencies.json is not JSON: a comma is expected before "global_config"'],
    ],
    ['cut off', '{"migrations": {', ['error DEPENDENCIES-SYNTAX 1:17 dependencies.json is not JSON: a closing brace is expected']],
    [
      'a comma too many',
      '{"migrations": {},}',
      ['error DEPENDENCIES-SYNTAX 1:19 dependencies.json is not JSON: a key in double quotes is expected before }'],
    ],
    ['NUL bytes', '{"a\0": 1}', ['error DEPENDENCIES-SYNTAX 1:4 dependencies.json holds a NUL byte']],
    ['Latin-1', '{"migrations": {"caf\ufffd": {}}}', ['error DEPENDENCIES-SYNTAX 1:21 dependencies.json is not UTF-8']],
    ['too deep', `{"migrations": ${'['.repeat(200_000)}`, ['error DEPENDENCIES-SYNTAX 1:1 dependencies.json is nested too deeply']],
    [
      'a typo at the top',
      JSON.stringify({ migration: all }),
      [
        'error DEPENDENCIES-KEY 1:2 nobody knows the key migration of dependencies.json (did you mean migrations?)',
        'warning DEPENDENCIES-MISSING -:- 000001_initial, 000002_profiles, 000003_dev, 000003_stage, 000004_roles have no entry in dependencies.json',
      ],
    ],
    [
      'a typo in an entry',
      withEntry({ rollback_save: false }),
      ['error DEPENDENCIES-KEY 1:55 nobody knows the key rollback_save of 000002_profiles (did you mean rollback_safe?)'],
    ],
    [
      'a key of their own',
      withEntry({ owner: 'me', _note: 1 }),
      ['warning DEPENDENCIES-KEY 1:55 nobody knows the key owner of 000002_profiles'],
    ],
    [
      'a wrong type',
      withEntry({ depends_on: '1', rollback_safe: 'no' }),
      [
        'error DEPENDENCIES-TYPE 1:68 depends_on of 000002_profiles is "1", and a list of texts is expected',
        'error DEPENDENCIES-TYPE 1:88 rollback_safe of 000002_profiles is "no", and true or false is expected',
      ],
    ],
    [
      'a wrong item',
      withEntry({ affects_tables: [1] }),
      ['error DEPENDENCIES-TYPE 1:73 an item of affects_tables of 000002_profiles is 1, and a text is expected'],
    ],
    ['an entry that is none', withEntry(true), ['error DEPENDENCIES-TYPE 1:54 000002_profiles is true, and an object is expected']],
    [
      'no duration',
      withEntry({ estimated_duration: '5 minutes' }),
      ['error DEPENDENCIES-VALUE 1:76 estimated_duration of 000002_profiles: "5 minutes" is no duration'],
    ],
    [
      'no risk',
      withEntry({ risk_level: 'hihg' }),
      ['error DEPENDENCIES-VALUE 1:68 risk_level of 000002_profiles: "hihg" is no risk (did you mean high?)'],
    ],
    [
      'a key twice',
      '{"migrations": {"1": {}, "2": {}, "2": {}, "4": {}, "000003_dev": {}, "000003_stage": {}}}',
      ['error DEPENDENCIES-DUPLICATE 1:35 2 stands there twice'],
    ],
    [
      'two entries for one',
      withEntry({}, '2'),
      ['error DEPENDENCIES-DUPLICATE 1:43 2 (dependencies.json) and 000002_profiles speak of one migration'],
    ],
    ['an entry left behind', withEntry({}, '000009_gone'), ['warning DEPENDENCIES-STRAY 1:109 there is no migration 000009_gone']],
    [
      'a typo in an id',
      JSON.stringify({ migrations: { ...all, '000004_roles': undefined, '000004_role': {} } }),
      [
        'error DEPENDENCIES-STRAY 1:91 there is no migration 000004_role (did you mean 000004_roles?)',
        'warning DEPENDENCIES-MISSING -:- 000004_roles has no entry in dependencies.json',
      ],
    ],
    [
      'a version of two environments',
      JSON.stringify({ migrations: { '1': {}, '2': {}, '3': {}, '4': {} } }),
      ['error DEPENDENCIES-AMBIGUOUS 1:30 3 fits 000003_dev (development) and 000003_stage (staging)'],
    ],
    [
      'an unknown one before it',
      withEntry({ depends_on: ['000001_initail'] }),
      [
        'error DEPENDENCIES-UNKNOWN 1:69 000002_profiles depends on 000001_initail, and there is no such migration (did you mean 000001_initial?)',
      ],
    ],
    [
      'a later one before it',
      withEntry({ depends_on: ['4'] }),
      ['error DEPENDENCIES-ORDER 1:69 000002_profiles depends on 000004_roles, which comes after it'],
    ],
    ['itself', withEntry({ depends_on: ['2'] }), ['error DEPENDENCIES-CYCLE 1:69 000002_profiles depends on itself']],
    [
      'a circle',
      JSON.stringify({ migrations: { ...all, '000001_initial': { depends_on: ['4'] }, '000004_roles': { depends_on: ['1'] } } }),
      ['error DEPENDENCIES-CYCLE 1:139 these depend on each other in a circle: 000001_initial → 000004_roles → 000001_initial'],
    ],
    [
      'one that other environments lack',
      withEntry({ depends_on: ['000003_dev'] }, '000004_roles'),
      ['error DEPENDENCIES-ENVIRONMENT 1:121 000004_roles depends on 000003_dev, which is there in development only'],
    ],
    [
      'another environment',
      withEntry({ environment: 'staging' }),
      ['error DEPENDENCIES-ENVIRONMENT 1:69 environment of 000002_profiles is staging, and its files lie in the base files'],
    ],
    [
      'a need of nobody',
      withEntry({ cross_service_dependencies: [{ version: '1' }, 7, '@2'] }),
      [
        'error DEPENDENCIES-TYPE 1:85 an item of cross_service_dependencies of 000002_profiles names no service',
        'error DEPENDENCIES-TYPE 1:101 an item of cross_service_dependencies of 000002_profiles is neither a text nor an object',
        'error DEPENDENCIES-VALUE 1:103 cross_service_dependencies of 000002_profiles: "@2" names no service',
      ],
    ],
  ])('%s is said with its place', (_, text, lines) => {
    expect(said(ofText(text))).toEqual(lines)
  })
})
