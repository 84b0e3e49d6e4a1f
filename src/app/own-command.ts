import { dirname, join, relative, resolve, sep } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { connectionEnvironment } from '../postgres/connection-environment.ts'
import { resolveConnection } from '../postgres/resolve-connection.ts'
import type { ConnectionSpec } from '../postgres/session.ts'
import type { Service } from '../model/service.ts'
import type { AskedOfAlembic } from '../runtimes/alembic/own-command.ts'
import type { RuntimeSpec } from '../runtimes/runtime.ts'
import type { AskedOfTypeorm } from '../runtimes/typeorm/own-command.ts'
import { findFile } from '../workspace/find.ts'
import { loadWorkspace, type Workspace } from '../workspace/workspace.ts'
import type { RunRequest } from './request.ts'
import { onScratch, type Wanted } from './on-scratch.ts'
import { runtimeSpec } from './runtime-spec.ts'
import { connectionOf } from './targets.ts'

/** Where a command line speaks. */
export type Say = (text: string, stream: 'stdout' | 'stderr') => void

/** How the tool's own command line ended, and what it leaves to us, with the request that means this service. */
export interface OwnCommandResult<Asked> {
  exit: number
  left?: { asked: Asked; request: RunRequest }
}

/** The tools know their table and nothing else: a late file is run, a changed one not looked at, one that is gone none of their business. */
const policies = { outOfOrder: 'run', changed: 'warn', ahead: 'ok' } as const

/**
 * Runs a command line of the service's own TypeORM. With a workspace file around, the service is the one of it whose folder this is, and its program is
 * told that service's database; without one everything comes from the DataSource. `migration:generate` is done by that TypeORM on a scratch database at the
 * newest version. Throws USAGE where several services could be meant, RUNTIME-MISSING.
 */
export async function ownTypeormCommand(words: readonly string[], ports: Ports, say: Say): Promise<OwnCommandResult<AskedOfTypeorm>> {
  const { ownTypeorm } = await import('../runtimes/typeorm/own-command.ts')
  const owner = await ownerOf('typeorm', ports.cwd, ports)
  const spec = await specFor(owner, ports, words.includes('migration:generate') ? nowhere(ports) : undefined)
  const how = { cwd: ports.cwd, signal: ports.signal, say }
  const { exit, asked } = await ownTypeorm(spec, words, how)
  if (asked === undefined) return { exit }
  const runtime = { datasource: asked.datasource, cwd: ports.cwd, transaction: asked.transaction }
  if (asked.command === 'generate') {
    const wanted = wantedOnScratch(owner, requestOf('typeorm', owner, runtime, asked), asked.names.length > 0)
    return onScratch(wanted, ports, async (at, there) => ({ exit: (await ownTypeorm(await specFor(owner, there, at), words, how)).exit }))
  }
  return { exit, left: { asked, request: requestOf('typeorm', owner, runtime, asked) } }
}

/** The same for Alembic, whose configuration (`-c`) says where the service is, and for `revision --autogenerate`. */
export async function ownAlembicCommand(words: readonly string[], ports: Ports, say: Say): Promise<OwnCommandResult<AskedOfAlembic>> {
  const { ownAlembic } = await import('../runtimes/alembic/own-command.ts')
  const owner = await ownerOf('alembic', configFolder(words, ports.cwd), ports)
  const isGenerating = words.includes('revision') && words.some((word) => word.startsWith('--auto'))
  const spec = await specFor(owner, ports, isGenerating ? nowhere(ports) : undefined)
  const how = { cwd: ports.cwd, signal: ports.signal, say }
  const { exit, python, asked } = await ownAlembic(spec, words, how)
  if (asked === undefined) return { exit }
  const runtime: Record<string, string> = { python, section: asked.section, cwd: ports.cwd, x: JSON.stringify(asked.x) }
  if (asked.config !== null) runtime['config'] = asked.config
  if (asked.tag !== null) runtime['tag'] = asked.tag
  if (asked.command === 'revision') {
    const wanted = wantedOnScratch(owner, requestOf('alembic', owner, runtime, { folders: [asked.folder], url: '' }), true)
    return onScratch(wanted, ports, async (at, there) => ({ exit: (await ownAlembic(await specFor(owner, there, at), words, how)).exit }))
  }
  return { exit, left: { asked, request: requestOf('alembic', owner, runtime, { folders: [asked.folder], url: asked.url }) } }
}

