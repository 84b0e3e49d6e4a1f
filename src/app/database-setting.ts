import { SkeinError } from '../model/errors.ts'
import type { Service } from '../model/service.ts'
import { environmentSource } from '../postgres/environment-sources.ts'
import { resolveConnection } from '../postgres/resolve-connection.ts'
import { databaseOf } from '../workspace/database.ts'
import { interpolate } from '../workspace/interpolate.ts'
import type { Request } from './request.ts'
import type { Setting } from './setting.ts'
import { defaultEmbeddedDatabase } from './targets.ts'

/**
 * Which database a service would be run in: `host:port/database as user`, or `embedded:NAME`, in the order of targets.ts connectionOf, connecting to
 * nothing and starting nothing. A database that cannot be told is a `problem`; no password is in either.
 */
export function databaseSetting(service: Service, request: Request, env: NodeJS.ProcessEnv): Setting {
  const from = sourceOf(service, request, env)
  try {
    if (request.database !== undefined) return { value: resolveConnection({ env, given: request.database }).label, from }
    const configured = request.embedded === true ? ({ kind: 'embedded' } as const) : databaseOf(service, env)
    if (configured?.kind === 'embedded')
      return { value: `embedded:${('name' in configured ? configured.name : undefined) ?? defaultEmbeddedDatabase}`, from }
    return { value: resolveConnection({ env, configured: configured?.url, configuredAt: service.databaseAt?.key }).label, from }
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    return { value: null, from, problem: `${error.code}: ${error.message}` }
  }
}

function sourceOf(service: Service, request: Request, env: NodeJS.ProcessEnv): string {
  if (request.database !== undefined) return '--database'
  if (request.embedded === true) return '--embedded'
  if (service.database !== undefined && service.databaseAt !== undefined) {
    const { place } = service.databaseAt
    const filled = interpolate(service.database, env)
    const variables = 'variables' in filled ? [...new Set(filled.variables)] : []
    return [`${place.file}:${place.line}`, ...variables].join(' with ')
  }
  try {
    const variables = environmentSource(env)?.variables
    return variables === undefined ? 'default' : variables.replace('DB_HOST', 'DB_*').replace('PGHOST', 'PG*')
  } catch {
    // Variables that contradict each other: the value says so.
    return 'the environment'
  }
}
