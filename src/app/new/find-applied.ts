import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import type { Loaded, LoadedService } from '../load.ts'
import type { Looked } from '../look.ts'
import type { Request } from '../request.ts'
import { survey } from '../survey.ts'
import type { Clash, Unit } from './find-clashes.ts'

/** What the databases say of clashing migrations: by service; undefined where its database could not be asked. */
export async function lookAtServices(request: Request, ports: Ports, loaded: Loaded): Promise<(one: LoadedService) => Looked | SkeinError> {
  let failed: SkeinError | undefined
  const found = await survey(request, ports, { loaded, only: 'selected', content: false }).catch((error: unknown) => {
    // No database is configured, or a variable is not set: as good as one that does not answer.
    if (!(error instanceof SkeinError) || !/^(?:DATABASE-|VARIABLE-|URL-|EMBEDDED-|CONNECT-)/.test(error.code)) throw error
    failed = error
    return undefined
  })
  return (one) =>
    found?.looked.get(one.service.name) ??
    found?.unreachable.find((each) => each.loaded.service.name === one.service.name)?.error ??
    failed ??
    new SkeinError('CONNECT-FAILED', { message: 'no database was asked' })
}

/** Those of a clash that are applied; 'unclear' where the version is, and nothing tells whose. */
export function appliedOf(clash: Clash, { applied, ledger }: Looked): Unit[] | 'unclear' {
  const isApplied = (version: string) => applied.applied.has(version) || applied.unknown.includes(version)
  const recorded = clash.filter(({ version }) => isApplied(version) || ledger?.applied.some((row) => row.version === version) === true)
  if (recorded.length === 0) return []
  // Their versions tell them apart, as stamped ones and names of classes do.
  if (new Set(clash.map(({ version }) => version)).size === clash.length) return recorded
  const names = new Set(ledger?.applied.filter((row) => row.version === clash[0]?.version).map((row) => row.name))
  const told = clash.filter(({ id }) => [...names].some((name) => id === name || id.endsWith(`_${name}`)))
  return told.length === 1 ? told : 'unclear'
}
