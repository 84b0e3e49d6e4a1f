import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { treeFolder, treeOf } from '../folders.contract.ts'
import { findingLine, migrationLine, sourceContract } from '../source.contract.ts'
import { golangMigrate } from './index.ts'
import { parseName } from './name.ts'

const fixtures = join(import.meta.dirname, '__fixtures__')

sourceContract(golangMigrate, join(fixtures, 'tree'), {
  score: 2,
  migrations: [
    '0 | initial | 0_initial | up | implicit',
    '1 | create_users | 000001_create_users | up, down | implicit',
    '2 | add_magic_metadata | 2_add_magic_metadata | up, down | implicit',
    '4 | add_index.sql | 000004_add_index.sql | up, down | implicit',
    '5 | init_schema | 000005_init_schema | up | implicit',
    '10 | dots.in.title | 10_dots.in.title | up, down | implicit',
    '11 | with space | 11_with space | up, down | implicit',
    '12 | only_down | 12_only_down | down | implicit',
    '20240101120000 | by_date | 20240101120000_by_date | up, down | implicit',
  ],
  findings: [
    'note SOURCE-IGNORED .gitkeep',
    'warning TRAP-EXTENSION 000005_init_schema.up.sql.example',
    'note SOURCE-IGNORED 6_shouting.UP.sql',
    'note SOURCE-IGNORED 7-dash.up.sql',
    'note SOURCE-IGNORED 8_no_direction.sql',
    'note SOURCE-IGNORED 99999999999999999999_overflow.up.sql',
    'note SOURCE-IGNORED 9_folder.up.sql',
    'note SOURCE-IGNORED README.md',
    'note SOURCE-IGNORED V1__flyway.sql',
    'note SOURCE-IGNORED docs',
    'warning ORPHAN-DOWN 12_only_down.down.sql',
    'note TITLES-DIFFER 2_drop_magic_metadata.down.sql',
    'warning MISSING-DOWN 0_initial.up.sql',
    'warning MISSING-DOWN 000005_init_schema.up.sql.example',
    'warning SOURCE-GAP 000004_add_index.sql.up.sql',
    'warning SOURCE-GAP 10_dots.in.title.up.sql',
  ],
})

describe('names', () => {
  it('are understood as golang-migrate v4.19.1 itself understands them', () => {
    const rows: { name: string; version?: string; title?: string; direction?: string }[] = JSON.parse(
      readFileSync(join(fixtures, 'names.json'), 'utf8'),
    )
    expect(rows.length).toBeGreaterThan(40)
    for (const { name, version, title = '', direction } of rows) {
      const parsed = parseName(name)
      const column = 2n ** 63n - 1n
      if (version === undefined) expect(parsed.kind, name).toBe('ignored')
      else if (BigInt(version) > column) expect(parsed.kind, name).toBe('refused')
      else expect(parsed, name).toMatchObject({ kind: 'migration', version, title, direction })
    }
  })

  it('follow the rule, told in other words, whatever they are', () => {
    const piece = fc.constantFrom(
      'up',
      'down',
      '.',
      '_',
      'a',
      'sql',
      '0',
      '1',
      '12',
      '18446744073709551615',
      '99999999999999999999',
      'ü',
      '\n',
      '\r',
      '\u2028',
      ' ',
    )
    const name = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.tuple(fc.nat(), fc.array(piece, { maxLength: 8 })).map(([number, rest]) => `${number}_${rest.join('')}.up.sql`),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(name, (text) => {
        const [parsed, told] = [parseName(text), restated(text)]
        if (told === undefined) return parsed.kind === 'ignored'
        if (told.version > 2n ** 64n - 1n) return parsed.kind === 'ignored'
        if (told.version > 2n ** 63n - 1n) return parsed.kind === 'refused'
        return (
          parsed.kind === 'migration' &&
          parsed.version === String(told.version) &&
          parsed.title === told.title &&
          parsed.direction === told.direction
        )
      }),
      { numRuns: 3000 },
    )
  })
})

