import { expect } from 'vitest'
import { resolveConnection } from '../../src/postgres/resolve-connection.ts'
import { connect } from '../../src/postgres/connect.ts'
import type { Session } from '../../src/postgres/session.ts'
import { compare } from '../../src/schema/compare.ts'
import { fingerprint } from '../../src/schema/fingerprint.ts'
import { inspect } from '../../src/schema/inspect.ts'
import type { CatalogueRow } from '../../src/schema/kind.ts'

/** What two databases must have in common. */
export interface Everything {
  /** The tool's own table is in it, with its types, defaults and the names of its constraints; Skein's schema is not. */
  catalogue: CatalogueRow[]
  /** The tool's rows without their times, its serial ids with them; undefined where there is no table. */
  history: unknown[] | undefined
  /** How many rows each other table has. */
  counts: Record<string, number>
}

/** Looks at a database. `table`: in public unless it says where, as SQL writes it; `times` are columns of it that no two runs share. */
export async function everything(url: string, { table, times }: { table: string; times: readonly string[] }): Promise<Everything> {
  const session = await connect(resolveConnection({ given: url, env: {} }))
  try {
    const catalogue = await inspect(session, { exclude: { schemas: ['skein'] } })
    const counts: Record<string, number> = {}
    for (const name of await tables(session)) {
      const [answer] = await session.simple(`select count(*)::int as rows from ${name}`)
      counts[name] = answer?.rows[0]?.['rows'] as number
    }
    const place = table.includes('.') ? table : `public.${table}`
    if (!(place in counts)) return { catalogue, counts, history: undefined }
    const masked = times.map((one) => ` - '${one}'`).join('')
    const [answer] = await session.simple(`select to_jsonb(t)${masked} as row from ${place} t order by to_jsonb(t)${masked}`)
    return { catalogue, counts, history: answer?.rows.map((one) => one['row']) }
  } finally {
    await session.end()
  }
}

async function tables(session: Session): Promise<string[]> {
  const [answer] = await session.simple(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema', 'skein') order by 1`,
  )
  return answer?.rows.map((one) => one['name'] as string) ?? []
}

/** Fails with what differs. */
export function expectSame(ours: Everything, theirs: Everything, when: string): void {
  expect(compare(theirs.catalogue, ours.catalogue), when).toEqual([])
  expect(fingerprint(ours.catalogue).total, when).toBe(fingerprint(theirs.catalogue).total)
  expect({ history: ours.history, counts: ours.counts }, when).toEqual({ history: theirs.history, counts: theirs.counts })
}
