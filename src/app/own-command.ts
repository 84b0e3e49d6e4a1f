import { dirname, join, relative, resolve, sep } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import type { AskedOfAlembic } from '../runtimes/alembic/own-command.ts'
import type { RuntimeSpec } from '../runtimes/runtime.ts'
import type { AskedOfTypeorm } from '../runtimes/typeorm/own-command.ts'
import { findFile } from '../workspace/find.ts'
import { loadWorkspace, type Workspace } from '../workspace/workspace.ts'
import type { RunRequest } from './request.ts'
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
 * told that service's database; without one everything comes from the DataSource. Throws USAGE where several services could be meant, RUNTIME-MISSING.
 */
export async function ownTypeormCommand(words: readonly string[], ports: Ports, say: Say): Promise<OwnCommandResult<AskedOfTypeorm>> {
  const { ownTypeorm } = await import('../runtimes/typeorm/own-command.ts')
  const owner = await ownerOf('typeorm', ports.cwd, ports)
  const spec = await specFor(owner, ports)
  const { exit, asked } = await ownTypeorm(spec, words, { cwd: ports.cwd, signal: ports.signal, say })
  if (asked === undefined) return { exit }
  const runtime = { datasource: asked.datasource, cwd: ports.cwd, transaction: asked.transaction }
  return { exit, left: { asked, request: requestOf('typeorm', owner, runtime, asked) } }
}

/** The same for Alembic, whose configuration (`-c`) says where the service is. */
export async function ownAlembicCommand(words: readonly string[], ports: Ports, say: Say): Promise<OwnCommandResult<AskedOfAlembic>> {
  const { ownAlembic } = await import('../runtimes/alembic/own-command.ts')
  const owner = await ownerOf('alembic', configFolder(words, ports.cwd), ports)
  const spec = await specFor(owner, ports)
  const { exit, python, asked } = await ownAlembic(spec, words, { cwd: ports.cwd, signal: ports.signal, say })
  if (asked === undefined) return { exit }
  const runtime: Record<string, string> = { python, section: asked.section, cwd: ports.cwd, x: JSON.stringify(asked.x) }
  if (asked.config !== null) runtime['config'] = asked.config
  if (asked.tag !== null) runtime['tag'] = asked.tag
  return { exit, left: { asked, request: requestOf('alembic', owner, runtime, { folders: [asked.folder], url: asked.url }) } }
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

async function specFor(owner: Owner | undefined, ports: Ports): Promise<RuntimeSpec> {
  const onOutput = () => {}
  if (owner === undefined)
    return { service: tellName(ports.cwd), folders: [ports.cwd], root: resolve(sep), options: {}, env: ports.env, onOutput }
  const { service, workspace } = owner
  // A command that only reads files needs no database; one that needs it says so in its own words.
  const connection = await connectionOf(service, workspace, { services: [service.name] }, ports).catch((error: unknown) => {
    if (error instanceof SkeinError && error.code === 'DATABASE-MISSING') return undefined
    throw error
  })
  return { ...runtimeSpec(service, workspace.root, ports, connection), onOutput }
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
