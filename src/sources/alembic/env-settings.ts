import type { SqlFile } from '../../model/migration.ts'
import type { CodeSettings } from '../source.ts'
import { decodePython } from './decode.ts'
import { type Literal, literalOf } from './literal.ts'
import { type SyntaxNode, childrenOf } from './python.ts'
import { type PythonModule, readModule } from './read-module.ts'

/** What env.py tells Alembic of table and transactions, without what cannot be read. */
type Settings = Pick<CodeSettings, 'table' | 'schema' | 'transaction' | 'unread'>

interface Call {
  keywords: ReadonlyMap<string, SyntaxNode>
  /** `**options`: any keyword may be in there. */
  isOpen: boolean
}

/** A value that only running the file tells. */
const computed = Symbol('computed')

const names = ['version_table', 'version_table_schema', 'transaction_per_migration'] as const

/**
 * Reads `context.configure(…)` in env.py. Of several calls those with `connection=` count: the other one is for writing SQL to a file. Values are
 * literals or names that the file binds to one at its top; the rest is `unread`. Throws SOURCE-UNREADABLE.
 */
export function readEnvironment(file: SqlFile): Settings {
  const decoded = decodePython(file)
  const inFile = (what: string) => `${what} in ${file.file}`
  if ('remark' in decoded) return { unread: [inFile('context.configure')] }
  const { text } = decoded
  const module = readModule(text, { bodies: true })
  const found = callsIn(module.top, text)
  const online = found.filter((call) => call.keywords.has('connection'))
  const calls = online.length > 0 ? online : found
  if (calls.length === 0) return { unread: [inFile('context.configure')] }
  const unread = new Set<string>()
  const read = (name: (typeof names)[number]) => {
    const values = calls.map((call) => valueOf(call, name, module, text))
    const [first] = values
    if (first !== computed && values.every((value) => value === first)) return first
    unread.add(inFile(name))
    return undefined
  }
  const [table, schema, each] = names.map(read)
  return {
    ...(typeof table === 'string' && { table }),
    ...(typeof schema === 'string' && { schema }),
    ...(!unread.has(inFile('transaction_per_migration')) && { transaction: each === true ? 'each' : 'all' }),
    unread: [...unread],
  }
}

function valueOf(
  { keywords, isOpen }: Call,
  name: string,
  { bindings }: PythonModule,
  text: string,
): Literal | undefined | typeof computed {
  const node = keywords.get(name)
  if (node === undefined) return isOpen ? computed : undefined
  const bound = node.name === 'VariableName' ? bindings.get(text.slice(node.from, node.to)) : undefined
  const value = bound?.kind === 'literal' ? bound.value : literalOf(node, text)
  return value === undefined ? computed : (value ?? undefined)
}

function callsIn(top: SyntaxNode, text: string): Call[] {
  const calls: Call[] = []
  top.cursor().iterate((at) => {
    if (at.name !== 'CallExpression') return
    const { node } = at
    const callee = node.firstChild
    const list = node.getChild('ArgList')
    if (callee !== null && list !== null && /(?:^|\.)\w*context\.configure$/i.test(text.slice(callee.from, callee.to)))
      calls.push(callOf(list, text))
  })
  return calls
}

function callOf(list: SyntaxNode, text: string): Call {
  const parts = childrenOf(list).filter((node) => node.name !== 'Comment')
  const keywords = new Map<string, SyntaxNode>()
  for (const [index, part] of parts.entries()) {
    const [name, value] = [parts[index - 1], parts[index + 1]]
    if (part.name === 'AssignOp' && name !== undefined && value !== undefined) keywords.set(text.slice(name.from, name.to), value)
  }
  return { keywords, isOpen: parts.some((part) => part.name === '**') }
}
