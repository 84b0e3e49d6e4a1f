import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isInstalled, linkExampleDependencies } from '../../scripts/example-dependencies.mjs'
import type { RunReport } from '../../src/app/run.ts'
import { run } from '../../src/app/run.ts'
import type { Ports } from '../../src/model/ports.ts'
import { connect } from '../../src/postgres/connect.ts'
import { resolveConnection } from '../../src/postgres/resolve-connection.ts'
import type { Session } from '../../src/postgres/session.ts'
import { inspect } from '../../src/schema/inspect.ts'
import type { CatalogueRow } from '../../src/schema/kind.ts'
import { freshDatabase, temporaryFolder } from '../server.ts'

export const examples = join(import.meta.dirname, '..', '..', 'examples')

/** An example as it is meant to run: the variable of each database, its services in an order in which they can be applied, its tools' tables. */
export interface Example {
  folder: string
  environment?: string
  databases: Record<string, { services: string[]; tables: string[] }>
}

const userService = { USER_SERVICE_DATABASE_URL: { services: ['user-service'], tables: ['user_service_schema_migrations'] } }

/** Every example, and every environment of the one that has them. */
export const allExamples: Example[] = [
  {
    folder: 'tablium',
    databases: {
      API_GATEWAY_DATABASE_URL: { services: ['api-gateway'], tables: ['schema_migrations'] },
      GAME_STATE_DATABASE_URL: { services: ['game-state'], tables: ['schema_migrations'] },
      REALTIME_DATABASE_URL: { services: ['realtime'], tables: ['schema_migrations'] },
      WALLET_DATABASE_URL: { services: ['wallet'], tables: ['__diesel_schema_migrations'] },
      AUTH_DATABASE_URL: { services: ['auth'], tables: ['migrations'] },
      USER_DATABASE_URL: { services: ['user'], tables: ['migrations'] },
      INTEGRATION_DATABASE_URL: { services: ['integration'], tables: ['integration_migrations'] },
      AI_ENGINE_DATABASE_URL: { services: ['ai-engine'], tables: ['alembic_version'] },
    },
  },
  {
    folder: 'link',
    databases: {
      LINK_DATABASE_URL: { services: ['discovery-svc', 'ai-svc', 'chat-svc'], tables: ['migration_records', 'schema_versions'] },
    },
  },
  {
    folder: 'go-factory',
    databases: {
      GO_FACTORY_DATABASE_URL: {
        services: ['core', 'tenant', 'auth', 'user', 'notification', 'platform', 'reporting'],
        tables: ['schema_migrations'],
      },
    },
  },
  { folder: 'user-service', databases: userService },
  { folder: 'user-service', environment: 'development', databases: userService },
  { folder: 'user-service', environment: 'staging', databases: userService },
  { folder: 'user-service', environment: 'production', databases: userService },
  { folder: 'lumi-go', databases: { LUMI_DATABASE_URL: { services: ['lumi-go'], tables: ['schema_migrations'] } } },
]

/** `user-service, development`: for the names of tests. */
export function nameOf({ folder, environment }: Example): string {
  return environment === undefined ? folder : `${folder}, ${environment}`
}

/** A copy of examples/ or one of its folders, without what an embedded server left there; what their code needs to run is linked into it. */
export function copyOf(folder = '.'): string {
  const copy = join(temporaryFolder(), folder === '.' ? 'examples' : folder)
  cpSync(join(examples, folder), copy, { recursive: true, filter: (path) => !isInstalled(path) })
  linkExampleDependencies(copy, folder)
  return copy
}

/** A copy of an example with a new database for each of its variables. */
export interface Installed {
  example: Example
  /** Applies or takes back; fails unless all went well. */
  migrate(verb: 'up' | 'down', count: number | 'all' | undefined, services?: readonly string[]): Promise<RunReport>
  /** The catalogue of a database without Skein's ledger and the tools' tables. */
  catalogue(variable: string): Promise<CatalogueRow[]>
  session(variable: string): Session
  end(): Promise<void>
}

export async function install(example: Example, major: number): Promise<Installed> {
  const cwd = copyOf(example.folder)
  const env: Record<string, string> = {}
  const sessions = new Map<string, Session>()
  for (const variable of Object.keys(example.databases)) {
    env[variable] = (await freshDatabase(major)).url
    sessions.set(variable, await connect(resolveConnection({ given: env[variable], env: {} })))
  }
  const session = (variable: string) => sessions.get(variable) as Session
  return {
    example,
    session,
    async migrate(verb, count, services = []) {
      const report = await run({ verb, count, services, environment: example.environment }, portsIn(cwd, env))
      if (report.exit !== 0)
        throw new Error(
          `${verb} of ${nameOf(example)}: ${JSON.stringify(report.run?.steps.filter(({ error }) => error !== undefined) ?? report, null, 2)}`,
        )
      return report
    },
    catalogue(variable) {
      const tables = (example.databases[variable]?.tables ?? []).map((table) => ({ schema: 'public', table }))
      return inspect(session(variable), { exclude: { schemas: ['skein'], tables } })
    },
    async end() {
      for (const one of sessions.values()) await one.end()
    },
  }
}

function portsIn(cwd: string, env: Record<string, string>): Ports {
  return {
    cwd,
    env,
    now: () => performance.now(),
    emit: () => {},
    signal: new AbortController().signal,
    program: 'skein/test',
    osUser: null,
    host: null,
  }
}

/** The examples that are there: a folder with a skein.yaml. */
export function exampleFolders(): string[] {
  return readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
}
