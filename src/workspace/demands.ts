import type { Risk } from '../model/migration.ts'
import type { Demand, Demands } from '../model/service.ts'
import type { ConfigNode } from './config-tree.ts'
import { environmentEntries } from './environments.ts'

const ranked: readonly Risk[] = ['low', 'medium', 'high']

/**
 * What the environment in force asks for before migrations run: `approve` and `backup` of the service's file and of those that include it, `require_approval`
 * and `backup_required` of environments.json; of several the one from the lowest risk holds. Undefined when they ask for nothing. Throws SOURCE-UNREADABLE.
 */
export function demandsOf(
  { file, outer = [] }: Pick<ConfigNode, 'file' | 'outer'>,
  paths: readonly string[],
  root: string,
  environment: string | undefined,
): Demands | undefined {
  if (environment === undefined) return undefined
  const ofFiles = (key: 'approve' | 'backup'): Demand[] =>
    [file, ...outer].flatMap(({ config: { environments: named = {} }, placeOf }) => {
      const from = Object.hasOwn(named, environment) ? named[environment]?.[key] : undefined
      const path = ['environments', environment, key]
      return from === undefined ? [] : [{ key: path.join('.'), place: placeOf(path), from }]
    })
  const entries = environmentEntries(paths, root).filter((entry) => entry.name === environment)
  const approve = strictest([...ofFiles('approve'), ...entries.flatMap((entry) => entry.approval ?? [])])
  const backup = strictest([...ofFiles('backup'), ...entries.flatMap((entry) => entry.backup ?? [])])
  return approve === undefined && backup === undefined ? undefined : { approve, backup }
}

function strictest(demands: readonly Demand[]): Demand | undefined {
  return ranked.flatMap((risk) => demands.find((one) => one.from === risk) ?? [])[0]
}
