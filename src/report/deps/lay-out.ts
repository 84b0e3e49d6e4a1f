import { Graph, layout } from '@dagrejs/dagre'
import type { DepsGraph, GraphEdge, GraphNode } from './graph.ts'
import { size, sizeOfLabel, sizeOfNode } from './letters.ts'

/** Pixels; x and y are the middle. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Where everything stands. */
export interface LaidOut {
  width: number
  height: number
  nodes: { node: GraphNode; box: Box }[]
  frames: { title: string; box: Box }[]
  edges: { edge: GraphEdge; points: { x: number; y: number }[]; label: { x: number; y: number } | undefined }[]
}

/** A row of parts is not made wider than this, unless one part alone is. */
const rowWidth = 1100

/** Lays out each part that hangs together by itself, and sets the parts in rows: services that need nobody do not make the picture endlessly wide. */
export function layOut(graph: DepsGraph): LaidOut {
  const parts = components(graph).map(layOutPart)
  const widest = Math.max(rowWidth, ...parts.map((part) => part.width))
  const all: LaidOut = { width: 0, height: 0, nodes: [], frames: [], edges: [] }
  let [left, top, rowHeight] = [size.margin, size.margin, 0]
  for (const part of parts) {
    if (left > size.margin && left + part.width > widest) [left, top, rowHeight] = [size.margin, top + rowHeight + size.gap, 0]
    const moved = <Point extends { x: number; y: number }>(point: Point): Point => ({ ...point, x: point.x + left, y: point.y + top })
    all.nodes.push(...part.nodes.map((one) => ({ ...one, box: moved(one.box) })))
    all.frames.push(...part.frames.map((one) => ({ ...one, box: moved(one.box) })))
    for (const { edge, points, label } of part.edges)
      all.edges.push({ edge, points: points.map(moved), label: label === undefined ? undefined : moved(label) })
    left += part.width + size.gap
    rowHeight = Math.max(rowHeight, part.height)
    all.width = Math.max(all.width, left - size.gap + size.margin)
    all.height = top + rowHeight + size.margin
  }
  return all
}

function layOutPart({ groups, nodes, edges }: DepsGraph): LaidOut {
  const graph = new Graph({ compound: true })
  const head = groups.length > 0 ? size.frameHead : 0
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 44, edgesep: 14, marginx: 0, marginy: 0 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of nodes) graph.setNode(node.key, sizeOfNode(node))
  groups.forEach((group, index) => {
    graph.setNode(`\n${index}`, {})
    for (const key of group.nodes) graph.setParent(key, `\n${index}`)
  })
  for (const edge of edges) graph.setEdge(edge.from, edge.to, { ...sizeOfLabel(edge.label), labelpos: 'c' })
  layout(graph)
  const { width = 0, height = 0 } = graph.graph() as Partial<Box>
  const lower = <Point extends { x: number; y: number }>(point: Point): Point => ({ ...point, y: point.y + head })
  const boxOf = (key: string): Box => lower(graph.node(key) as unknown as Box)
  return {
    width,
    height: height + head,
    nodes: nodes.map((node) => ({ node, box: boxOf(node.key) })),
    frames: groups.map((group, index) => ({ title: group.title, box: boxOf(`\n${index}`) })),
    edges: edges.map((edge) => {
      const laid = graph.edge(edge.from, edge.to) as unknown as Partial<Box> & { points?: Box[] }
      const label = edge.label === '' || laid.x === undefined || laid.y === undefined ? undefined : lower({ x: laid.x, y: laid.y })
      return { edge, points: (laid.points ?? []).map(({ x, y }) => lower({ x, y })), label }
    }),
  }
}

/** Nodes that arrows or a frame hold together, in the order of their first node; larger parts before single nodes. */
function components({ groups, nodes, edges }: DepsGraph): DepsGraph[] {
  const next = new Map<string, string[]>(nodes.map((node) => [node.key, []]))
  const tie = (a: string, b: string) => {
    next.get(a)?.push(b)
    next.get(b)?.push(a)
  }
  for (const { from, to } of edges) tie(from, to)
  for (const group of groups) for (const key of group.nodes) tie(group.nodes[0] ?? key, key)
  const part = new Map<string, number>()
  let count = 0
  for (const { key } of nodes) {
    if (part.has(key)) continue
    const todo = [key]
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (part.has(at)) continue
      part.set(at, count)
      todo.push(...(next.get(at) ?? []))
    }
    count++
  }
  const parts = Array.from({ length: count }, (): DepsGraph => ({ groups: [], nodes: [], edges: [] }))
  const partOf = (key: string | undefined) => parts[part.get(key ?? '') ?? -1]
  for (const node of nodes) partOf(node.key)?.nodes.push(node)
  for (const edge of edges) partOf(edge.from)?.edges.push(edge)
  for (const group of groups) partOf(group.nodes[0])?.groups.push(group)
  return parts.toSorted((a, b) => Number(a.nodes.length === 1) - Number(b.nodes.length === 1))
}
