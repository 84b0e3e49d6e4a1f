import type { GraphNode } from './graph.ts'

/** Pixels. Widths of letters are estimates for a sans-serif face at these sizes, on the safe side. */
const letter = { title: 8.5, line: 6.6 }

/** Pixels: distances of the picture. */
export const size = { padding: 12, title: 18, line: 15, margin: 16, gap: 28, frameHead: 20 }

/** The room that a box needs for its lines. */
export function sizeOfNode(node: GraphNode): { width: number; height: number } {
  const width = Math.max(widthOf(node.title, letter.title), ...node.lines.map((line) => widthOf(line, letter.line)))
  return { width: Math.ceil(width + 2 * size.padding), height: size.title + node.lines.length * size.line + size.padding }
}

/** The room of an arrow's label; nothing for none. */
export function sizeOfLabel(label: string): { width: number; height: number } {
  return label === '' ? { width: 0, height: 0 } : { width: Math.ceil(widthOf(label, letter.line)), height: size.line }
}

/** East Asian letters and emoji take two places. */
function widthOf(words: string, each: number): number {
  let places = 0
  for (const sign of words) places += (sign.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1
  return places * each
}
