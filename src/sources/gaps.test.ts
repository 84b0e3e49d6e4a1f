import { describe, expect, it } from 'vitest'
import { diesel } from './diesel/index.ts'
import { treeFolder, treeOf } from './folders.contract.ts'
import { gapFindings } from './gaps.ts'
import { golangMigrate } from './golang-migrate/index.ts'

function messages(names: string[], elsewhere: string[] = []): string[] {
  const { migrations } = golangMigrate.read([treeFolder(treeOf(names.map((name) => `${name}.up.sql`)))])
  return gapFindings(migrations, elsewhere).map((finding) => finding.message)
}

describe('gaps', () => {
  it('are single numbers, two, and runs', () => {
    expect(messages(['001_a', '003_b', '006_c', '010_d'])).toEqual([
      'number 2 is missing before 003_b',
      'numbers 4 and 5 are missing before 006_c',
      'numbers 7 to 9 are missing before 010_d',
    ])
  })

  it('are not before the first number, nor between dates', () => {
    expect(messages(['007_a', '008_b', '20240101_c', '20240301_d', '20240401120000_e', '20240501120000_f'])).toEqual([])
    const pair = treeOf(['up.sql', 'down.sql'])
    expect(diesel.read([treeFolder({ '20240101000000_a': pair, '20250101000000_b': pair })]).findings).toEqual([])
  })

  it('are filled from elsewhere, partly or wholly', () => {
    expect(messages(['001_a', '003_b'], ['2'])).toEqual([])
    expect(messages(['001_a', '005_b'], ['3'])).toEqual(['number 2 is missing before 005_b', 'number 4 is missing before 005_b'])
    expect(messages(['001_a'], ['3', '5'])).toEqual([])
  })
})
