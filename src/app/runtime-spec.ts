import type { Ports } from '../model/ports.ts'
import type { Service } from '../model/service.ts'
import { connectionEnvironment, connectionVariables } from '../postgres/connection-environment.ts'
import type { ConnectionSpec } from '../postgres/session.ts'
import type { RuntimeSpec } from '../runtimes/runtime.ts'

/**
 * Where and with what the code of a service runs. Its program is told the connection that the plan is for, in every form that programs read
 * (DATABASE_URL, PG*, DB_*), and in the variable that `runtime: { variable: … }` names. What the shell says of another connection is left out.
 */
export function runtimeSpec(
  service: Service,
  root: string,
  ports: Pick<Ports, 'env'>,
  spec: ConnectionSpec | undefined,
): Omit<RuntimeSpec, 'onOutput'> {
  const { variable, ...options } = service.runtime ?? {}
  const env: Record<string, string | undefined> = { ...ports.env }
  if (spec !== undefined) {
    for (const name of connectionVariables) delete env[name]
    Object.assign(env, connectionEnvironment(spec))
    if (variable !== undefined) env[variable] = env['DATABASE_URL']
  }
  return { service: service.name, folders: service.paths, root, options: variable === undefined ? options : { ...options, variable }, env }
}