describe('whole folders', () => {
  const read = (...names: string[]) => golangMigrate.read([treeFolder(treeOf(names))])

  it('of any names give sorted, paired, unique versions, and every name is somewhere', () => {
    const name = fc.tuple(
      fc.constantFrom('', '0', '00'),
      fc.nat({ max: 30 }),
      fc.constantFrom('a', 'b'),
      fc.constantFrom('up', 'down', 'UP', ''),
      fc.constantFrom('sql', 'txt'),
    )
    const names = fc.array(name.map(([zeros, number, title, direction, ending]) => `${zeros}${number}_${title}.${direction}.${ending}`))
    fc.assert(
      fc.property(names, (list) => {
        const { migrations, findings } = read(...list)
        const told = new Map<string, Set<string>>()
        for (const each of new Set(list)) {
          const parts = restated(each)
          if (parts !== undefined) told.set(String(parts.version), (told.get(String(parts.version)) ?? new Set()).add(parts.direction))
        }
        expect(migrations.map((migration) => migration.version)).toEqual([...told.keys()].sort((a, b) => Number(a) - Number(b)))
        for (const { version, up, down } of migrations) {
          expect([up !== null, down !== null]).toEqual([told.get(version)?.has('up'), told.get(version)?.has('down')])
        }
        const used = new Set(migrations.flatMap(({ up, down }) => [up?.file, down?.file]))
        const mentioned = new Set(findings.map((finding) => finding.place?.file))
        for (const each of list) expect(used.has(`migrations/${each}`) || mentioned.has(`migrations/${each}`), each).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('with two files for one version are refused, whatever the padding', () => {
    const { migrations, findings } = read('1_a.up.sql', '01_b.up.sql', '1_a.down.sql')
    expect(migrations.map(migrationLine)).toEqual(['1 | b | 01_b | up, down | implicit'])
    expect(findings.map(findingLine)).toContain('error SOURCE-DUPLICATE migrations/1_a.up.sql')
    expect(findings.find((finding) => finding.rule === 'SOURCE-DUPLICATE')?.message).toBe(
      'migrations/01_b.up.sql and migrations/1_a.up.sql are both the up of version 1',
    )
  })

  it('keep a version that bigint holds and refuse one that it does not', () => {
    const { migrations, findings } = read('9223372036854775807_a.up.sql', '9223372036854775808_b.up.sql', '18446744073709551616_c.up.sql')
    expect(migrations.map((migration) => migration.version)).toEqual(['9223372036854775807'])
    expect(findings.map(findingLine)).toEqual([
      'note SOURCE-IGNORED migrations/18446744073709551616_c.up.sql',
      'error VERSION-TOO-LARGE migrations/9223372036854775808_b.up.sql',
      'warning MISSING-DOWN migrations/9223372036854775807_a.up.sql',
    ])
    expect(golangMigrate.parseVersion('9223372036854775808')).toBeUndefined()
    expect(golangMigrate.parseVersion('000001')).toBe('1')
  })

  it('point at the file that says up and down, and at editors’ backups', () => {
    const { findings } = read(
      '1_a.up.down.sql',
      '1_a.up.sql',
      '2_b.up.sql~',
      '2_b.down.sql',
      '3_c.up.sql',
      '3_c.down.sql',
      '4_d.up.',
      '4_d.down.sql',
    )
    expect(findings.map(findingLine)).toEqual([
      'warning TRAP-DIRECTION migrations/1_a.up.down.sql',
      'warning TRAP-EXTENSION migrations/2_b.up.sql~',
      'warning TRAP-EXTENSION migrations/4_d.up.',
      'note TITLES-DIFFER migrations/1_a.up.down.sql',
    ])
  })

  it('without any down are told so once', () => {
    const { findings } = read('0_a.up.sql', '1_b.up.sql', '2_c.up.sql')
    expect(findings.map(findingLine)).toEqual(['warning MISSING-DOWN'])
  })

  it('refuse what is no file behind a migration’s name', () => {
    const { migrations, findings } = golangMigrate.read([treeFolder({ '1_a.up.sql': null, socket: null })])
    expect(migrations).toEqual([])
    expect(findings.map(findingLine)).toEqual(['error SOURCE-LINK migrations/1_a.up.sql', 'note SOURCE-IGNORED migrations/socket'])
    const broken = golangMigrate.read([treeFolder(treeOf(['1_caf\ufffd.up.sql']))])
    expect(broken.findings.map(findingLine)).toEqual(['error SOURCE-NAME migrations/1_caf\ufffd.up.sql'])
  })
})

/** The rule without a regular expression: number, underscore, title, the last `.up.` or `.down.`, anything; no line feed behind the underscore. */
function restated(name: string): { version: bigint; title: string; direction: 'up' | 'down' } | undefined {
  let end = 0
  while (end < name.length && '0123456789'.includes(name.charAt(end))) end++
  if (end === 0 || name.charAt(end) !== '_') return undefined
  const rest = name.slice(end + 1)
  const [up, down] = [rest.lastIndexOf('.up.'), rest.lastIndexOf('.down.')]
  if (Math.max(up, down) < 0 || rest.includes('\n')) return undefined
  const direction = up > down ? 'up' : 'down'
  return { version: BigInt(name.slice(0, end)), title: rest.slice(0, Math.max(up, down)), direction }
}
