import type { Risk } from '../model/migration.ts'
import type { Demand, Demands } from '../model/service.ts'
import type { ConfigNode } from './config-tree.ts'
import { environmentEntries } from './environments.ts'

const ranked: readonly Risk[] = ['low', 'medium', 'high']

/**
 * What the environment in force asks for before migrations run: `approve` and `backup` of skein.yaml, `require_approval` and `backup_required` of
 * environments.json; of two the one from the lower risk holds. Undefined when they ask for nothing. Throws SOURCE-UNREADABLE.
 */
export function demandsOf(
  { config, placeOf }: ConfigNode['file'],
  paths: readonly string[],
  root: string,
  environment: string | undefined,
): Demands | undefined {
  if (environment === undefined) return undefined
  const named = config.environments ?? {}
  const policy = Object.hasOwn(named, environment) ? named[environment] : undefined
  const ofFile = (key: 'approve' | 'backup'): Demand[] => {
    const from = policy?.[key]
    const path = ['environments', environment, key]
    return from === undefined ? [] : [{ key: path.join('.'), place: placeOf(path), from }]
  }
  const entries = environmentEntries(paths, root).filter((entry) => entry.name === environment)
  const approve = strictest([...ofFile('approve'), ...entries.flatMap((entry) => entry.approval ?? [])])
  const backup = strictest([...ofFile('backup'), ...entries.flatMap((entry) => entry.backup ?? [])])
  return approve === undefined && backup === undefined ? undefined : { approve, backup }
}

function strictest(demands: readonly Demand[]): Demand | undefined {
  return ranked.flatMap((risk) => demands.find((one) => one.from === risk) ?? [])[0]
}
