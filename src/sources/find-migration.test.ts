import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import { diesel } from './diesel/index.ts'
import { findMigration } from './find-migration.ts'
import { treeFolder, treeOf } from './folders.contract.ts'
import { golangMigrate } from './golang-migrate/index.ts'
import { numbered } from './numbered/index.ts'
import type { Source } from './source.ts'
import { stamped } from './stamped/index.ts'

function finder(source: Source, names: string[]): (text: string) => string {
  const content =
    source === diesel ? Object.fromEntries(names.map((name) => [name, treeOf(['up.sql'])])) : treeOf(names.map((name) => `${name}.up.sql`))
  const { migrations } = source.read([treeFolder(content)])
  return (text) => findMigration(source, migrations, text).id
}

describe('findMigration', () => {
  it('reads numbers in any padding, ids, files, and numbers with titles', () => {
    const find = finder(golangMigrate, ['0_initial', '000001_create_users', '12_add_phone'])
    for (const text of [
      '1',
      '01',
      '000001',
      ' 1 ',
      '000001_create_users',
      '1_create_users',
      '000001_create_users.up.sql',
      '000001_create_users.down.sql',
      '000001_cr',
    ]) {
      expect(find(text), text).toBe('000001_create_users')
    }
    expect(find('0')).toBe('0_initial')
    expect(finder(numbered, ['002_avatar'])('002_avatar_down.sql')).toBe('002_avatar')
  })

  it('reads stamps as far as they are unique', () => {
    const find = finder(stamped, ['20240101120000_a1b2c3d4_users', '20240101120000_b1b2c3d4_plans', '20240202120000_c1b2c3d4_roles'])
    expect(find('20240101120000_a1b2c3d4_users')).toBe('20240101120000_a1b2c3d4_users')
    expect(find('20240101120000_a1b2c3d4')).toBe('20240101120000_a1b2c3d4_users')
    expect(find('20240202120000')).toBe('20240202120000_c1b2c3d4_roles')
    expect(failure(() => find('20240101120000'))).toMatchObject({
      code: 'VERSION-UNKNOWN',
      details: {
        message: '20240101120000 fits 2 migrations: 20240101120000_a1b2c3d4_users, 20240101120000_b1b2c3d4_plans',
        data: { candidates: ['20240101120000_a1b2c3d4_users', '20240101120000_b1b2c3d4_plans'] },
      },
    })
  })

  it('reads Diesel’s versions with and without dashes, and its folders', () => {
    const find = finder(diesel, ['2024-01-02-030405-0000_add_x', '2024-02-02-030405_add_y'])
    for (const text of [
      '202401020304050000',
      '2024-01-02-030405-0000',
      '2024-01-02-030405-0000_add_x',
      '2024-01-02-030405-0000_add_x/',
      '2024-01-02-030405-0000_add_x/up.sql',
      '2024-01',
    ]) {
      expect(find(text), text).toBe('2024-01-02-030405-0000_add_x')
    }
    expect(find('20240202030405_add_y')).toBe('2024-02-02-030405_add_y')
  })

  it('never takes a short number for a prefix', () => {
    const find = finder(golangMigrate, ['20240101120000_a', '20250101120000_b'])
    expect(() => find('2024')).toThrow(/no migration is called 2024/)
    expect(find('20240101')).toBe('20240101120000_a')
  })

  it('names the nearest and the range where nothing fits', () => {
    const find = finder(numbered, ['001_create_users', '002_add_phone'])
    expect(failure(() => find('001_creat_user'))).toMatchObject({
      details: {
        message: 'no migration is called 001_creat_user (did you mean 001_create_users?)',
        hint: 'there are 2, from 001_create_users to 002_add_phone; skein status lists them',
      },
    })
    expect(() => find('')).toThrow(/no migration is called ""/)
    expect(failure(() => finder(numbered, [])('1')).details.hint).toMatch(/there are no migrations/)
  })

  it('shortens a long list of candidates', () => {
    const find = finder(
      numbered,
      Array.from({ length: 9 }, (_, index) => `00${index + 1}_same`),
    )
    expect(() => find('00x')).toThrow(/no migration/)
    expect(() =>
      finder(
        stamped,
        Array.from({ length: 9 }, (_, index) => `2024010112000${index}_a1b2c3d4_x`),
      )('20240101'),
    ).toThrow(/and 4 more/)
    expect(find('9')).toBe('009_same')
  })
})

function failure(act: () => unknown): SkeinError {
  try {
    act()
  } catch (error) {
    if (error instanceof SkeinError) return error
  }
  throw new Error('nothing was thrown')
}
