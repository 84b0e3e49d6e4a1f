import { SkeinError } from '../model/errors.ts'
import type { Finding } from '../model/finding.ts'
import { buildGraph } from '../plan/build-graph.ts'
import { reconcile } from '../plan/reconcile.ts'
import { needCircle } from '../plan/service-order.ts'
import type { Loaded, LoadedService } from './load.ts'
import { tiersOf } from './survey.ts'

/**
 * What is wrong with the order of the whole workspace, told by its files alone: unknown services and tiers, services or single migrations that need
 * each other in a circle. Findings carry the code of the error that a plan would throw.
 */
export function orderFindings(loaded: Loaded): Finding[] {
  try {
    const circle = needCircle(
      loaded.all.map((one) => one.service),
      tiersOf(loaded),
    )
    if (circle === undefined) {
      buildGraph({ services: loaded.all.map(asIfNew), tiers: tiersOf(loaded) })
      return []
    }
    const remedy = 'take one of these needs out, or say which migration is needed: SERVICE@VERSION'
    return [{ rule: 'NEED-CYCLE', severity: 'error', message: `services need each other in a circle: ${circle.join(' → ')}`, remedy }]
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    const { hint, service, place } = error.details
    return [{ rule: error.code, severity: 'error', message: error.message, remedy: hint, service, place }]
  }
}

/** As if nothing were applied: names and needs, no file is read. */
function asIfNew({ service, source, migrations }: LoadedService) {
  const nothing = { exists: false, applied: new Map(), unknown: [] }
  return reconcile(
    {
      name: service.name,
      tool: service.tool,
      history: service.name,
      needs: service.needs,
      tier: service.tier,
      root: service.root,
      policies: service.policies,
      migrations: migrations.map(({ version, name, id, parents, needs }) => ({ version, name, id, parents, needs, up: null, down: null })),
      compare: (a, b) => source.compare(a, b),
      keeps: 'every-version',
      toolView: nothing,
      ledger: null,
      meaningChanged: () => false,
    },
    { content: false, downs: false },
  )
}
