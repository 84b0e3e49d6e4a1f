import { foldFunctions } from './fold-functions.ts'
import { type Literal, literalOf } from './literal.ts'
import { type SyntaxNode, brokenAt, childrenOf, parsePython } from './python.ts'

/** What a program binds to a name at its top: a value that is written out, a function, or something that is only known when it runs. */
export type Binding = { kind: 'literal'; value: Literal } | { kind: 'function'; hollow: boolean } | { kind: 'computed' }

/** A Python file as far as it can be read without running it. */
export interface PythonModule {
  /** The names that the file binds at its top; the last one counts. */
  bindings: ReadonlyMap<string, Binding>
  /** True with `from x import *`: any name may be bound. */
  importsAll: boolean
  docstring?: string
  /** Where it does not parse, as an offset. */
  brokenAt?: number
  top: SyntaxNode
}

/**
 * Reads a file of Python. Only what stands at the top and unconditionally is taken at its word. `bodies` false: nobody asks for what is inside of
 * functions, so it is not parsed.
 */
export function readModule(given: string, { bodies = false }: { bodies?: boolean } = {}): PythonModule {
  const { text, hollow } = bodies ? { text: given, hollow: undefined } : foldFunctions(given)
  const top = parsePython(text)
  const bindings = new Map<string, Binding>()
  const statements = statementsIn(top)
  let importsAll = false
  for (const statement of statements) {
    if (statement.name === 'AssignStatement') assign(statement, text, bindings)
    else if (statement.name === 'FunctionDefinition') define(statement, text, bindings, hollow)
    else {
      for (const name of boundIn(statement, text)) bindings.set(name, { kind: 'computed' })
      if (statement.name === 'ImportStatement' && statement.lastChild?.name === '*') importsAll = true
    }
  }
  return { bindings, importsAll, docstring: docstringOf(statements[0], text), brokenAt: brokenAt(top), top }
}

/** The statements of a block, also those that share a line. */
function statementsIn(block: SyntaxNode): SyntaxNode[] {
  const inside = childrenOf(block).filter((node) => !/^(?:[:;]|Comment)$/.test(node.name))
  return inside.flatMap((node) => (node.name === 'StatementGroup' ? statementsIn(node) : [node]))
}

/** `a = b: str = value`. Several names on one side (`a, b = 1, 2`) are computed: nobody writes a revision so. */
function assign(statement: SyntaxNode, text: string, bindings: Map<string, Binding>): void {
  const children = childrenOf(statement).filter((node) => node.name !== 'TypeDef' && node.name !== 'Comment')
  const lastSign = children.findLastIndex((node) => node.name === 'AssignOp')
  if (lastSign < 0) return
  const [targets, values] = [children.slice(0, lastSign), children.slice(lastSign + 1)]
  const binding = bindingOf(values, text)
  const isPlain = targets.every((node, at) => node.name === (at % 2 === 0 ? 'VariableName' : 'AssignOp'))
  for (const target of targets) for (const name of namesIn(target, text)) bindings.set(name, isPlain ? binding : { kind: 'computed' })
}

/** A tuple may stand without brackets: `down_revision = "a", "b"`. */
function bindingOf(values: readonly SyntaxNode[], text: string): Binding {
  const [first, ...more] = values.filter((node) => node.name !== ',')
  const isTuple = more.length > 0 || values.some((node) => node.name === ',')
  if (!isTuple) {
    const value = literalOf(first, text)
    return value === undefined ? { kind: 'computed' } : { kind: 'literal', value }
  }
  const parts = [first, ...more].map((node) => literalOf(node, text))
  return parts.every((part) => typeof part === 'string') ? { kind: 'literal', value: parts } : { kind: 'computed' }
}

function define(statement: SyntaxNode, text: string, bindings: Map<string, Binding>, hollow?: ReadonlyMap<string, boolean>): void {
  const node = statement.getChild('VariableName')
  if (node === null) return
  const name = text.slice(node.from, node.to)
  bindings.set(name, { kind: 'function', hollow: hollow?.get(name) ?? isHollow(statement, text) })
}

/** `pass`, `...`, a docstring, a plain `return`: nothing happens. */
function isHollow(definition: SyntaxNode, text: string): boolean {
  const body = definition.getChild('Body')
  if (body === null) return false
  const statements = statementsIn(body)
  return statements.length > 0 && statements.every((node) => isIdle(node, text))
}

function isIdle(statement: SyntaxNode, text: string): boolean {
  if (statement.name === 'PassStatement') return true
  if (statement.name === 'ReturnStatement') return /^return(?:\s+None)?$/.test(text.slice(statement.from, statement.to).trim())
  return statement.name === 'ExpressionStatement' && /^(?:String|ContinuedString|Ellipsis)$/.test(statement.firstChild?.name ?? '')
}

const binding = new Set(['AssignStatement', 'UpdateStatement', 'ImportStatement', 'ForStatement', 'WithStatement', 'NamedExpression'])
const scopes = new Set(['FunctionDefinition', 'ClassDefinition', 'LambdaExpression'])

/** The names that a statement may bind somewhere inside: said more often than it is so, for then the program is asked. */
function boundIn(statement: SyntaxNode, text: string): Set<string> {
  const names = new Set<string>()
  const visit = (node: SyntaxNode, binds: boolean) => {
    if (scopes.has(node.name)) {
      const name = node.getChild('VariableName')
      if (name !== null) names.add(text.slice(name.from, name.to))
      return
    }
    if (binds && node.name === 'VariableName') names.add(text.slice(node.from, node.to))
    for (const child of childrenOf(node)) visit(child, binds || binding.has(node.name) || node.name === 'DeleteStatement')
  }
  visit(statement, binding.has(statement.name))
  return names
}

function namesIn(node: SyntaxNode, text: string): string[] {
  if (node.name === 'VariableName') return [text.slice(node.from, node.to)]
  if (!/^(?:TupleExpression|ArrayExpression|ParenthesizedExpression)$/.test(node.name)) return []
  return childrenOf(node).flatMap((child) => namesIn(child, text))
}

function docstringOf(first: SyntaxNode | undefined, text: string): string | undefined {
  if (first?.name !== 'ExpressionStatement') return undefined
  const value = literalOf(first.firstChild ?? undefined, text)
  return typeof value === 'string' ? value : undefined
}
