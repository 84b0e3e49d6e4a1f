import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar, type YAMLMap } from 'yaml'
import { invalid, lineAt, type Part, type Row, type Value } from './seed-file.ts'

/**
 * A JSON or YAML file: a list of rows for the table of its name; or `{ table, key, rows }`; or tables by name, each with a list of rows or with
 * `{ key, rows }`. Numbers keep the digits that they are written with. Throws SEED-INVALID with the line.
 */
export function readTree(text: string, file: string, table: string, json: boolean): Part[] {
  if (json) refuseNoJson(text, file)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2' })
  const [error] = document.errors
  if (error !== undefined) {
    const at = lines.linePos(error.pos[0])
    throw invalid({ file, line: at.line, column: at.col }, error.message.split('\n', 1)[0]?.replace(/ at line .*$/, '') ?? '')
  }
  const tree: Tree = { file, line: (node) => lines.linePos(node?.range?.[0] ?? 0).line }
  const root = document.contents as Node | null
  if (isSeq(root)) return [partOf(tree, root, table)]
  if (!isMap(root)) throw invalid({ file, line: 1 }, 'a list of rows is expected, or tables by name')
  if (root.has('rows')) return [partOf(tree, root, table)]
  return root.items.map((pair) => partOf(tree, pair.value as Node | null, nameOf(tree, pair.key as Node), pair.key as Node))
}

/** What a scalar of YAML's core schema can be. */
type Plain = string | number | bigint | boolean

interface Tree {
  file: string
  line: (node: Node | null | undefined) => number
}

function partOf(tree: Tree, node: Node | null, table: string, at: Node | null = node): Part {
  const { file } = tree
  const line = tree.line(at)
  if (isSeq(node)) return { file, table, line, rows: node.items.map((item) => rowOf(tree, item as Node, table)) }
  if (!isMap(node)) throw invalid({ file, line }, `${table}: a list of rows is expected`)
  for (const pair of node.items) {
    const name = nameOf(tree, pair.key as Node)
    if (!['table', 'key', 'rows'].includes(name))
      throw invalid({ file, line: tree.line(pair.key as Node) }, `nobody knows the key ${name}`, 'there are table, key and rows')
  }
  const rows = node.get('rows', true) as Node | undefined
  if (!isSeq(rows)) throw invalid({ file, line }, `${table}: rows has to be a list`)
  const named = node.get('table')
  const keys = node.get('key', true) as Node | undefined
  const key = keys === undefined ? undefined : (isSeq(keys) ? keys.items : [keys]).map((one) => nameOf(tree, one as Node))
  const target = typeof named === 'string' ? named : table
  return {
    file,
    table: target,
    line,
    ...(key === undefined ? {} : { key }),
    rows: rows.items.map((item) => rowOf(tree, item as Node, target)),
  }
}

function rowOf(tree: Tree, node: Node, table: string): Row {
  const line = tree.line(node)
  if (!isMap(node)) throw invalid({ file: tree.file, line }, `a row of ${table} has to be an object of columns`)
  return { line, values: new Map(pairsOf(tree, node).map(([name, value]) => [name, valueOf(tree, value)])) }
}

function pairsOf(tree: Tree, node: YAMLMap): [string, Node | null][] {
  return node.items.map((pair) => [nameOf(tree, pair.key as Node), pair.value as Node | null])
}

function nameOf(tree: Tree, node: Node | null): string {
  if (isScalar(node) && node.value !== null) return String(node.value as Plain)
  throw invalid({ file: tree.file, line: tree.line(node) }, 'a name is expected')
}

function valueOf(tree: Tree, node: Node | null): Value {
  if (node === null) return null
  if (isSeq(node)) return { list: node.items.map((item) => valueOf(tree, item as Node)), json: jsonOf(tree, node) }
  if (isMap(node)) return { json: jsonOf(tree, node) }
  if (!isScalar(node)) throw noAlias(tree, node)
  const text = scalarText(node)
  if (text?.includes('\0') === true)
    throw invalid({ file: tree.file, line: tree.line(node) }, 'there is a NUL character, which PostgreSQL cannot hold')
  return text
}

function scalarText({ value, source }: Scalar): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'number' && source !== undefined && /^-?\d/.test(source) && !/^0[xo]/.test(source)
    ? source
    : String(value as Plain)
}

function jsonOf(tree: Tree, node: Node | null): string {
  if (node === null) return 'null'
  if (isSeq(node)) return `[${node.items.map((item) => jsonOf(tree, item as Node)).join(',')}]`
  if (isMap(node))
    return `{${pairsOf(tree, node)
      .map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(tree, value)}`)
      .join(',')}}`
  if (!isScalar(node)) throw noAlias(tree, node)
  if (typeof node.value === 'number') return Number.isFinite(node.value) ? (scalarText(node) ?? 'null') : 'null'
  return JSON.stringify(node.value ?? null)
}

function noAlias(tree: Tree, node: Node) {
  return invalid({ file: tree.file, line: tree.line(node) }, 'an alias (*name) is not taken in seeds', 'write the value out')
}

/** YAML takes more than JSON does; a file that says it is JSON has to be it. */
function refuseNoJson(text: string, file: string): void {
  const errors: ParseError[] = []
  parse(text, errors, { disallowComments: true })
  const [first] = errors
  if (first === undefined) return
  const words = printParseErrorCode(first.error)
    .replace(/(?<!^)([A-Z])/g, ' $1')
    .toLowerCase()
  const column = first.offset - text.lastIndexOf('\n', first.offset - 1)
  throw invalid({ file, line: lineAt(text, first.offset), column }, `it is not JSON: ${words}`)
}
