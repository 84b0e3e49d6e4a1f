import type { Ports } from '../model/ports.ts'
import { mergeEnvironments } from '../sources/overlays/environments.ts'
import { sources } from '../sources/index.ts'
import { openFolder } from '../util/folder.ts'
import { matchServices } from '../workspace/select.ts'
import { loadWorkspace } from '../workspace/workspace.ts'

/** What can be named on a command line: services with their aliases and tools, and environments. */
export interface Names {
  services: { name: string; aliases: readonly string[]; tool: string }[]
  environments: readonly string[]
  /** The migrations of the one service that a word means, from the names of its files; empty when it means none. Throws SOURCE-UNREADABLE. */
  migrationsOf(word: string): Promise<{ version: string; name: string }[]>
}

/** The names of a workspace, for completion: its file is read and nothing else, no database, no program of a service. Throws what the workspace deserves. */
export async function names(request: { file?: string; environment?: string }, ports: Pick<Ports, 'cwd' | 'env'>): Promise<Names> {
  const workspace = await loadWorkspace({ cwd: ports.cwd, file: request.file, env: ports.env, environment: request.environment })
  return {
    services: workspace.services.map(({ name, aliases, tool }) => ({ name, aliases, tool })),
    environments: workspace.environments,
    migrationsOf: async (word) => {
      const [service, ...others] = matchServices(workspace.services, word)
      const source = service === undefined || others.length > 0 ? undefined : sources.get(service.source)
      if (service === undefined || source === undefined) return []
      await source.ready?.()
      const folders = service.paths.map((path) => openFolder(path, workspace.root))
      const reading = source.read(folders, { runtime: service.runtime, root: workspace.root })
      const { environment, environments } = service
      return mergeEnvironments(source, folders, reading, { environment, environments }).migrations.map(({ version, name }) => ({
        version,
        name,
      }))
    },
  }
}
