import { SkeinError } from '../model/errors.ts'
import { histories } from './index.ts'
import type { History, HistoryTable } from './history.ts'

/**
 * Tables of tools that are not run here, by the columns that these tools document, so that a message can say whose table it is. Nothing but
 * the words of that message depends on them.
 */
const others: Record<string, readonly string[]> = {
  rails: ['version'],
  tern: ['version'],
  sqlx: ['version', 'description', 'installed_on', 'success', 'checksum', 'execution_time'],
  flyway: [
    'installed_rank',
    'version',
    'description',
    'type',
    'script',
    'checksum',
    'installed_by',
    'installed_on',
    'execution_time',
    'success',
  ],
  prisma: ['id', 'checksum', 'finished_at', 'migration_name', 'logs', 'rolled_back_at', 'started_at', 'applied_steps_count'],
}

/**
 * The names of the tools whose table has these columns, in any order; several where the columns do not tell (dbmate, Rails, tern), those that are run here first. A table
 * with columns besides is that of one of our histories that has all of its own in it, the one with the most of them. Empty: nobody's.
 */
export function recogniseTable(columns: readonly string[]): string[] {
  const exact = exactly(columns)
  if (exact.length > 0) return exact
  const within = histories.filter((history) => includesAll(columns, history.columns))
  const most = Math.max(...within.map((history) => history.columns.length))
  return within.filter((history) => history.columns.length === most).map(({ name }) => name)
}

/**
 * Throws TABLE-FOREIGN when a table that is there lacks columns of the history that a service says it has, renamed ones counted by their new
 * names. A table is never taken for a tool's by its name: golang-migrate, dbmate, Rails and home-made runners all say `schema_migrations`.
 */
export function refuseForeignTable(history: History, table: HistoryTable, columns: readonly string[], service?: string): void {
  const expected = history.columns.map((column) => table.columns?.[column] ?? column)
  const missing = expected.filter((column) => !columns.includes(column))
  const owners = recogniseTable(columns)
  // A table may have more columns than its tool made, unless with them it is exactly another tool's: `version` is in most of them.
  const anothers = missing.length === 0 && exactly(columns).length > 0 && !owners.includes(history.name) && table.columns === undefined
  if (missing.length === 0 && !anothers) return
  const name = `${table.schema}.${table.table}`
  const whose = owners.length === 0 ? 'which is no table of a tool known here' : `which is the table of ${owners.join(' or ')}`
  throw new SkeinError('TABLE-FOREIGN', {
    message: `${name} is not a table of ${history.name}: ${missing.length > 0 ? `it lacks ${missing.join(', ')}; it` : 'it'} has the columns ${columns.join(', ')}, ${whose}`,
    hint: hint(history, owners, service),
    service,
    data: { table: name, columns, expected, tools: owners },
  })
}

function exactly(columns: readonly string[]): string[] {
  const known = [
    ...histories.map(({ name, columns }) => ({ name, columns })),
    ...Object.entries(others).map(([name, columns]) => ({ name, columns })),
  ]
  return known.filter((tool) => tool.columns.length === columns.length && includesAll(columns, tool.columns)).map(({ name }) => name)
}

function hint(history: History, owners: readonly string[], service = 'service'): string {
  const ours = owners.find((owner) => histories.some(({ name }) => name === owner))
  const table = `table: ${service.replaceAll(/[^A-Za-z0-9]+/g, '_')}_${history.defaultTable(service)}`
  const renamed =
    history.renamable.length > 0 ? `, or name its columns (${history.renamable.join(', ')}) under \`table: { columns: … }\`` : ''
  if (ours) return `say \`tool: ${ours}\` if these are its migrations, or give the service a table of its own: \`${table}\`${renamed}`
  return `give the service a table of its own in skein.yaml: \`${table}\`${renamed}`
}

function includesAll(all: readonly string[], some: readonly string[]): boolean {
  return some.every((one) => all.includes(one))
}
