import { SkeinError } from '../model/errors.ts'
import { historyNamed } from './index.ts'

/** A service as far as its history table goes. */
export interface TableUse {
  name: string
  /** Name of its history. */
  tool: string
  /** What tells one database from another: a text, the same for the same database. */
  database: string
  /** Undefined, before anyone is connected, is taken as `public`, which it mostly is. */
  schema?: string
  table: string
  /** Value of the service column. */
  service?: string
  versions: readonly string[]
}

export interface TableClash {
  /** The two services, in the order given. */
  services: [string, string]
  /** schema.table */
  table: string
  why: string
  /** What to add in skein.yaml under the second service. */
  line: string
}

/**
 * The pairs of services that would write one another's rows. Two services may stand on one table only when they are of the same tool and it
 * has a service column with different values, or it is a set of versions and theirs are disjoint. Tables that belong to a history besides
 * its main one count as well. Pure; throws TOOL-UNKNOWN for a history that there is not.
 */
export function tableClashes(uses: readonly TableUse[]): TableClash[] {
  const places = new Map<string, { use: TableUse; table: string }[]>()
  const clashes = new Map<string, TableClash>()
  for (const use of uses) {
    for (const table of [use.table, ...historyNamed(use.tool).furtherTables]) {
      const place = JSON.stringify([use.database, use.schema ?? 'public', table])
      const there = places.get(place) ?? []
      places.set(place, there)
      for (const other of there) {
        const clash = clashOf(other.use, use, table)
        const pair = JSON.stringify([other.use.name, use.name])
        if (clash && !clashes.has(pair)) clashes.set(pair, clash)
      }
      there.push({ use, table })
    }
  }
  return [...clashes.values()]
}

/** Throws TABLE-CLASH with every clash in it, before anything runs. */
export function refuseTableClashes(uses: readonly TableUse[]): void {
  const clashes = tableClashes(uses)
  const [first] = clashes
  if (!first) return
  const more = clashes.length > 1 ? ` (and ${clashes.length - 1} more)` : ''
  throw new SkeinError('TABLE-CLASH', {
    message: `${first.services.join(' and ')} would both write ${first.table}: ${first.why}${more}`,
    hint: `add to ${first.services[1]} in skein.yaml: ${first.line}`,
    service: first.services[1],
    data: { clashes },
  })
}

function clashOf(a: TableUse, b: TableUse, table: string): TableClash | undefined {
  const why = whyNot(a, b)
  if (why === undefined) return undefined
  return { services: [a.name, b.name], table: `${b.schema ?? 'public'}.${table}`, why, line: lineFor(b, table) }
}

function whyNot(a: TableUse, b: TableUse): string | undefined {
  if (a.tool !== b.tool) return `${a.tool} and ${b.tool} keep different columns`
  const history = historyNamed(a.tool)
  if (history.sharesTable)
    return a.service === b.service ? `both have the value ${JSON.stringify(a.service ?? '')} in its service column` : undefined
  if (!history.setTable) return `${a.tool} keeps the rows of one service in a table`
  const versions = new Set(a.versions)
  const both = b.versions.filter((version) => versions.has(version))
  if (both.length === 0) return undefined
  return `both have the version ${both[0]}${both.length > 1 ? ` and ${both.length - 1} more` : ''}`
}

/** Another table; for a tool that cannot name its table, and for a further table, which cannot be named either, another schema. */
function lineFor(use: TableUse, table: string): string {
  const history = historyNamed(use.tool)
  const prefix = use.name.replaceAll(/[^A-Za-z0-9]+/g, '_')
  const elsewhere = history.setTable || table !== use.table
  return elsewhere ? `table: ${prefix}.${use.table}` : `table: ${prefix}_${history.defaultTable(use.name)}`
}
