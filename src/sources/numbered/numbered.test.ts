import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { treeFolder, treeOf } from '../folders.contract.ts'
import { findingLine, migrationLine, sourceContract } from '../source.contract.ts'
import { numbered } from './index.ts'

sourceContract(numbered, join(import.meta.dirname, '__fixtures__/tree'), {
  score: 2,
  migrations: [
    '1 | create_users | 001_create_users | up, down | split',
    '2 | add_user_avatar | 002_add_user_avatar | up, down | split',
    '3 | sign_up | 003_sign_up | up, down | split',
    '10 | add_new_email | 010_add_new_email | up, down | split',
    '11 | unpadded | 11_unpadded | up, down | split',
    '1000 | past_three_digits | 1000_past_three_digits | up, down | split',
  ],
  findings: [
    'note SOURCE-IGNORED 012_no_direction.sql',
    'note SOURCE-IGNORED 013_shouting.UP.SQL',
    'note SOURCE-IGNORED 014-dash.up.sql',
    'note SOURCE-IGNORED README.md',
    'note SOURCE-IGNORED create_things.up.sql',
    'note SOURCE-IGNORED seeds',
    'warning SOURCE-GAP 010_add_new_email.up.sql',
    'warning SOURCE-GAP 1000_past_three_digits.up.sql',
  ],
})

describe('numbered', () => {
  const read = (...names: string[]) => numbered.read([treeFolder(treeOf(names))])

  it('takes both spellings, and two spellings of one direction for a duplicate', () => {
    const { migrations, findings } = read('001_a.up.sql', '001_a_up.sql', '001_a_down.sql')
    expect(migrations.map(migrationLine)).toEqual(['1 | a | 001_a | up, down | split'])
    expect(findings.map(findingLine)).toEqual(['error SOURCE-DUPLICATE migrations/001_a_up.sql'])
    expect(findings[0]?.message).toBe('migrations/001_a.up.sql and migrations/001_a_up.sql are both the up of version 1')
  })

  it('takes another padding for a duplicate', () => {
    expect(read('1_a.up.sql', '1_a.down.sql', '001_b.up.sql').findings.map(findingLine)).toContain(
      'error SOURCE-DUPLICATE migrations/1_a.up.sql',
    )
  })

  it('reads the last direction of a name', () => {
    expect(read('001_sign_up.up.sql', '001_sign_up_down.sql').migrations.map(migrationLine)).toEqual([
      '1 | sign_up | 001_sign_up | up, down | split',
    ])
  })

  it('refuses a number that integer does not hold', () => {
    const { migrations, findings } = read('2147483647_a.up.sql', '2147483647_a.down.sql', '2147483648_b.up.sql')
    expect(migrations.map((migration) => migration.version)).toEqual(['2147483647'])
    expect(findings.map(findingLine)).toEqual(['error VERSION-TOO-LARGE migrations/2147483648_b.up.sql'])
    expect(numbered.parseVersion('2147483648')).toBeUndefined()
    expect(numbered.parseVersion('007')).toBe('7')
  })

  it('refuses a down without an up, and warns of an up without a down', () => {
    const { findings } = read('001_a.up.sql', '001_a.down.sql', '002_b.down.sql', '003_c.up.sql')
    expect(findings.map(findingLine)).toEqual([
      'error ORPHAN-DOWN migrations/002_b.down.sql',
      'warning MISSING-DOWN migrations/003_c.up.sql',
    ])
  })

  it('refuses a folder where a file is expected', () => {
    const { findings } = numbered.read([treeFolder({ '001_a.up.sql': {}, '001_a.down.sql': null })])
    expect(findings.map(findingLine)).toEqual([
      'error SOURCE-LINK migrations/001_a.down.sql',
      'error SOURCE-FOLDER migrations/001_a.up.sql',
    ])
  })

  it('says what is wrong with a name that it ignores', () => {
    const why = (name: string) => read(name).findings[0]?.message.replace(`a numbered runner ignores migrations/${name}: `, '')
    expect(why('001_users.sql')).toBe('the name does not say up or down')
    expect(why('001_up.sql')).toBe('nothing stands between number and direction')
    expect(why('001-users.up.sql')).toBe('no underscore follows the number')
    expect(why('001_users.Up.sql')).toBe('up, down and sql are written in lower case')
    expect(why('users.up.sql')).toBe('the name does not start with a number')
    expect(why('V1__users.sql')).toBe('this is how Flyway names its files')
  })
})
