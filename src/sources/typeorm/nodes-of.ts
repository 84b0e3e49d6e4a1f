/** Every node of a syntax tree, outer ones first, of any depth. Follows whatever has a `type`, so it knows no kind of node by name. */
export function* nodesOf(tree: unknown): Generator<{ type: string }> {
  const waiting = [tree]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null) continue
    if (isNode(next)) yield next
    for (const part of Object.values(next).reverse()) waiting.push(part)
  }
}

function isNode(tree: object): tree is { type: string } {
  return 'type' in tree && typeof tree.type === 'string'
}
