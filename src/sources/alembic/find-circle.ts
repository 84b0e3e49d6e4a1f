import { type Node, parentsOf } from './order.ts'

/** One circle among the revisions, as a path that ends where it begins; undefined where there is none. */
export function findCircle(nodes: readonly Node[]): string[] | undefined {
  const byId = new Map(nodes.map((node) => [node.revision, node]))
  const done = new Set<string>()
  for (const { revision } of nodes) {
    const path: string[] = []
    const onPath = new Set<string>()
    // A stack of its own: chains of ten thousand revisions are deeper than calls may nest.
    const stack: { id: string; left: string[] }[] = []
    const enter = (id: string) => {
      path.push(id)
      onPath.add(id)
      const node = byId.get(id)
      stack.push({ id, left: node === undefined ? [] : parentsOf(node) })
    }
    if (!done.has(revision)) enter(revision)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.left.shift()
      if (next === undefined) {
        stack.pop()
        path.pop()
        onPath.delete(top.id)
        done.add(top.id)
      } else if (onPath.has(next)) return [...path.slice(path.indexOf(next)), next]
      else if (!done.has(next)) enter(next)
    }
  }
  return undefined
}
