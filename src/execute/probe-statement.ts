import { SkeinError } from '../model/errors.ts'
import type { Statement } from '../sql/facts.ts'
import { named } from './named.ts'
import type { OpenService } from './service-run.ts'

/** `instead`: the statement that finishes what was begun. */
export type Probed = 'done' | 'not-done' | 'unknown' | { instead: string }

/**
 * A run ended while it executed this statement: did it happen? The catalogue is asked where it can tell. Statements that may be repeated without
 * harm (VACUUM, REINDEX, CLUSTER, ALTER SYSTEM) are `not-done`; concurrent index builds look for themselves (build-index.ts). Throws PARTIAL
 * where only a person can say.
 */
export async function probeStatement(service: OpenService, statement: Statement, text: string): Promise<Probed> {
  const { kind, indexFacts } = statement
  if (indexFacts?.action === 'create') return 'unknown'
  if (indexFacts?.action === 'drop')
    return indexFacts.name === undefined
      ? 'not-done'
      : (await exists(service, `to_regclass('${escaped(named(indexFacts.schema, indexFacts.name))}') is not null`))
        ? 'not-done'
        : 'done'
  if (/^(VACUUM|REINDEX|CLUSTER|ALTER SYSTEM|DISCARD|ANALYZE)/.test(kind)) return 'not-done'
  const database = /^\s*(create|drop)\s+database\s+(?:if\s+(?:not\s+)?exists\s+)?("(?:[^"]|"")+"|[\w$]+)/i.exec(text)
  if (database !== null) return object(service, database, 'select 1 from pg_database where datname = ')
  const tablespace = /^\s*(create|drop)\s+tablespace\s+(?:if\s+(?:not\s+)?exists\s+)?("(?:[^"]|"")+"|[\w$]+)/i.exec(text)
  if (tablespace !== null) return object(service, tablespace, 'select 1 from pg_tablespace where spcname = ')
  const subscription = /^\s*(create|drop)\s+subscription\s+(?:if\s+(?:not\s+)?exists\s+)?("(?:[^"]|"")+"|[\w$]+)/i.exec(text)
  if (subscription !== null)
    return object(
      service,
      subscription,
      'select 1 from pg_subscription where subdbid = (select oid from pg_database where datname = current_database()) and subname = ',
    )
  const detach = detachment.exec(text)
  if (detach !== null) return detached(service, detach[1] as string, detach[2] as string)
  throw new SkeinError('PARTIAL', {
    message: `statement ${statement.index} (${kind}) was being executed when a run ended, and the catalogue cannot tell whether it happened`,
    hint: `look, then say: skein mark ${service.name} VERSION --applied|--not-applied --because '…'`,
  })
}

const detachment = /^\s*alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(\S+)\s+detach\s+partition\s+(\S+)\s+concurrently/i

/** The partition that a DETACH … CONCURRENTLY left half detached, as it is written; undefined for anything else. */
export async function pendingDetach(service: OpenService, text: string): Promise<string | undefined> {
  const detach = detachment.exec(text)
  if (detach === null) return undefined
  const probed = await detached(service, detach[1] as string, detach[2] as string)
  return typeof probed === 'object' ? detach[2] : undefined
}

async function object(service: OpenService, found: RegExpExecArray, select: string): Promise<Probed> {
  const written = found[2] as string
  const name = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase()
  const there = await exists(service, `exists (${select}'${escaped(name)}')`)
  const creating = (found[1] as string).toLowerCase() === 'create'
  return there === creating ? 'done' : 'not-done'
}

/** An interrupted DETACH … CONCURRENTLY stays half detached until it is finalized (https://www.postgresql.org/docs/current/sql-altertable.html). */
async function detached(service: OpenService, parent: string, part: string): Promise<Probed> {
  const [row] = await service.session.query<{ pending: boolean }>(
    'select inhdetachpending as pending from pg_inherits where inhparent = to_regclass($1) and inhrelid = to_regclass($2)',
    [parent, part],
  )
  if (row === undefined) return 'done'
  return row.pending ? { instead: `alter table ${parent} detach partition ${part} finalize` } : 'not-done'
}

async function exists(service: OpenService, condition: string): Promise<boolean> {
  const [row] = await service.session.query<{ there: boolean }>(`select ${condition} as there`)
  return row?.there === true
}

function escaped(text: string): string {
  return text.replaceAll("'", "''")
}
