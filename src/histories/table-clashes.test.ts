import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import { refuseTableClashes, tableClashes, type TableUse } from './table-clashes.ts'

function use(name: string, tool: string, table: string, more: Partial<TableUse> = {}): TableUse {
  return { name, tool, table, database: 'app', versions: ['1', '2'], ...more }
}

const shown = (...uses: TableUse[]) => tableClashes(uses).map(({ services, table, line }) => `${services.join('+')} ${table} ${line}`)

describe('tableClashes', () => {
  it('refuses golang-migrate and stamped on schema_migrations, with the line to add', () => {
    const uses = [
      use('orders', 'golang-migrate', 'schema_migrations'),
      use('tenant', 'stamped', 'schema_migrations', { service: 'tenant' }),
    ]
    expect(tableClashes(uses)).toEqual([
      {
        services: ['orders', 'tenant'],
        table: 'public.schema_migrations',
        why: 'golang-migrate and stamped keep different columns',
        line: 'table: tenant_schema_migrations',
      },
    ])
  })

  it('lets them be in two databases, schemas or tables', () => {
    const first = use('a', 'golang-migrate', 'schema_migrations')
    expect(shown(first, use('b', 'golang-migrate', 'schema_migrations', { database: 'other' }))).toEqual([])
    expect(shown(first, use('b', 'golang-migrate', 'schema_migrations', { schema: 'b' }))).toEqual([])
    expect(shown(first, use('b', 'golang-migrate', 'b_schema_migrations'))).toEqual([])
    expect(shown(first, use('b-c', 'golang-migrate', 'schema_migrations', { schema: 'public' }))).toEqual([
      'a+b-c public.schema_migrations table: b_c_schema_migrations',
    ])
  })

  it('lets services share a table by the values of its service column', () => {
    const [a, b, c] = ['core', 'auth', 'core'].map((service, index) => use(`s${index}`, 'stamped', 'schema_migrations', { service }))
    if (!a || !b || !c) throw new Error('no services')
    expect(shown(a, b)).toEqual([])
    expect(shown(a, b, c)).toEqual(['s0+s2 public.schema_migrations table: s2_schema_migrations'])
  })

  it('lets Diesel services share a table while their versions are disjoint; then only another schema helps', () => {
    const table = '__diesel_schema_migrations'
    const wallet = use('wallet', 'diesel', table)
    expect(shown(wallet, use('ledger', 'diesel', table, { versions: ['3'] }))).toEqual([])
    expect(shown(wallet, use('ledger', 'diesel', table, { versions: ['2', '3'] }))).toEqual([
      'wallet+ledger public.__diesel_schema_migrations table: ledger.__diesel_schema_migrations',
    ])
  })

  it('counts the tables that belong to a history besides', () => {
    const one = use('one', 'numbered', 'migration_records', { service: 'svc' })
    expect(shown(one, use('two', 'numbered', 'two_records', { service: 'svc' }))).toEqual([
      'one+two public.schema_versions table: two.two_records',
    ])
    expect(shown(one, use('two', 'numbered', 'two_records', { service: 'other' }))).toEqual([])
    expect(shown(one, use('two', 'golang-migrate', 'schema_versions'))).toEqual([
      'one+two public.schema_versions table: two_schema_migrations',
    ])
  })

  it('names each pair once', () => {
    const uses = ['a', 'b', 'c'].map((name) => use(name, 'golang-migrate', 't'))
    expect(tableClashes(uses).map(({ services }) => services.join(''))).toEqual(['ab', 'ac', 'bc'])
    const twice = ['a', 'b'].map((name) => use(name, 'numbered', 'migration_records', { service: 'svc' }))
    expect(tableClashes(twice)).toHaveLength(1)
  })
})

describe('refuseTableClashes', () => {
  it('throws the first, and carries all', () => {
    const uses = ['a', 'b', 'c'].map((name) => use(name, 'golang-migrate', 'schema_migrations'))
    expect(() => refuseTableClashes(uses.slice(0, 1))).not.toThrow()
    try {
      refuseTableClashes(uses)
    } catch (error) {
      if (!(error instanceof SkeinError)) throw error
      expect(error.code).toBe('TABLE-CLASH')
      expect(error.message).toBe(
        'a and b would both write public.schema_migrations: golang-migrate keeps the rows of one service in a table (and 2 more)',
      )
      expect(error.details.hint).toBe('add to b in skein.yaml: table: b_schema_migrations')
      return
    }
    throw new Error('nothing was refused')
  })
})
