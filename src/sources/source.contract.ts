import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import { openFolder } from '../util/folder.ts'
import { findMigration } from './find-migration.ts'
import { type Access, watchedFolder } from './folders.contract.ts'
import { sourceRules } from './rules.ts'
import type { Source } from './source.ts'

/** What a fixture holds. */
export interface SourceExpectations {
  /** Every migration of the fixture in the tool's order, as {@link migrationLine} writes it. */
  migrations: string[]
  /** Every finding of the fixture, as {@link findingLine} writes it, in any order. */
  findings: string[]
  /** Base names of the files that the layout must read while listing: side files, migrations in code. */
  sideFiles?: string[]
  /** Up and down are parts of one file: every file is read while listing, and what stands in it decides. */
  annotated?: true
  /** What `recognise` says of the fixture. */
  score: 0 | 1 | 2
}

/** `version | title | id | up, down | sending`. */
export function migrationLine({ version, name, id, up, down, sending }: Migration): string {
  const directions = [up === null ? [] : ['up'], down === null ? [] : ['down']].flat().join(', ')
  return [version, name, id, directions, sending].join(' | ')
}

/** `severity RULE file`. */
export function findingLine({ severity, rule, place }: Finding): string {
  return [severity, rule, ...(place === undefined ? [] : [place.file])].join(' ')
}

/**
 * What every source must do, tried on a folder of real files (`fixture`, absolute). Call it in the source's test. Nothing is written beside the
 * fixture; copies are made in the system's folder for temporary files.
 */
