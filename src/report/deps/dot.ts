import { depsGraph } from './graph.ts'
import type { DepsView } from './view.ts'

/** Graphviz: `skein deps --format dot | dot -Tpng`. Dashed arrows are implied, dashed boxes were not selected. */
export function dotDeps(view: DepsView, migrations: boolean): string {
  const { groups, nodes, edges } = depsGraph(view, migrations)
  const ids = new Map(nodes.map((node, index) => [node.key, `n${index + 1}`]))
  const lines = [
    'digraph skein {',
    '  rankdir=TB',
    '  node [shape=box, style=rounded, fontname="sans-serif"]',
    '  edge [fontname="sans-serif", fontsize=10]',
  ]
  for (const node of nodes) {
    const colour = node.risk === 'high' ? ', color="#c62828"' : node.risk === 'medium' ? ', color="#b26a00"' : ''
    const dashed = node.outside ? ', style="rounded,dashed"' : ''
    lines.push(`  ${ids.get(node.key)} [label=${quoted([node.title, ...node.lines])}${colour}${dashed}]`)
  }
  groups.forEach((group, index) => {
    lines.push(`  subgraph cluster_${index + 1} {`, `    label=${quoted([group.title])}`)
    for (const key of group.nodes) lines.push(`    ${ids.get(key)}`)
    lines.push('  }')
  })
  for (const { from, to, label, implied } of edges) {
    const options = [label === '' ? [] : [`label=${quoted([label])}`], implied ? ['style=dashed'] : []].flat()
    lines.push(`  ${ids.get(from)} -> ${ids.get(to)}${options.length === 0 ? '' : ` [${options.join(', ')}]`}`)
  }
  return `${[...lines, '}'].join('\n')}\n`
}

/** In a label a backslash begins an escape; `\n` between lines is meant. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"')).join('\\n')}"`
}
