import { readFileSync } from 'node:fs'
import { cancelStatement } from '../../postgres/cancel.ts'
import { connect } from '../../postgres/connect.ts'
import { ident, literal } from '../../postgres/quote.ts'
import { toFailure } from '../../postgres/server-error.ts'
import type { ConnectionSpec } from '../../postgres/session.ts'
import type { CommandEnd } from './run-command.ts'

/** Where a hook of SQL runs, and as whom. */
export interface HookDatabase {
  spec: ConnectionSpec
  /** search_path; undefined: as the connection has it. */
  schema?: string
  role?: string
}

export interface SqlSpec {
  sql: { text: string } | { file: string }
  database: HookDatabase
  applicationName: string
  /** What is told: read with current_setting('skein.service'). */
  variables: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
}

/** A server that does not take a cancel request any more is waited for this long, in milliseconds. */
const patienceMs = 3_000

/**
 * Runs some SQL on a connection of its own, as one message: several statements are one transaction, unless they say otherwise. It is no part of any
 * step's transaction and locks only what it says. When `signal` is aborted it is cancelled. Throws nothing.
 */
export async function runSql({ sql, database, applicationName, variables, signal }: SqlSpec): Promise<CommandEnd> {
  const { spec, schema, role } = database
  try {
    const text = 'text' in sql ? sql.text : readFileSync(sql.file, 'utf8')
    const session = await connect({ ...spec, applicationName, searchPath: schema ?? spec.searchPath }, { signal })
    const stop = () => void cancelStatement(session)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const settings = Object.entries(variables).map(
        ([name, value]) => `set_config(${literal(name.toLowerCase().replace('_', '.'))}, ${literal(value ?? '')}, false)`,
      )
      await session.simple(`${role === undefined ? '' : `set role ${ident(role)};`}select ${settings.join(', ')}`)
      if (signal.aborted) return { why: 'it was stopped', stopped: true }
      await Promise.race([session.simple(text), givenUp(signal)])
      return undefined
    } finally {
      signal.removeEventListener('abort', stop)
      void session.end().catch(() => undefined)
    }
  } catch (error) {
    if (signal.aborted) return { why: 'it was stopped', stopped: true }
    const { message, sqlstate } = toFailure(error)
    return { why: sqlstate === undefined ? message : `${message} (${sqlstate})`, stopped: false }
  }
}

/** Rejects when the signal was aborted and the server has not said anything for some seconds. */
function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(new Error('stopped')), patienceMs).unref(), { once: true })
  })
}
