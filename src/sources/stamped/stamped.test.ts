import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { treeFolder, treeOf } from '../folders.contract.ts'
import { findingLine, sourceContract } from '../source.contract.ts'
import { stamped } from './index.ts'

sourceContract(stamped, join(import.meta.dirname, '__fixtures__/tree'), {
  score: 1,
  migrations: [
    '20240101120000_a1b2c3d4_create_tenants_table | create_tenants_table | 20240101120000_a1b2c3d4_create_tenants_table | up, down | split',
    '20240101120000_b7e0c9aa_create_plans | create_plans | 20240101120000_b7e0c9aa_create_plans | up, down | split',
    '20240215093000_00ff12ab_add_slug.v2 | add_slug.v2 | 20240215093000_00ff12ab_add_slug.v2 | up, down | split',
    '20241301120000_deadbeef_thirteenth_month | thirteenth_month | 20241301120000_deadbeef_thirteenth_month | up, down | split',
    '20250101000000_NOTAHEX0_odd_prefix | odd_prefix | 20250101000000_NOTAHEX0_odd_prefix | up, down | split',
  ],
  findings: [
    'note STAMP-TIME 20241301120000_deadbeef_thirteenth_month.up.sql',
    'note STAMP-HEX 20250101000000_NOTAHEX0_odd_prefix.up.sql',
    'note SOURCE-IGNORED README.md',
  ],
})

describe('stamped', () => {
  const read = (...names: string[]) => stamped.read([treeFolder(treeOf(names))])
  const [stamp, name] = ['20240101120000_a1b2c3d4', '20240101120000_a1b2c3d4_users']

  it('is sure when every up and down carries a stamp', () => {
    expect(stamped.recognise(treeFolder(treeOf([`${name}.up.sql`, `${name}.down.sql`, 'seed.sql']))).score).toBe(2)
    expect(stamped.recognise(treeFolder(treeOf([`${name}.up.sql`, '20240101120000_users.up.sql']))).score).toBe(1)
  })

  it('refuses one stamp under two names', () => {
    const { migrations, findings } = read(`${stamp}_a.up.sql`, `${stamp}_a.down.sql`, `${stamp}_b.up.sql`, `${stamp}_b.down.sql`)
    expect(migrations).toHaveLength(2)
    expect(findings.map(findingLine)).toEqual([`error SOURCE-DUPLICATE migrations/${stamp}_b.up.sql`])
    expect(findings[0]?.message).toBe(`migrations/${stamp}_a.up.sql and migrations/${stamp}_b.up.sql carry one stamp under two names`)
  })

  it('orders bytewise, which is not the order of UTF-16', () => {
    const bases = ['\u{1f600}', '\uffee', 'z', 'a', 'Z'].map((title) => `20240101120000_00000000_${title}`)
    const versions = read(...bases.map((base) => `${base}.up.sql`)).migrations.map((migration) => migration.version)
    expect(versions).toEqual([...bases].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    expect(versions).not.toEqual([...bases].sort())
  })

  it('refuses a down without an up, and warns of an up without a down', () => {
    const { findings } = read(`${name}.up.sql`, '20240102120000_a1b2c3d4_x.down.sql')
    expect(findings.map(findingLine)).toEqual([
      'error ORPHAN-DOWN migrations/20240102120000_a1b2c3d4_x.down.sql',
      `warning MISSING-DOWN migrations/${name}.up.sql`,
    ])
  })

  it('refuses a name that varchar(255) does not hold', () => {
    const [fits, long] = [`${stamp}_${'ü'.repeat(231)}`, `${stamp}_${'ü'.repeat(232)}`]
    expect(read(`${fits}.up.sql`, `${fits}.down.sql`).findings).toEqual([])
    expect(read(`${long}.up.sql`).findings.map((finding) => finding.rule)).toEqual(['VERSION-TOO-LONG'])
    expect(stamped.parseVersion(long)).toBeUndefined()
  })

  it('takes the whole base name for a version and nothing less', () => {
    expect(stamped.parseVersion(name)).toBe(name)
    expect(stamped.parseVersion(stamp)).toBeUndefined()
    expect(stamped.parseVersion('20240101120000')).toBeUndefined()
  })

  it('lists a file without a stamp as ignored', () => {
    const { findings } = read('20240101120000_users.up.sql')
    expect(findings[0]).toMatchObject({ rule: 'SOURCE-IGNORED', severity: 'note' })
    expect(findings[0]?.remedy).toBe('if it is a migration, call it like 20240101120000_a1b2c3d4_create_users.up.sql')
  })
})
