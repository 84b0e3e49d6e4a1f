import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Finding } from '../model/finding.ts'
import { SkeinError } from '../model/errors.ts'
import type { Migration } from '../model/migration.ts'
import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import type { RuntimeFacts, RuntimeSpec } from '../runtimes/runtime.ts'
import { byPosition } from '../sources/by-position.ts'
import type { SourceReading } from '../sources/source.ts'
import { connectionVariables } from '../postgres/connection-environment.ts'
import { connectionOf } from './targets.ts'
import type { Request } from './request.ts'
import { runtimeSpec } from './runtime-spec.ts'
import type { Workspace } from '../workspace/workspace.ts'

/**
 * A service whose migrations are code, with what its program decides: the name of the history table, and the names of migrations that are
 * computed. What could be read needs no runtime; for the rest the runtime is asked once, and its answer is kept in `.skein/runtime.json` under
 * the hash of every file that it may depend on. A runtime that cannot answer is an error finding: other services go on.
 */
export async function settleCode(
  service: Service,
  reading: SourceReading,
  workspace: Workspace,
  request: Request,
  ports: Ports,
): Promise<{ service: Service; reading: SourceReading }> {
  const { settings } = reading
  const opaque = reading.migrations.some((migration) => migration.up?.kind === 'code' && migration.up.opaque)
  if (settings === undefined || (settings.unread.length === 0 && !opaque)) return { service: named(service, settings ?? {}), reading }
  const key = keyOf(service, reading, ports.env)
  try {
    const facts = remembered(workspace.root, service.name, key) ?? (await ask(service, workspace, request, ports))
    remember(workspace.root, service.name, key, facts)
    const migrations = resolved(reading.migrations, facts, workspace.root)
    const compare = reading.compare === undefined ? undefined : byPosition(migrations)
    return {
      service: named(service, facts),
      reading: { ...reading, migrations, compare, settings: { ...settings, transaction: facts.transaction } },
    }
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    const finding: Finding = {
      rule: 'RUNTIME-UNREAD',
      severity: 'error',
      message: `${settings.unread.join(', ')} cannot be read without running it: ${error.message}`,
      remedy: error.details.hint,
      place: error.details.place,
    }
    return { service: named(service, settings), reading: { ...reading, findings: [...reading.findings, finding] } }
  }
}

function named(service: Service, { table, schema }: { table?: string; schema?: string }): Service {
  const { history } = service
  if (history.given === true) return service
  return { ...service, history: { ...history, table: table ?? history.table, schema: schema ?? history.schema } }
}

async function ask(service: Service, workspace: Workspace, request: Request, ports: Ports): Promise<RuntimeFacts> {
  // A program may want to know its database when it is loaded; where that cannot be told, it may do without.
  const spec = await connectionOf(service, workspace, request, ports).catch(() => undefined)
  const { startRuntime } = await import('../runtimes/index.ts')
  const said: string[] = []
  const given: RuntimeSpec = { ...runtimeSpec(service, workspace.root, ports, spec), onOutput: (line) => void said.push(line) }
  const runtime = await startRuntime(service.tool, given)
  try {
    return await runtime.facts()
  } finally {
    await runtime.end()
  }
}

/** Migrations whose names are computed get those that the runtime told, by file; the others stay as they were read. */
function resolved(migrations: readonly Migration[], facts: RuntimeFacts, root: string): Migration[] {
  const read = new Map(migrations.map((migration) => [migration.version, migration]))
  const byFile = new Map(migrations.map((migration) => [migration.up?.path, migration]))
  return facts.migrations.flatMap((told) => {
    const migration = read.get(told.version) ?? byFile.get(told.file === undefined ? undefined : resolve(root, told.file))
    if (migration === undefined) return []
    return [
      {
        ...migration,
        version: told.version,
        id: told.version,
        ...(told.parents === undefined ? {} : { parents: [...told.parents] }),
      },
    ]
  })
}

/** Of all that the answer may depend on: files, and those variables of the environment whose names stand in them. */
function keyOf(service: Service, { migrations, settings }: SourceReading, env: NodeJS.ProcessEnv): string {
  const hash = createHash('sha256').update(JSON.stringify([service.tool, service.runtime ?? {}]))
  for (const file of settings?.files ?? []) {
    const text = readFileSync(file, 'utf8')
    const named = new Set(text.match(/\b[A-Z][A-Z0-9_]{2,}\b/g) ?? [])
    const values = [...named].filter((name) => !connectionVariables.includes(name)).map((name) => [name, env[name]])
    hash.update(file).update(text).update(JSON.stringify(values))
  }
  for (const { up } of migrations) if (up !== null) hash.update(up.file).update(up.sha256())
  return hash.digest('hex')
}

type Kept = Record<string, { key: string; facts: RuntimeFacts }>

function remembered(root: string, service: string, key: string): RuntimeFacts | undefined {
  const kept = read(root)[service]
  return kept?.key === key ? kept.facts : undefined
}

function read(root: string): Kept {
  try {
    return JSON.parse(readFileSync(join(root, '.skein', 'runtime.json'), 'utf8')) as Kept
  } catch {
    return {}
  }
}

function remember(root: string, service: string, key: string, facts: RuntimeFacts): void {
  const kept = read(root)
  if (kept[service]?.key === key) return
  try {
    const folder = join(root, '.skein')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '.gitignore'), '*\n')
    const fresh = join(folder, `runtime.json.${process.pid}`)
    writeFileSync(fresh, JSON.stringify({ ...kept, [service]: { key, facts } }))
    renameSync(fresh, join(folder, 'runtime.json'))
  } catch {
    // A read-only workspace asks again each time.
  }
}
