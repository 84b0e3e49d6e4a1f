import type { Expression, Statement } from './parse-module.ts'
import { type Scope, type Value, bare, keyOf } from './scope.ts'

/** What a module exports: values by the name under which each is exported, and what it only hands on from other modules. */
export interface Exports {
  values: ReadonlyMap<string, Value>
  handedOn: readonly string[]
}

interface Found {
  values: Map<string, Value>
  handedOn: string[]
  scope: Scope
}

/**
 * The exports of a module in either form: `export …` and `export =`, or `exports.x = …`, `module.exports = …` and the helpers that tsc, esbuild,
 * swc and Babel write. An export that is assigned twice counts as what it is last.
 */
export function exportsOf(statements: readonly Statement[], scope: Scope): Exports {
  const found: Found = { values: new Map(), handedOn: [], scope }
  for (const statement of statements) {
    switch (statement.type) {
      case 'ExportNamedDeclaration':
        named(statement, found)
        break
      case 'ExportDefaultDeclaration':
        if (statement.declaration.type !== 'TSDeclareFunction') add('default', statement.declaration, found)
        break
      case 'ExportAllDeclaration':
        if (statement.exportKind !== 'type') found.handedOn.push(statement.source.value)
        break
      case 'TSExportAssignment':
        whole(statement.expression, found)
        break
      case 'ExpressionStatement':
        commonJs(statement.expression, found)
    }
  }
  return found
}

function named(statement: Extract<Statement, { type: 'ExportNamedDeclaration' }>, found: Found): void {
  const { declaration, specifiers, source } = statement
  if (statement.exportKind === 'type') return
  if (declaration?.type === 'ClassDeclaration' || declaration?.type === 'FunctionDeclaration') {
    if (declaration.id) add(declaration.id.name, declaration, found)
  } else if (declaration?.type === 'VariableDeclaration') {
    for (const { id, init } of declaration.declarations) if (id.type === 'Identifier' && init) add(id.name, init, found)
  }
  for (const specifier of specifiers) {
    if (specifier.type !== 'ExportSpecifier') found.handedOn.push(source?.value ?? '')
    else if (specifier.exportKind === 'type') continue
    else if (source) found.handedOn.push(source.value)
    else add(specifier.exported.type === 'Identifier' ? specifier.exported.name : specifier.exported.value, specifier.local, found)
  }
}

function add(name: string, node: Value['node'], found: Found): void {
  const value = bare(node)
  if (value.type !== 'Identifier') found.values.set(name, { name, node: value })
  else if (value.name !== 'undefined') {
    const known = found.scope.get(value.name)
    if (known) found.values.set(name, known)
    else found.handedOn.push(value.name)
  }
}

/** `module.exports = …`: an object's properties are the exports, anything else is the only one. */
function whole(node: Expression, found: Found): void {
  const value = bare(node)
  if (value.type !== 'ObjectExpression') {
    if (value.type !== 'CallExpression') add('module.exports', nameless(value, found), found)
    return
  }
  for (const property of value.properties) {
    const key = property.type === 'SpreadElement' ? undefined : keyOf(property)
    if (key !== undefined && property.type === 'ObjectProperty') add(key, property.value as Expression, found)
  }
}

/** `module.exports = class {}` leaves the class without a name. */
function nameless(value: Value['node'], { values }: Found): Value['node'] {
  if (value.type === 'ClassExpression' && !value.id) values.set('module.exports', { name: '', node: value })
  return value
}

function commonJs(expression: Expression, found: Found): void {
  if (expression.type === 'CallExpression') return helper(expression, found)
  const targets: Expression[] = []
  let value: Expression = expression
  while (value.type === 'AssignmentExpression' && value.operator === '=') {
    targets.push(value.left as Expression)
    value = value.right
  }
  // `exports.X = X = __decorate([…], X)` is still the class X.
  value = targets.find((target) => target.type === 'Identifier' && found.scope.has(target.name)) ?? value
  if (value.type === 'UnaryExpression' && value.operator === 'void') return
  for (const target of targets) {
    if (isModuleExports(target)) whole(value, found)
    if (target.type !== 'MemberExpression') continue
    const name = target.property.type === 'PrivateName' ? undefined : keyOf({ key: target.property, computed: target.computed })
    if (name === undefined || name === '__esModule' || !isExports(target.object)) continue
    if (value.type === 'ClassExpression' && !value.id) found.values.set(name, { name: '', node: value })
    else add(name, value, found)
  }
}

/** `Object.defineProperty(exports, 'X', { get })` (swc, Babel), `__export(x, { X: () => X })` (esbuild, swc), `__exportStar(require('x'), exports)` (tsc). */
function helper({ callee, arguments: given }: Extract<Expression, { type: 'CallExpression' }>, found: Found): void {
  const [first, second, third] = given
  if (callee.type === 'Identifier' && /^_+exportStar$/i.test(callee.name)) found.handedOn.push('')
  if (callee.type === 'Identifier' && /^_*export$/.test(callee.name) && second?.type === 'ObjectExpression') getters(second, found)
  const defines = callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === 'defineProperty'
  if (!defines || first === undefined || !isExports(first) || second?.type !== 'StringLiteral') return
  if (third?.type === 'ObjectExpression') getters(third, found, second.value)
}

function getters({ properties }: Extract<Expression, { type: 'ObjectExpression' }>, found: Found, as?: string): void {
  for (const property of properties) {
    if (property.type === 'SpreadElement') continue
    const key = keyOf(property)
    const name = property.type === 'ObjectMethod' ? returned(property) : returned(property.value as Expression)
    if (name === undefined || key === undefined || (as !== undefined && key !== 'get')) continue
    const known = found.scope.get(name)
    if (known) found.values.set(as ?? key, known)
  }
}

/** The name that a getter gives. */
function returned(node: { type: string }): string | undefined {
  const { body } = node as Partial<Extract<Expression, { type: 'FunctionExpression' | 'ArrowFunctionExpression' }>>
  const last = body?.type === 'BlockStatement' ? body.body.at(-1) : undefined
  const value = last?.type === 'ReturnStatement' ? last.argument : body
  return value?.type === 'Identifier' ? value.name : undefined
}

function isExports(node: { type: string }): boolean {
  return (node.type === 'Identifier' && (node as { name?: string }).name === 'exports') || isModuleExports(node)
}

function isModuleExports(node: { type: string }): boolean {
  const { object, property } = node as Partial<Extract<Expression, { type: 'MemberExpression' }>>
  return object?.type === 'Identifier' && object.name === 'module' && property?.type === 'Identifier' && property.name === 'exports'
}
