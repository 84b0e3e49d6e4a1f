import { depsGraph } from './graph.ts'
import type { DepsView } from './view.ts'

/** A Mermaid flowchart; arrows lead from what comes first to what comes after it, dotted where nobody wrote them down. */
export function mermaidDeps(view: DepsView, migrations: boolean): string {
  const { groups, nodes, edges } = depsGraph(view, migrations)
  const ids = new Map(nodes.map((node, index) => [node.key, `n${index + 1}`]))
  const byKey = new Map(nodes.map((node) => [node.key, node]))
  const node = (key: string) => {
    const one = byKey.get(key)
    if (one === undefined) return ''
    const style = one.outside ? ':::outside' : one.risk === 'high' ? ':::high' : one.risk === 'medium' ? ':::medium' : ''
    return `${ids.get(key)}["${[one.title, ...one.lines].map(escaped).join('<br/>')}"]${style}`
  }
  const framed = new Set(groups.flatMap((group) => group.nodes))
  const lines = ['flowchart TD']
  groups.forEach((group, index) => {
    lines.push(`  subgraph g${index + 1}["${escaped(group.title)}"]`, ...group.nodes.map((key) => `    ${node(key)}`), '  end')
  })
  for (const { key } of nodes) if (!framed.has(key)) lines.push(`  ${node(key)}`)
  for (const { from, to, label, implied } of edges) {
    const text = label === '' ? '' : `|"${escaped(label)}"|`
    lines.push(`  ${ids.get(from)} ${implied ? '-.->' : '-->'}${text} ${ids.get(to)}`)
  }
  if (nodes.some((one) => one.outside)) lines.push('  classDef outside stroke-dasharray: 4 3')
  if (nodes.some((one) => one.risk === 'high')) lines.push('  classDef high stroke:#c62828,stroke-width:2px')
  if (nodes.some((one) => one.risk === 'medium')) lines.push('  classDef medium stroke:#b26a00,stroke-width:2px')
  return `${lines.join('\n')}\n`
}

/** Mermaid knows entities as `#quot;`, and reads Markdown between backticks. */
function escaped(text: string): string {
  return text.replace(/[#"<>&`\\;]/g, (sign) => `#${sign.codePointAt(0)};`)
}
