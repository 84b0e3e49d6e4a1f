import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFolder } from '../util/folder.ts'
import { compareBytes } from './compare-bytes.ts'
import { compareDecimals } from './decimal.ts'
import { type Access, treeFolder, treeOf, watchedFolder } from './folders.contract.ts'
import { sources } from './index.ts'

const here = import.meta.dirname

describe('the list of sources', () => {
  it('has every layout folder under its own name', () => {
    const folders = readdirSync(here, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && entry.name !== 'overlays' ? [entry.name] : [],
    )
    expect([...sources.keys()].sort()).toEqual(folders.sort())
    for (const [name, source] of sources) expect(source.name).toBe(name)
  })

  it.each([...sources.keys()])('has a fixture for %s, and a test that runs the contract on it', (name) => {
    expect(existsSync(join(here, name, '__fixtures__/tree'))).toBe(true)
    expect(readFileSync(join(here, name, `${name}.test.ts`), 'utf8')).toMatch(/^sourceContract\(/m)
  })

  it('passes no version of one fixture for another layout’s', () => {
    for (const [name, source] of sources) {
      const folder = openFolder(join(here, name, '__fixtures__/tree'), here)
      for (const other of sources.values())
        expect(other === source || other.recognise(folder).score <= source.recognise(folder).score).toBe(true)
    }
  })
})

describe('detection', () => {
  const cases: [string, string[], Record<string, number>][] = [
    ['six digits', ['000001_a.up.sql', '000002_b.up.sql'], { 'golang-migrate': 2, numbered: 0 }],
    ['14 digits', ['20240101120000_a.up.sql'], { 'golang-migrate': 2 }],
    ['no padding', ['0_initial.up.sql', '16_b.up.sql', '100_c.up.sql'], { 'golang-migrate': 2, numbered: 1 }],
    [
      'three digits and dots only: nobody can tell',
      ['001_a.up.sql', '001_a.down.sql', '1000_b.up.sql'],
      { 'golang-migrate': 1, numbered: 1 },
    ],
    ['three digits and an underscore', ['001_a.up.sql', '002_b_up.sql'], { 'golang-migrate': 1, numbered: 2 }],
    ['underscores only', ['001_a_up.sql', '001_a_down.sql'], { numbered: 2 }],
    ['stamps', ['20240101120000_a1b2c3d4_a.up.sql', 'README.md', 'seed.sql'], { 'golang-migrate': 1, stamped: 2 }],
    [
      'stamps among others: nobody can tell',
      ['20240101120000_a1b2c3d4_a.up.sql', '20240101120001_b.up.sql'],
      { 'golang-migrate': 1, stamped: 1 },
    ],
    ['only a file that is meant as an example', ['000001_init.up.sql.example'], { 'golang-migrate': 1 }],
    ['nothing', ['README.md', 'schema.sql', 'V1__a.sql'], {}],
  ]

  it.each(cases)('%s', (_, names, expected) => {
    const folder = treeFolder(treeOf(names))
    const scores = Object.fromEntries(
      [...sources].flatMap(([name, source]) => (source.recognise(folder).score > 0 ? [[name, source.recognise(folder).score]] : [])),
    )
    expect(scores).toEqual(Object.fromEntries(Object.entries(expected).filter(([, score]) => score > 0)))
  })
})

describe('large folders', () => {
  it('of 10,000 migrations are listed with one look at the disk', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => String(index + 1).padStart(6, '0')).flatMap((number) => [
      `${number}_x.up.sql`,
      `${number}_x.down.sql`,
    ])
    const folder = mkdtempSync(join(tmpdir(), 'skein-large-'))
    try {
      for (const name of names) writeFileSync(join(folder, name), '')
      const log: Access[] = []
      const started = performance.now()
      const { migrations, findings } = sources.get('golang-migrate')?.read([watchedFolder(openFolder(folder, folder), log)]) ?? {
        migrations: [],
        findings: [],
      }
      const took = performance.now() - started
      expect(migrations).toHaveLength(10_000)
      expect(findings).toEqual([])
      expect(log).toEqual([{ kind: 'list', file: '.' }])
      // Far above what it takes (about 60 ms), far below what one look at each file would.
      expect(took).toBeLessThan(1000)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('order', () => {
  it('of numbers is exact beyond what a JavaScript number holds', () => {
    expect(compareDecimals('9007199254740993', '9007199254740992')).toBeGreaterThan(0)
    expect(compareDecimals('9', '10')).toBeLessThan(0)
    expect(compareDecimals('0010', '10')).toBe(0)
    expect(compareDecimals('000', '0')).toBe(0)
  })

  it('of bytes is that of UTF-8', () => {
    const texts = ['', 'a', 'ab', 'b', 'Z', 'ü', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}', 'a\u{1f600}', 'a\uffee']
    for (const a of texts) {
      for (const b of texts) expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }
  })
})
