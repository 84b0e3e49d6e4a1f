import type { Finding } from '../../../model/finding.ts'
import type { Migration } from '../../../model/migration.ts'

/** What the file is called. This file imports no JSON parser: most services have no such file and need none. */
export const dependenciesName = 'dependencies.json'

/** A dependencies.json that was read. */
export interface DependenciesFile {
  /** Relative to the workspace. */
  file: string
  /** Absolute path. */
  path: string
  /** The environment in whose folder it lies; undefined beside the base files. */
  environment?: string
  /** Cannot be parsed: nothing in it holds. */
  broken: boolean
  /** `global_config`, as it stands there. */
  globalConfig?: unknown
}

export interface Dependencies {
  /** As they came, with `meta` where a file speaks of them. */
  migrations: Migration[]
  findings: Finding[]
  files: DependenciesFile[]
  /** Ids that a migration's `depends_on` means, by version of what is in force. */
  dependsOn: ReadonlyMap<string, readonly string[]>
  /** What single migrations need of other services, as written: who that is, the caller knows. */
  crossNeeds: { version: string; service: string; needed?: string; place: Finding['place'] }[]
  /** Migrations of which no file speaks, of every environment, in the tool's order. */
  missing: Migration[]
  /** All migrations, of every environment. */
  all: readonly Migration[]
}
