import { type DepsView, isDeclared, type MigrationView, type NeedView, oneLine, type ServiceView } from './view.ts'

/** A box of the picture. */
export interface GraphNode {
  key: string
  /** First line, and smaller lines below it. */
  title: string
  lines: string[]
  risk: string | null
  /** Something that was not selected, and is there only because a selected one needs it. */
  outside: boolean
}

/** An arrow from what comes first to what comes after it. */
export interface GraphEdge {
  from: string
  to: string
  label: string
  /** Implied by tiers or by a tool's order, not written down. */
  implied: boolean
}

/** What every drawing shows, so that no two can disagree. */
export interface DepsGraph {
  /** Frames around nodes, one for each service; empty where each service is one node, or where there is one service. */
  groups: { title: string; nodes: string[] }[]
  nodes: GraphNode[]
  edges: GraphEdge[]
}

/** Services as boxes, or with `migrations` each migration as one, framed by its service where there are several. */
export function depsGraph(view: DepsView, migrations: boolean): DepsGraph {
  const graph = migrations ? ofMigrations(view) : ofServices(view)
  return { ...graph, edges: withoutShortcuts(graph.edges) }
}

function ofServices(view: DepsView): DepsGraph {
  const nodes = new Map(view.services.map((service) => [service.name, serviceNode(service)]))
  const edges: GraphEdge[] = []
  for (const service of view.services) {
    const single = service.migrations.flatMap((migration) => migration.needs.map((need) => ({ migration, need })))
    for (const need of service.needs) {
      outside(nodes, need, need.service)
      const label = need.id === null ? '' : oneLine(need.id)
      edges.push({ from: need.service, to: service.name, label, implied: !isDeclared(need) })
    }
    for (const { migration, need } of single) {
      outside(nodes, need, need.service)
      const label = oneLine(`${need.id ?? 'all'} → ${migration.id}`)
      edges.push({ from: need.service, to: service.name, label, implied: false })
    }
  }
  return { groups: [], nodes: [...nodes.values()], edges: merged(edges) }
}

function ofMigrations(view: DepsView): DepsGraph {
  const nodes = new Map<string, GraphNode>()
  const edges: GraphEdge[] = []
  const byName = new Map(view.services.map((service) => [service.name, service]))
  for (const service of view.services) {
    for (const migration of service.migrations) nodes.set(keyOf(service.name, migration.id), migrationNode(service.name, migration))
    // A service without migrations still has its place.
    if (service.migrations.length === 0) nodes.set(service.name, serviceNode(service))
  }
  for (const service of view.services) {
    const [first] = service.migrations
    const start = first === undefined ? service.name : keyOf(service.name, first.id)
    for (const need of service.needs) edges.push({ from: end(need), to: start, label: '', implied: !isDeclared(need) })
    service.migrations.forEach((migration, index) => {
      const to = keyOf(service.name, migration.id)
      const before = service.migrations[index - 1]
      const stands = migration.dependsOn?.filter((id) => nodes.has(keyOf(service.name, id)))
      for (const id of stands ?? []) edges.push({ from: keyOf(service.name, id), to, label: '', implied: false })
      if (stands === undefined && before !== undefined) edges.push({ from: keyOf(service.name, before.id), to, label: '', implied: true })
      for (const need of migration.needs) edges.push({ from: end(need), to, label: '', implied: false })
    })
  }
  const frames = view.services.map(({ name, migrations }) => ({ title: oneLine(name), nodes: migrations.map(({ id }) => keyOf(name, id)) }))
  const filled = frames.filter((frame) => frame.nodes.length > 0)
  return { groups: filled.length > 1 ? filled : [], nodes: [...nodes.values()], edges: merged(edges) }

  /** Where a need is behind us: at its migration, or at the last one of its service. */
  function end(need: NeedView): string {
    const service = byName.get(need.service)
    const id = need.id ?? service?.migrations.at(-1)?.id
    const key = id === undefined ? need.service : keyOf(need.service, id)
    return nodes.has(key) ? key : outside(nodes, need, key)
  }
}

function outside(nodes: Map<string, GraphNode>, need: NeedView, key: string): string {
  if (!nodes.has(key)) {
    const lines = key === need.service || need.id === null ? [] : [oneLine(need.id)]
    nodes.set(key, { key, title: oneLine(need.service), lines, risk: null, outside: true })
  }
  return key
}

function keyOf(service: string, id: string): string {
  return `${service}\0${id}`
}

function serviceNode(service: ServiceView): GraphNode {
  const number = service.migrations.length
  const count = `${number} migration${number === 1 ? '' : 's'}`
  const tier = service.tier === null ? [] : [oneLine(service.tier)]
  return { key: service.name, title: oneLine(service.name), lines: [...tier, count], risk: null, outside: false }
}

function migrationNode(service: string, migration: MigrationView): GraphNode {
  const facts = [
    migration.risk === null ? [] : [`${migration.risk} risk`],
    migration.rollbackSafe === false ? ['no way back'] : [],
    migration.environment === null ? [] : [migration.environment],
  ].flat()
  const lines = facts.length === 0 ? [] : [oneLine(facts.join(' · '))]
  return { key: keyOf(service, migration.id), title: oneLine(migration.id), lines, risk: migration.risk, outside: false }
}

/** One arrow for each pair; what is written down wins over what is implied, labels are kept apart. */
function merged(edges: readonly GraphEdge[]): GraphEdge[] {
  const found = new Map<string, GraphEdge>()
  for (const edge of edges) {
    const key = `${edge.from}\n${edge.to}`
    const other = found.get(key)
    if (other === undefined) found.set(key, edge)
    else {
      const labels = [...new Set([...other.label.split(', '), edge.label].filter((label) => label !== ''))]
      found.set(key, { ...edge, label: labels.join(', '), implied: edge.implied && other.implied })
    }
  }
  return [...found.values()]
}

/** Leaves out implied arrows that the others imply as well: tiers would draw a net of them. */
function withoutShortcuts(edges: readonly GraphEdge[]): GraphEdge[] {
  const out = new Map<string, Set<string>>()
  for (const { from, to } of edges) out.set(from, (out.get(from) ?? new Set()).add(to))
  return edges.filter((edge) => {
    if (!edge.implied) return true
    const seen = new Set<string>()
    const todo = [...(out.get(edge.from) ?? [])].filter((next) => next !== edge.to)
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (at === edge.to) {
        out.get(edge.from)?.delete(edge.to)
        return false
      }
      if (seen.has(at)) continue
      seen.add(at)
      todo.push(...(out.get(at) ?? []))
    }
    return true
  })
}
