/** A revision in the graph: what it stands on, `down_revision` apart from `depends_on`. */
export interface Node {
  revision: string
  /** `down_revision`, as written. */
  downs: readonly string[]
  /** `depends_on`, resolved, without what an ancestor depends on already. */
  depends: readonly string[]
}

/** What a revision stands on: both kinds, each once. */
export function parentsOf(node: Node): string[] {
  return [...new Set([...node.downs, ...node.depends])]
}

/**
 * The order in which Alembic runs everything: its topological walk from the heads, reversed (1.16.5 script/revision.py, _topological_sort). Heads are
 * taken in the order of `nodes`, which is that of the files; parents in the order in which they are written. The graph must be whole and without circles.
 * Alembic itself takes several `depends_on` of one revision in the chance order of a set; then any order of theirs is as good as ours.
 */
export function orderOf(nodes: readonly Node[]): Node[] {
  const byId = new Map(nodes.map((node) => [node.revision, node]))
  const stoodOn = new Set(nodes.flatMap(parentsOf))
  const todo = new Set(byId.keys())
  const heads = nodes.filter((node) => !stoodOn.has(node.revision)).map((node) => node.revision)
  const ancestors = heads.map((head) => withAncestors(head, byId))
  const output: Node[] = []
  let at = 0
  while (heads.length > 0) {
    const candidate = heads[at] as string
    // Another head stands on this one: that one goes first.
    const later = ancestors.findIndex((set, index) => index !== at && set.has(candidate))
    if (later >= 0) {
      at = later
      continue
    }
    const node = byId.get(candidate) as Node
    if (todo.delete(candidate)) output.push(node)
    const [first, ...more] = parentsOf(node).filter((parent) => todo.has(parent) && !heads.includes(parent))
    if (first === undefined) {
      heads.splice(at, 1)
      ancestors.splice(at, 1)
      at = Math.max(at - 1, 0)
    } else if (node.depends.length === 0 && node.downs.length === 1) {
      heads[at] = first
      ancestors[at]?.delete(candidate)
    } else {
      heads[at] = first
      heads.push(...more)
      ancestors[at] = withAncestors(first, byId)
      ancestors.push(...more.map((head) => withAncestors(head, byId)))
    }
  }
  return output.reverse()
}

/** A revision and everything below it. */
export function withAncestors(
  start: string,
  byId: ReadonlyMap<string, Node>,
  kinds: (node: Node) => readonly string[] = parentsOf,
): Set<string> {
  const seen = new Set<string>()
  const todo = [start]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const node = byId.get(next)
    if (node !== undefined) todo.push(...kinds(node))
  }
  return seen
}
