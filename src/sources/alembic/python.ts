import type { parser } from '@lezer/python'
import { SkeinError } from '../../model/errors.ts'

type Tree = ReturnType<typeof parser.parse>

/** A node of a syntax tree. */
export type SyntaxNode = Tree['topNode']

let parse: ((text: string) => Tree) | undefined

/** Loads the parser of Python, once: workspaces without Alembic do without it. Throws nothing that a whole installation can meet. */
export async function loadPython(): Promise<void> {
  if (parse !== undefined) return
  const python = await import('@lezer/python')
  parse = (text) => python.parser.parse(text)
}

/** The syntax tree of a program, whatever is wrong in it: what cannot be read are error nodes. Throws SOURCE-UNREADABLE before {@link loadPython}. */
export function parsePython(text: string): SyntaxNode {
  if (parse === undefined) throw new SkeinError('SOURCE-UNREADABLE', { message: 'the parser of Python is not loaded' })
  return parse(text).topNode
}

/** The children of a node, in order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child)
  return children
}

/** The first place outside of functions that does not parse, as an offset; undefined where there is none. What is in a function decides nothing of order. */
export function brokenAt(top: SyntaxNode): number | undefined {
  let found: number | undefined
  top.cursor().iterate((node) => {
    if (found !== undefined || node.name === 'FunctionDefinition') return false
    if (node.type.isError) found = node.from
    return undefined
  })
  return found
}

/** Line and column of an offset, from 1. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
  return { line: before.split(/\r\n|\r|\n/).length, column: offset - lineStart + 1 }
}
