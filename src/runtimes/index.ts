import type { Runtime, RuntimeSpec, StartRuntime } from './runtime.ts'

/** How the runtime of each tool is loaded, by the tool's name. A new one is a folder beside these and a line here. */
const loaders: Readonly<Record<string, () => Promise<StartRuntime>>> = {
  typeorm: async () => (await import('./typeorm/index.ts')).startTypeorm,
  alembic: async () => (await import('./alembic/index.ts')).startAlembic,
}

/** Starts the child process that runs a service's migrations. Throws RUNTIME-MISSING. */
export async function startRuntime(tool: string, spec: RuntimeSpec): Promise<Runtime> {
  const load = loaders[tool]
  if (load === undefined) throw new Error(`there is no runtime for ${tool}`)
  return (await load())(spec)
}
