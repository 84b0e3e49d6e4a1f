import type { Class, Expression, Statement } from './parse-module.ts'

export type FunctionNode = Extract<Statement, { type: 'FunctionDeclaration' }>

/** What a name at the top of a module stands for, with the name that JavaScript gives to a class without one. */
export interface Value {
  name: string
  node: Expression | Class | FunctionNode
}

/** The names that are declared at the top of a module; imported ones are not among them. */
export type Scope = ReadonlyMap<string, Value>

export function scopeOf(statements: readonly Statement[]): Scope {
  const scope = new Map<string, Value>()
  for (const statement of statements) {
    const exported = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
    const declaration = exported ? statement.declaration : statement
    if (declaration?.type === 'ClassDeclaration' || declaration?.type === 'FunctionDeclaration') {
      if (declaration.id) scope.set(declaration.id.name, { name: declaration.id.name, node: declaration })
    } else if (declaration?.type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations) {
        if (id.type === 'Identifier' && init) scope.set(id.name, { name: id.name, node: init })
      }
    }
  }
  return scope
}

/** An expression without what TypeScript adds to it: `as`, `satisfies`, `!`, parentheses. */
export function bare(node: Value['node']): Value['node'] {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      return bare(node.expression)
    default:
      return node
  }
}

/** A value with its name followed to what it stands for in the same module; undefined for an imported or unknown one. */
export function followed(value: Value, scope: Scope, depth = 0): Value | undefined {
  const node = bare(value.node)
  if (node.type !== 'Identifier') return { ...value, node }
  const found = scope.get(node.name)
  // `const a = b, b = a` parses.
  return found === undefined || depth > 20 ? undefined : followed(found, scope, depth + 1)
}

/** The text, truth value, null or undefined that an expression is without being run; `unread` for everything else. */
export function literalOf(node: Value['node'], scope: Scope): string | boolean | null | undefined | typeof unread {
  const value = followed({ name: '', node }, scope)?.node
  if (isUndefined(bare(node))) return undefined
  if (value === undefined) return unread
  switch (value.type) {
    case 'StringLiteral':
    case 'BooleanLiteral':
      return value.value
    case 'NullLiteral':
      return null
    case 'TemplateLiteral':
      return value.expressions.length === 0 ? (value.quasis[0]?.value.cooked ?? unread) : unread
    case 'UnaryExpression':
      // As minifiers write true, false and undefined.
      if (value.operator === 'void') return undefined
      return value.operator === '!' && value.argument.type === 'NumericLiteral' ? value.argument.value === 0 : unread
    default:
      return unread
  }
}

/** An expression that only running it would tell. */
export const unread = Symbol('unread')

/** The name of a property as it is written: `x`, `'x'`, `['x']`; undefined for a computed one. */
export function keyOf(property: { key: { type: string }; computed?: boolean }): string | undefined {
  const key = property.key as Expression | { type: 'PrivateName' }
  if (key.type === 'StringLiteral') return key.value
  return key.type === 'Identifier' && property.computed !== true ? key.name : undefined
}

function isUndefined(node: Value['node']): boolean {
  return node.type === 'Identifier' && node.name === 'undefined'
}
