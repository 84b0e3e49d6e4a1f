import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import { dbmate } from './dbmate.ts'
import { diesel } from './diesel.ts'
import { golangMigrate } from './golang-migrate.ts'
import { historyNamed, histories } from './index.ts'
import { recogniseTable, refuseForeignTable } from './recognise-table.ts'
import { stamped } from './stamped.ts'

const table = { schema: 'public', table: 'schema_migrations' }

function refusal(work: () => void): SkeinError {
  try {
    work()
  } catch (error) {
    if (error instanceof SkeinError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('recogniseTable', () => {
  it('tells the four tools that say schema_migrations', () => {
    expect(recogniseTable(['version', 'dirty'])).toEqual(['golang-migrate'])
    expect(recogniseTable(['version', 'service', 'applied_at'])).toEqual(['stamped'])
    expect(recogniseTable(['version'])).toEqual(['dbmate', 'rails', 'tern'])
  })

  it('knows every history by its columns, in any order', () => {
    for (const { name, columns } of histories) expect(recogniseTable([...columns].reverse())[0]).toBe(name)
  })

  it('takes a table with more columns for that of the history that is wholly in it', () => {
    expect(recogniseTable(['version', 'dirty', 'note'])).toEqual(['golang-migrate'])
    expect(recogniseTable(['id', 'service', 'version', 'name', 'applied_at', 'checksum', 'host'])).toEqual(['numbered'])
    expect(recogniseTable(['id', 'email'])).toEqual([])
    expect(recogniseTable(['version', 'note'])).toEqual(['dbmate'])
    expect(recogniseTable([])).toEqual([])
  })
})

describe('refuseForeignTable', () => {
  it('says whose table it is, and what to write', () => {
    const error = refusal(() => refuseForeignTable(stamped, table, ['version', 'dirty'], 'tenant'))
    expect(error.code).toBe('TABLE-FOREIGN')
    expect(error.message).toBe(
      'public.schema_migrations is not a table of stamped: it lacks service, applied_at; it has the columns version, dirty, which is the table of golang-migrate',
    )
    expect(error.details.hint).toContain('tool: golang-migrate')
    expect(error.details.hint).toContain('table: tenant_schema_migrations')
  })

  it('names tools that are not run here, and nobody', () => {
    expect(refusal(() => refuseForeignTable(golangMigrate, table, ['version'])).message).toContain('dbmate or rails')
    expect(refusal(() => refuseForeignTable(diesel, table, ['a', 'b'])).message).toContain('no table of a tool known here')
  })

  it('refuses a table that has all the columns and is exactly another tool’s', () => {
    expect(refusal(() => refuseForeignTable(dbmate, table, ['version', 'dirty'])).message).toBe(
      'public.schema_migrations is not a table of dbmate: it has the columns version, dirty, which is the table of golang-migrate',
    )
    expect(() => refuseForeignTable(dbmate, table, ['version', 'note'])).not.toThrow()
  })

  it('counts renamed columns by their new names', () => {
    const renamed = { ...table, columns: { version: 'script' } }
    expect(() => refuseForeignTable(stamped, renamed, ['script', 'service', 'applied_at'])).not.toThrow()
    expect(refusal(() => refuseForeignTable(stamped, renamed, ['version', 'service', 'applied_at'])).message).toContain('lacks script')
  })
})

describe('historyNamed', () => {
  it('finds one, or lists them', () => {
    expect(historyNamed('diesel')).toBe(diesel)
    const error = refusal(() => historyNamed('liquibase'))
    expect(error.code).toBe('TOOL-UNKNOWN')
    expect(error.details.hint).toBe(`these are: ${histories.map(({ name }) => name).join(', ')}`)
  })
})
