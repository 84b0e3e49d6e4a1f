import type { Node } from 'jsonc-parser'
import { members } from './parse-json.ts'
import type { Reader } from './reader.ts'

/** Something of another service that comes before a migration, as written; who and what that is, the workspace knows. */
export interface CrossNeed {
  service: string
  version?: string
  node: Node
}

const form = '"service", "service@version", "service:version" or { "service": …, "version": … }'

/**
 * `cross_service_dependencies` in every form that people write: a list of `service`, `service@version`, `service:version`,
 * `{ service, version | migration }`, or an object of service → version, versions or null (all of it).
 */
export function readCross(reader: Reader, node: Node, what: string): CrossNeed[] {
  if (node.type === 'object') return members(node).flatMap(({ name, value }) => ofService(reader, name, value, what))
  if (node.type === 'string') return ofText(reader, node, what)
  if (node.type !== 'array') {
    reader.texts(node, what)
    return []
  }
  return (node.children ?? []).flatMap((item) => {
    if (item.type === 'object') return ofObject(reader, item, what)
    if (item.type === 'string') return ofText(reader, item, what)
    reader.say('DEPENDENCIES-TYPE', 'error', item, `an item of ${what} is neither a text nor an object`, `write ${form}`)
    return []
  })
}

function ofText(reader: Reader, node: Node, what: string): CrossNeed[] {
  const [, service = '', version] = /^([^@:]+?)(?:\s*[@:]\s*(.+))?$/s.exec(String(node.value).trim()) ?? []
  if (service !== '') return [{ service, node, ...(version === undefined ? {} : { version }) }]
  reader.say('DEPENDENCIES-VALUE', 'error', node, `${what}: "${String(node.value).slice(0, 60)}" names no service`, `write ${form}`)
  return []
}

function ofObject(reader: Reader, item: Node, what: string): CrossNeed[] {
  const found = reader.object(item, `an item of ${what}`, ['service', 'version', 'migration', 'reason', 'description'])
  const [service, version] = [found.get('service'), found.get('version') ?? found.get('migration')]
  if (service === undefined) {
    reader.say('DEPENDENCIES-TYPE', 'error', item, `an item of ${what} names no service`, `write ${form}`)
    return []
  }
  const name = reader.text(service, `the service in ${what}`)
  return name === undefined ? [] : ofService(reader, name, version, what, service)
}

function ofService(reader: Reader, service: string, version: Node | undefined, what: string, node = version): CrossNeed[] {
  if (version === undefined || version.type === 'null') return node === undefined ? [] : [{ service, node }]
  if (version.type === 'array') {
    return reader.texts(version, `${service} in ${what}`).map((item) => ({ service, version: item.text, node: item.node }))
  }
  const text = reader.text(version, `the version of ${service} in ${what}`)
  return text === undefined ? [] : [{ service, version: text, node: version }]
}