export function sourceContract(source: Source, fixture: string, expectations: SourceExpectations): void {
  const scratch = mkdtempSync(join(tmpdir(), 'skein-source-'))
  const fixtureFolder = openFolder(fixture, fixture)
  const read = (...paths: string[]) => source.read(paths.map((path) => openFolder(path, scratch)))

  describe(`${source.name} keeps the contract of sources`, () => {
    beforeAll(async () => source.ready?.())
    afterAll(() => rmSync(scratch, { recursive: true, force: true }))

    it('lists the migrations of its fixture in the order of its tool', () => {
      expect(source.read([fixtureFolder]).migrations.map(migrationLine)).toEqual(expectations.migrations)
    })

    it('says what there is to say, by rules that are listed', () => {
      const { findings } = source.read([fixtureFolder])
      expect(findings.map(findingLine).sort()).toEqual([...expectations.findings].sort())
      for (const finding of findings) {
        expect(Object.keys(sourceRules)).toContain(finding.rule)
        expect(finding.message).not.toMatch(/undefined|\[object/)
      }
    })

    it('gives the same twice, and whatever order the folder is listed in', () => {
      const lines = (folder: typeof fixtureFolder) => source.read([folder]).migrations.map(migrationLine)
      expect(lines(openFolder(fixture, fixture))).toEqual(expectations.migrations)
      expect(lines(watchedFolder(fixtureFolder, [], (entries) => entries.reverse()))).toEqual(expectations.migrations)
    })

    it('gives versions and ids once each', () => {
      const { migrations } = source.read([fixtureFolder])
      expect(new Set(migrations.map((migration) => migration.version)).size).toBe(migrations.length)
      expect(new Set(migrations.map((migration) => migration.id)).size).toBe(migrations.length)
    })

    it('compares versions by a total order that its list follows', () => {
      const { migrations, compare = (a: string, b: string) => source.compare(a, b) } = source.read([fixtureFolder])
      const versions = migrations.map((migration) => migration.version)
      for (const [at, version] of versions.entries()) {
        for (const [other, against] of versions.entries()) {
          expect(Math.sign(compare(version, against)), `${version} against ${against}`).toBe(Math.sign(at - other))
        }
      }
      const random = versions.length > 0 ? fc.constantFrom(...versions) : fc.constant('1')
      fc.assert(
        fc.property(fc.array(random), (some) =>
          isSorted(
            [...some].sort((a, b) => compare(a, b)),
            compare,
          ),
        ),
      )
    })

    it('reads no SQL while it lists and recognises', () => {
      const log: Access[] = []
      source.read([watchedFolder(fixtureFolder, log)])
      source.recognise(watchedFolder(fixtureFolder, log))
      if (expectations.annotated) return
      const bodies = log.filter(
        ({ kind, file }) => kind === 'read' && !(expectations.sideFiles ?? []).some((side) => file === side || file.endsWith(`/${side}`)),
      )
      expect(bodies).toEqual([])
    })

    it('lets nothing vanish: each entry is part of a migration or has a finding', () => {
      const { migrations, findings } = source.read([fixtureFolder])
      const used = migrations.flatMap(({ up, down }) => [up, down].flatMap((file) => (file === null ? [] : [file.file])))
      const mentioned = findings.flatMap((finding) => [finding.place?.file ?? '', finding.message])
      for (const { name } of fixtureFolder.entries()) {
        const known = used.some((file) => file === name || file.startsWith(`${name}/`)) || mentioned.some((text) => text.includes(name))
        expect(known, name).toBe(true)
      }
    })

    it('does not mind BOM, CRLF and NUL in the bodies', () => {
      const copy = join(scratch, 'bodies')
      cpSync(fixture, copy, { recursive: true })
      for (const file of sqlFiles(copy)) {
        const ofOneFile = `${readFileSync(file, 'utf8').replaceAll('\n', '\r\n')}-- \0\r\n`
        writeFileSync(file, expectations.annotated ? ofOneFile : '\ufeffselect 1;\r\n\0')
      }
      expect(read(copy).migrations.map(migrationLine)).toEqual(expectations.migrations)
    })

    it('merges several folders into one history', () => {
      const halves = [join(scratch, 'even'), join(scratch, 'odd')]
      for (const half of halves) mkdirSync(half)
      for (const [index, name] of readdirSync(fixture).sort().entries())
        cpSync(join(fixture, name), join(halves[index % 2] ?? scratch, name), { recursive: true })
      expect(read(...halves).migrations.map(migrationLine)).toEqual(expectations.migrations)
      expect(read(...halves, ...halves).findings.filter(isDuplicate)).toEqual([])
    })

    it('reports a version that two folders have, naming both', () => {
      const copies = ['first', 'second'].map((name) => join(scratch, name))
      for (const copy of copies) cpSync(fixture, copy, { recursive: true })
      const { migrations, findings } = read(...copies)
      expect(migrations.map(migrationLine)).toEqual(expectations.migrations)
      const duplicates = findings.filter(isDuplicate)
      expect(new Set(duplicates.map((finding) => finding.version))).toEqual(new Set(migrations.map((migration) => migration.version)))
      for (const { severity, message } of duplicates) {
        expect(severity).toBe('error')
        expect(message).toMatch(/first\/.*second\//s)
      }
    })

    it('recognises its own layout and says by which files', () => {
      const { score, evidence } = source.recognise(fixtureFolder)
      expect(score).toBe(expectations.score)
      expect(evidence.length > 0).toBe(score > 0)
      const empty = join(scratch, 'empty')
      mkdirSync(empty)
      expect(source.recognise(openFolder(empty, scratch))).toEqual({ score: 0, evidence: [] })
      expect(read(empty)).toEqual({ migrations: [], findings: [] })
    })

    it('reads back the versions it writes, and finds migrations by version and id', () => {
      const { migrations } = source.read([fixtureFolder])
      for (const migration of migrations) {
        expect(source.parseVersion(migration.version)).toBe(migration.version)
        expect(findMigration(source, migrations, migration.version)).toBe(migration)
        expect(findMigration(source, migrations, migration.id)).toBe(migration)
      }
      for (const nonsense of ['', ' ', '../etc']) expect(source.parseVersion(nonsense)).toBeUndefined()
    })

    it('says where, when a folder is not there', () => {
      const missing = () => read(join(scratch, 'nowhere'))
      expect(missing).toThrow(SkeinError)
      expect(missing).toThrow(/nowhere cannot be read: it does not exist/)
    })
  })
}

function isDuplicate(finding: Finding): boolean {
  return finding.rule === 'SOURCE-DUPLICATE'
}

function isSorted(versions: readonly string[], compare: Source['compare']): boolean {
  return versions.every((version, at) => versions.slice(at).every((later) => compare(version, later) <= 0))
}

function sqlFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() && entry.name.endsWith('.sql') ? [join(entry.parentPath, entry.name)] : [],
  )
}