/** What the program says of how it is run is about this service alone. */
function wantedOnScratch(owner: Owner | undefined, request: RunRequest, hasMigrations: boolean): Wanted {
  if (owner === undefined) return { request, configured: undefined, ledgerSchema: 'skein', roles: [], hasMigrations }
  const { service, workspace } = owner
  return {
    request: service.needs.length === 0 ? request : { ...request, runtime: undefined },
    configured: service.database,
    ledgerSchema: service.ledgerSchema,
    roles: workspace.services.flatMap(({ role }) => (role === undefined ? [] : [role])),
    hasMigrations,
  }
}

interface Owner {
  service: Service
  workspace: Workspace
}

function requestOf(
  tool: string,
  owner: Owner | undefined,
  runtime: Record<string, string>,
  { folders, url }: { folders: string[]; url: string },
): RunRequest {
  const common = { statementTimeoutMs: 0, jobs: 1, allowHollow: true as const, runtime }
  if (owner !== undefined) return { ...common, services: [owner.service.name] }
  const [path = runtime['cwd'] ?? '.'] = folders
  return {
    ...common,
    services: [],
    database: url,
    adhoc: { path, paths: folders.length === 0 ? [path] : folders, tool, runtime, policies },
  }
}

/** The service of the workspace whose folder this is: its migrations lie below, or it lies in them. */
async function ownerOf(tool: string, folder: string, ports: Ports): Promise<Owner | undefined> {
  if (findFile(ports.cwd) === undefined) return undefined
  const workspace = await loadWorkspace({ cwd: ports.cwd, env: ports.env })
  const own = workspace.services.filter((one) => one.tool === tool && one.paths.some((path) => isIn(path, folder) || isIn(folder, path)))
  const [service, second] = own
  if (second !== undefined)
    throw new SkeinError('USAGE', {
      message: `${own.length} services could be meant here: ${own.map((one) => one.name).join(', ')}`,
      hint: "run it in the service's own folder",
    })
  return service === undefined ? undefined : { service, workspace }
}

/** Where and with what the tool's own program runs; `at` is the database it is told of in place of the service's. */
async function specFor(owner: Owner | undefined, ports: Ports, at?: ConnectionSpec): Promise<RuntimeSpec> {
  const onOutput = () => {}
  if (owner === undefined) {
    const env = at === undefined ? ports.env : { ...ports.env, ...connectionEnvironment(at) }
    return { service: tellName(ports.cwd), folders: [ports.cwd], root: resolve(sep), options: {}, env, onOutput }
  }
  const { service, workspace } = owner
  if (at !== undefined) return { ...runtimeSpec(service, workspace.root, ports, at), onOutput }
  // A command that only reads files needs no database; one that needs it says so in its own words.
  const connection = await connectionOf(service, workspace, { services: [service.name] }, ports).catch((error: unknown) => {
    if (error instanceof SkeinError && error.code === 'DATABASE-MISSING') return undefined
    throw error
  })
  return { ...runtimeSpec(service, workspace.root, ports, connection), onOutput }
}

/** What a command is told that will have a scratch database: no other one is started, or opened, before that. */
function nowhere(ports: Ports): ConnectionSpec {
  return resolveConnection({ env: {}, applicationName: ports.program, configured: 'postgresql://skein@127.0.0.1:1/scratch' })
}

function configFolder(words: readonly string[], cwd: string): string {
  const at = words.findIndex((word) => word === '-c' || word === '--config')
  const file = at < 0 ? undefined : words[at + 1]
  return file === undefined ? cwd : dirname(resolve(cwd, file))
}

function isIn(path: string, folder: string): boolean {
  const inside = relative(folder, path)
  return inside === '' || (inside !== '..' && !inside.startsWith(`..${sep}`) && join(folder, inside) === path)
}

function tellName(cwd: string): string {
  return cwd.slice(cwd.lastIndexOf(sep) + 1) || 'service'
}
