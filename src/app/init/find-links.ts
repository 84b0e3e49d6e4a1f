import type { MadeObject } from '../../sql/made-objects.ts'
import type { Reference } from '../../sql/references.ts'
import type { ServiceFacts } from './read-facts.ts'

/** One service stands on another: it names what the other makes. Services are known by their paths. */
export interface Link {
  from: string
  to: string
  /** Of the other service, the last of the migrations that make what is named. */
  version: string
  /** What foreign keys lead to, and what is named otherwise; each once. */
  keys: string[]
  uses: string[]
}

/** A name that several other services make, or that the service may make itself where nobody can read it: it is not told which one is meant. */
export interface Unclear {
  from: string
  name: string
  makers: string[]
}

/** The folder that holds all these paths, '' for that of the workspace. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map((path) => path.split('/').slice(0, -1))
  const end = first.findIndex((part, at) => rest.some((other) => other[at] !== part))
  return first.slice(0, end < 0 ? first.length : end).join('/')
}

/** Who names what others make, by the text of the files. What a service makes itself is its own. Pure. */
export function findLinks(all: readonly ServiceFacts[]): { links: Link[]; unclear: Unclear[] } {
  const links = new Map<string, Link & { position: number }>()
  const unclear = new Map<string, Unclear>()
  for (const { path: from, migrations, computes } of all) {
    const own = migrations.flatMap((migration) => migration.made)
    const named = new Map(migrations.flatMap((one) => one.references).map((one) => [JSON.stringify(one), one]))
    for (const reference of named.values()) {
      if (own.some((made) => isIt(made, reference))) continue
      const makers = nearest(
        from,
        all.flatMap((other) => (other.path === from ? [] : makerIn(other, reference))),
      )
      const [maker] = makers
      if (maker === undefined) continue
      if (makers.length > 1 || computes) {
        unclear.set(`${from}\n${reference.name}`, { from, name: reference.name, makers: makers.map(({ path }) => path) })
        continue
      }
      const key = `${from}\n${maker.path}`
      const link = links.get(key) ?? { from, to: maker.path, position: -1, version: '', keys: [], uses: [] }
      links.set(key, link)
      if (maker.position > link.position) Object.assign(link, { position: maker.position, version: maker.version })
      const list = reference.foreignKey ? link.keys : link.uses
      if (reference.kind !== 'column' && !list.includes(reference.name)) list.push(reference.name)
    }
  }
  return {
    links: [...links.values()].map(({ from, to, version, keys, uses }) => ({
      from,
      to,
      version,
      keys,
      uses: uses.filter((name) => !keys.includes(name)),
    })),
    unclear: [...unclear.values()],
  }
}

/** Of several that make the same, those in the folders nearest to `path`: platforms that lie side by side have a table `users` each. */
function nearest<Maker extends { path: string }>(path: string, makers: readonly Maker[]): Maker[] {
  const depths = makers.map(
    (maker) =>
      commonFolder([path, maker.path])
        .split('/')
        .filter((part) => part !== '').length,
  )
  return makers.filter((_, at) => depths[at] === Math.max(...depths))
}

function makerIn({ path, migrations }: ServiceFacts, reference: Reference): { path: string; version: string; position: number }[] {
  const position = migrations.findIndex(({ made }) => made.some((one) => isIt(one, reference)))
  const migration = migrations[position]
  return migration === undefined ? [] : [{ path, version: migration.version, position }]
}

const kinds: Record<Reference['kind'], readonly MadeObject['kind'][]> = {
  relation: ['table', 'view', 'materialized view', 'sequence'],
  column: ['column'],
  function: ['function'],
  type: ['type'],
}

/** By name; a schema tells them apart only where both say it. */
function isIt(made: MadeObject, { kind, schema, name, table }: Reference): boolean {
  if (made.name !== name || !kinds[kind].includes(made.kind) || (kind === 'column' && made.table !== table)) return false
  return made.schema === undefined || schema === undefined || made.schema === schema
}
