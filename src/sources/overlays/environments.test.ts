import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Folder, openFolder } from '../../util/folder.ts'
import { diesel } from '../diesel/index.ts'
import { type Tree, treeFolder, treeOf } from '../folders.contract.ts'
import { golangMigrate } from '../golang-migrate/index.ts'
import { numbered } from '../numbered/index.ts'
import type { Source, SourceReading } from '../source.ts'
import { findingLine } from '../source.contract.ts'
import { type EnvironmentChoice, mergeEnvironments } from './environments.ts'

const tree = join(import.meta.dirname, '__fixtures__/tree')

function ofTree(environment?: string, names?: string[]) {
  const { migrations, findings } = read(golangMigrate, [openFolder(tree, tree)], { environment, environments: names })
  return {
    ids: migrations.map(({ id, environment: from }) => (from === undefined ? id : `${id} (${from})`)),
    lines: findings.map(findingLine).filter((line) => !/IGNORED .*\.(md|json)$/.test(line)),
  }
}

describe('environment folders', () => {
  it('are left out when no environment is chosen, and that is said', () => {
    expect(ofTree()).toEqual({
      ids: ['000001_initial', '000002_add_user_profiles', '000004_add_phone'],
      lines: ['note SOURCE-IGNORED docs', 'note SOURCE-IGNORED templates', 'note ENVIRONMENT-LEFT-OUT'],
    })
  })

  it('are merged by version', () => {
    expect(ofTree('development')).toEqual({
      ids: ['000001_initial', '000002_add_user_profiles', '000003_dev_test_data (development)', '000004_add_phone'],
      lines: ['note SOURCE-IGNORED docs', 'note SOURCE-IGNORED templates'],
    })
    expect(ofTree('production').ids).toEqual([
      '000001_initial',
      '000002_add_user_profiles',
      '000004_add_phone',
      '000005_prod_indexes (production)',
    ])
  })

  it('may be empty or not there', () => {
    expect(ofTree('staging')).toEqual({
      ids: ofTree().ids,
      lines: ['note SOURCE-IGNORED docs', 'note SOURCE-IGNORED templates', 'note SOURCE-IGNORED staging/.gitkeep'],
    })
    expect(ofTree('qa').lines).toContain('note ENVIRONMENT-ABSENT')
  })

  it('are those of the list, where one is given', () => {
    expect(ofTree(undefined, ['development']).lines).toContain('note SOURCE-IGNORED production')
    expect(ofTree('development', []).ids).toEqual(ofTree().ids)
    expect(ofTree('templates').lines).toContain('note SOURCE-IGNORED templates/table.up.sql')
  })

  it('fill gaps for other environments, and make none of their own', () => {
    expect(ofTree('production').lines.join()).not.toContain('GAP')
    const gap = merged({ '001_a.up.sql': '', '001_a.down.sql': '', development: treeOf(['005_b.up.sql', '005_b.down.sql']) }, 'development')
    expect(gap.findings.map(findingLine)).toEqual(['warning SOURCE-GAP migrations/development/005_b.up.sql'])
  })

  it('clash with a base file of the same number: an error when chosen, else a warning', () => {
    const clash = { ...treeOf(['001_a.up.sql', '001_a.down.sql']), development: treeOf(['01_b.up.sql', '01_b.down.sql']) }
    const chosen = merged(clash, 'development')
    expect(chosen.findings.map(findingLine)).toEqual(['error ENVIRONMENT-CLASH migrations/development/01_b.up.sql'])
    expect(chosen.findings[0]?.message).toBe('migrations/001_a.up.sql and migrations/development/01_b.up.sql both have version 1')
    expect(chosen.migrations.map((migration) => migration.id)).toEqual(['001_a'])
    expect(merged(clash, 'production').findings.map((finding) => finding.severity)).toContain('warning')
  })

  it('of several paths are one environment', () => {
    const paths = ['one', 'two'].map((label, index) => treeFolder({ development: treeOf([`00${index + 1}_${label}.up.sql`]) }, label))
    const { migrations } = read(numbered, paths, { environment: 'development' })
    expect(migrations.map((migration) => migration.up?.file)).toEqual(['one/development/001_one.up.sql', 'two/development/002_two.up.sql'])
  })

  it('do not bend a layout that takes the folder itself', () => {
    const content = { '2024_a': treeOf(['up.sql', 'down.sql']), staging: treeOf(['up.sql', 'down.sql']) }
    const { migrations } = read(diesel, [treeFolder(content)], { environment: 'staging' })
    expect(migrations.map(({ id, environment }) => [id, environment])).toEqual([
      ['2024_a', undefined],
      ['staging', undefined],
    ])
  })

  it('change nothing where there are none', () => {
    const folder = treeFolder(treeOf(['001_a.up.sql', '003_b.up.sql']))
    expect(JSON.stringify(read(numbered, [folder], { environment: 'production' }))).toBe(JSON.stringify(numbered.read([folder])))
  })
})

function read(source: Source, folders: Folder[], choice: EnvironmentChoice): SourceReading {
  return mergeEnvironments(source, folders, source.read(folders), choice)
}

function merged(content: Tree, environment: string) {
  return read(numbered, [treeFolder(content)], { environment })
}
