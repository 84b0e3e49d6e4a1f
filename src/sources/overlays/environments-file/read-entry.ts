import type { Node } from 'jsonc-parser'
import type { Place } from '../../../model/errors.ts'
import type { Risk } from '../../../model/migration.ts'
import { placeAt } from '../dependencies/place.ts'
import type { Reader } from '../dependencies/reader.ts'

/** One key of an environment, as far as it asks for something. */
export interface Asked {
  /** As people would call it: `production.backup_required of migrations/environments.json`. */
  key: string
  place: Place
}

/** A demand, with the lowest risk that it is about. */
export interface AskedFrom extends Asked {
  from: Risk
}

/** What environments.json says of one environment. A key that is absent, or false, asks for nothing. */
export interface EnvironmentEntry {
  name: string
  place: Place
  reader: Reader
  keyNode: Node
  /** `allow_destructive_operations: false`. */
  noDestruction?: Asked
  /** `allow_reset: false`. */
  noReset?: Asked
  /** `require_approval` with true, a risk, or a list of risks. */
  approval?: AskedFrom
  /** `backup_required`, likewise. */
  backup?: AskedFrom
  /** `allow_test_data`, and where it is said. */
  testData?: Asked & { allowed: boolean }
  /** Files that `seed` runs in this environment, and no others; empty: all. */
  seeds: { text: string; node: Node }[]
  /** `migrations` as a list: ids, versions or globs. */
  migrations?: { text: string; node: Node }[]
  /** `migrations` as a text: the folder. */
  folder?: { text: string; node: Node }
}

const known = [
  'description',
  'migrations',
  'seeds',
  'allow_destructive_operations',
  'allow_reset',
  'allow_test_data',
  'require_approval',
  'backup_required',
]

/** Reads one environment; what has the wrong type is a finding of `reader` and left out. Undefined when it is no object. */
export function readEntry(reader: Reader, name: string, keyNode: Node, value: Node): EnvironmentEntry | undefined {
  const found = reader.object(value, `environment ${name}`, known)
  if (value.type !== 'object') return undefined
  const { file, text } = reader.file
  const asked = (key: string, node: Node | undefined): Asked | undefined =>
    node === undefined ? undefined : { key: `${name}.${key} of ${file}`, place: placeAt(file, text, node.offset) }
  const forbids = (key: string): Asked | undefined => {
    const node = found.get(key)
    return node !== undefined && reader.flag(node, `${key} of ${name}`) === false ? asked(key, node) : undefined
  }
  const demands = (key: string): AskedFrom | undefined => {
    const node = found.get(key)
    const by = asked(key, node)
    const from = node === undefined ? undefined : fromRisk(reader, node, `${key} of ${name}`)
    return by === undefined || from === undefined ? undefined : { ...by, from }
  }
  const description = found.get('description')
  if (description !== undefined) reader.text(description, `description of ${name}`)
  const testData = found.get('allow_test_data')
  const allowed = testData === undefined ? undefined : reader.flag(testData, `allow_test_data of ${name}`)
  const [migrations, seeds] = [found.get('migrations'), found.get('seeds')]
  return {
    name,
    place: placeAt(file, text, keyNode.offset),
    reader,
    keyNode,
    noDestruction: forbids('allow_destructive_operations'),
    noReset: forbids('allow_reset'),
    approval: demands('require_approval'),
    backup: demands('backup_required'),
    ...(allowed === undefined
      ? {}
      : { testData: { allowed, key: `${name}.allow_test_data of ${file}`, place: placeAt(file, text, testData?.offset ?? 0) } }),
    seeds: seeds === undefined ? [] : textOrTexts(reader, seeds, `seeds of ${name}`),
    ...(migrations?.type === 'string' ? { folder: { text: String(migrations.value), node: migrations } } : {}),
    ...(migrations === undefined || migrations.type === 'string' ? {} : { migrations: reader.texts(migrations, `migrations of ${name}`) }),
  }
}

const ranked: readonly Risk[] = ['low', 'medium', 'high']

/** The lowest risk that something is asked for from: `true` means every one, a list its lowest; false and an empty list ask for nothing. */
function fromRisk(reader: Reader, node: Node, what: string): Risk | undefined {
  if (node.type === 'boolean') return node.value === true ? 'low' : undefined
  if (node.type !== 'string' && node.type !== 'array') return reader.flag(node, what) === true ? 'low' : undefined
  const risks = textOrTexts(reader, node, what)
  for (const risk of risks)
    if (!ranked.some((one) => one === risk.text))
      reader.say(
        'ENVIRONMENTS-VALUE',
        'error',
        risk.node,
        `${what}: there is no risk ${risk.text}`,
        'write true, false, low, medium or high',
      )
  return ranked.find((one) => risks.some((risk) => risk.text === one))
}

function textOrTexts(reader: Reader, node: Node, what: string): { text: string; node: Node }[] {
  return node.type === 'string' ? [{ text: String(node.value), node }] : reader.texts(node, what)
}
