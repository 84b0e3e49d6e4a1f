import { type SyntaxNode, childrenOf } from './python.ts'

/** A value that a program writes out: a text, nothing, a truth, or a tuple or list of texts. */
export type Literal = string | null | boolean | readonly string[]

/** The value of an expression that is written out; undefined for one that is computed. */
export function literalOf(node: SyntaxNode | undefined, text: string): Literal | undefined {
  if (node === undefined) return undefined
  switch (node.name) {
    case 'String':
      return stringValue(text.slice(node.from, node.to))
    case 'ContinuedString':
      return joined(childrenOf(node).map((part) => literalOf(part, text)))
    case 'None':
      return null
    case 'Boolean':
      return text.slice(node.from, node.to) === 'True'
    case 'ParenthesizedExpression':
      return literalOf(expressionsIn(node)[0], text)
    case 'TupleExpression':
    case 'ArrayExpression':
      return textsOf(expressionsIn(node), text)
    default:
      return undefined
  }
}

/** All of them as texts; undefined when one is none. */
export function textsOf(nodes: readonly SyntaxNode[], text: string): readonly string[] | undefined {
  const values = nodes.map((node) => literalOf(node, text))
  return values.every((value) => typeof value === 'string') ? values : undefined
}

/** What stands between brackets and commas. */
export function expressionsIn(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter((child) => !/^(?:[()[\],]|Comment)$/.test(child.name))
}

function joined(parts: readonly (Literal | undefined)[]): string | undefined {
  return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined
}

/** What a string literal of Python says, quotes and prefix included in `source`. Undefined for bytes, and for a name of a character (`\N{…}`). */
function stringValue(source: string): string | undefined {
  const [, prefix = '', quote = '', body = ''] = /^([a-z]*)("""|'''|"|')(.*)\2$/is.exec(source) ?? []
  if (quote === '' || /[bf]/i.test(prefix)) return undefined
  const lines = body.replace(/\r\n?/g, '\n')
  if (/r/i.test(prefix)) return lines
  if (/\\N\{/.test(lines)) return undefined
  return lines.replace(/\\(\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)/gs, (all, escape: string) =>
    unescaped(all, escape),
  )
}

const simple: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function unescaped(all: string, escape: string): string {
  const plain = simple[escape]
  if (plain !== undefined) return plain
  if (escape.length > 1 && /^[xuU]/.test(escape)) return codePoint(all, Number.parseInt(escape.slice(1), 16))
  if (/^[0-7]/.test(escape)) return codePoint(all, Number.parseInt(escape, 8))
  // Python leaves what it does not know as it stands.
  return all
}

function codePoint(all: string, code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : all
}
