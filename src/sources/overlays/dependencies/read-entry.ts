import type { Node } from 'jsonc-parser'
import type { MigrationMeta, Risk } from '../../../model/migration.ts'
import { parseDuration } from '../../../util/duration.ts'
import { didYouMean } from '../../../util/nearest.ts'
import { type CrossNeed, readCross } from './cross-service.ts'
import type { Reader } from './reader.ts'

/** One entry of `migrations`, checked as far as it can be without knowing the files. */
export interface Entry {
  /** As written: an id or a version. */
  key: string
  keyNode: Node
  reader: Reader
  meta: MigrationMeta
  dependsOn: { text: string; node: Node }[]
  cross: CrossNeed[]
  environmentNode?: Node
}

const keys = [
  'description',
  'depends_on',
  'affects_tables',
  'estimated_duration',
  'risk_level',
  'rollback_safe',
  'environment',
  'cross_service_dependencies',
]
const risks: readonly Risk[] = ['low', 'medium', 'high']

/** Reads an entry; what does not fit is said and left out, the rest holds. */
export function readEntry(reader: Reader, key: string, keyNode: Node, value: Node): Entry {
  const found = reader.object(value, key, keys)
  const read = <Value>(name: string, how: (node: Node, what: string) => Value): Value | undefined => {
    const node = found.get(name)
    return node === undefined ? undefined : how(node, `${name} of ${key}`)
  }
  const dependsOn = read('depends_on', reader.texts)
  const cross = read('cross_service_dependencies', (node, what) => readCross(reader, node, what)) ?? []
  const meta: MigrationMeta = {
    description: read('description', reader.text),
    dependsOn: dependsOn?.map(({ text }) => text),
    affectsTables: read('affects_tables', reader.texts)?.map(({ text }) => text),
    estimatedMs: read('estimated_duration', (node, what) => duration(reader, node, what)),
    risk: read('risk_level', (node, what) => riskOf(reader, node, what)),
    rollbackSafe: read('rollback_safe', reader.flag),
    environment: read('environment', reader.text),
    crossService: cross.length === 0 ? undefined : cross.map(({ service, version }) => ({ service, version })),
  }
  return { key, keyNode, reader, meta, dependsOn: dependsOn ?? [], cross, environmentNode: found.get('environment') }
}

function duration(reader: Reader, node: Node, what: string): number | undefined {
  const text = reader.text(node, what)
  const parsed = text === undefined ? undefined : parseDuration(text)
  if (text !== undefined && parsed === undefined)
    reader.say('DEPENDENCIES-VALUE', 'error', node, `${what}: "${text.slice(0, 40)}" is no duration`, 'write 30s, 5m, 1h30m or 250ms')
  return parsed
}

function riskOf(reader: Reader, node: Node, what: string): Risk | undefined {
  const text = reader.text(node, what)
  const risk = risks.find((one) => one === text)
  if (text !== undefined && risk === undefined) {
    const message = `${what}: "${text.slice(0, 40)}" is no risk${didYouMean(text, risks)}`
    reader.say('DEPENDENCIES-VALUE', 'error', node, message, 'write low, medium or high')
  }
  return risk
}
