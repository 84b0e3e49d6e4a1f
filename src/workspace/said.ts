import type { Place } from '../model/errors.ts'
import type { ConfigNode } from './config-tree.ts'
import { layersOf } from './environments.ts'

/** Keys of one service that a workspace file says, each with its place; what is not in it is a default or told from the files. */
export type Said = Readonly<Record<string, Place>>

const own = [
  'path',
  'tool',
  'table',
  'role',
  'schema',
  'needs',
  'tier',
  'service_value',
  'lock_keys',
  'columns',
  'runtime',
  'environments',
  'seeds',
]
const shared = ['database', 'ledger', 'hooks']
const policies = ['changed', 'out-of-order', 'ahead'] as const

/** What the file says of a service: its own keys, those it shares with all services of the file, and the policies in force. */
export function saidOf({ file }: ConfigNode, short: string, environment: string | undefined): Said {
  const { config, placeOf } = file
  const entry: Record<string, unknown> = config.services?.[short] ?? {}
  const said: Record<string, Place> = {}
  for (const key of [...own, ...shared]) if (entry[key] !== undefined) said[key] = placeOf(['services', short, key], 'key')
  for (const key of shared) if ((config as Record<string, unknown>)[key] !== undefined) said[key] ??= placeOf([key], 'key')
  for (const key of policies) {
    const layer = layersOf(config, short, environment).find(({ values }) => values[key] !== undefined)
    if (layer !== undefined) said[key] = placeOf([...layer.path, key], 'key')
  }
  return said
}
