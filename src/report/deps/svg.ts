import { depsGraph, type GraphNode } from './graph.ts'
import { type Box, type LaidOut, layOut } from './lay-out.ts'
import { size, sizeOfLabel } from './letters.ts'
import type { DepsView } from './view.ts'

/** A picture that needs nothing else: no script, no font, no link. Light and dark by the reader's setting. */
export function svgDeps(view: DepsView, migrations: boolean): string {
  const graph = depsGraph(view, migrations)
  if (graph.nodes.length === 0) return drawn(160, 40, [text(80, 24, 'line', 'nothing to draw')])
  const { width, height, frames, edges, nodes } = layOut(graph)
  return drawn(width, height, [
    ...frames.flatMap((one) => frame(one.box, one.title)),
    ...edges.flatMap(arrow),
    ...nodes.flatMap((one) => box(one.node, one.box)),
  ])
}

function drawn(width: number, height: number, parts: readonly string[]): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="dependencies">
<style>${style}</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>
<rect class="paper" width="100%" height="100%"/>
${parts.join('\n')}
</svg>
`
}

const style = `
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;text-anchor:middle;fill:#1f2933}
.title{font-size:13px;font-weight:600}.line{font-size:11px;fill:#52606d}.head{font-size:12px;font-weight:600;text-anchor:start;fill:#52606d}
.paper{fill:#fff}.frame{fill:#f5f7fa;stroke:#cbd2d9}.box{fill:#fff;stroke:#7b8794;stroke-width:1.2}.outside{stroke-dasharray:4 3}
.medium{stroke:#b26a00;stroke-width:2}.high{stroke:#c62828;stroke-width:2}
.edge{fill:none;stroke:#7b8794;stroke-width:1.3}.implied{stroke-dasharray:3 4}.tip{fill:#7b8794}.halo{fill:#fff;opacity:.85}
@media (prefers-color-scheme:dark){text{fill:#e4e7eb}.line,.head{fill:#9aa5b1}.paper,.halo{fill:#14181d}.frame{fill:#1b2128;stroke:#3e4c59}.box{fill:#232b34;stroke:#7b8794}
.medium{stroke:#f0a830}.high{stroke:#ff7070}.edge{stroke:#7b8794}.tip{fill:#7b8794}}
`

function box(node: GraphNode, at: Box): string[] {
  const kind = ['box', node.outside ? 'outside' : '', node.risk === 'high' || node.risk === 'medium' ? node.risk : ''].filter(Boolean)
  const top = at.y - at.height / 2
  return [
    `<rect class="${kind.join(' ')}" x="${round(at.x - at.width / 2)}" y="${round(top)}" width="${round(at.width)}" height="${round(at.height)}" rx="6"/>`,
    text(at.x, top + size.title + 1, 'title', node.title),
    ...node.lines.map((line, index) => text(at.x, top + size.title + 1 + (index + 1) * size.line, 'line', line)),
  ]
}

function frame(at: Box, title: string): string[] {
  const [left, top] = [at.x - at.width / 2, at.y - at.height / 2 - size.frameHead]
  return [
    `<rect class="frame" x="${round(left)}" y="${round(top)}" width="${round(at.width)}" height="${round(at.height + size.frameHead)}" rx="8"/>`,
    text(left + 10, top + 16, 'head', title),
  ]
}

function arrow({ edge, points, label }: LaidOut['edges'][number]): string[] {
  const [first, ...rest] = points
  if (first === undefined) return []
  const path = `M${round(first.x)} ${round(first.y)}${rest.map((point) => `L${round(point.x)} ${round(point.y)}`).join('')}`
  const line = `<path class="edge${edge.implied ? ' implied' : ''}" d="${path}" marker-end="url(#tip)"/>`
  if (label === undefined) return [line]
  const { width, height } = sizeOfLabel(edge.label)
  const halo = `<rect class="halo" x="${round(label.x - width / 2)}" y="${round(label.y - 9)}" width="${width}" height="${height}"/>`
  return [line, halo, text(label.x, label.y + 3, 'line', edge.label)]
}

function text(x: number, y: number, kind: string, words: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}">${escaped(words)}</text>`
}

function escaped(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
