import { nodesOf } from './nodes-of.ts'
import type { Expression, Statement } from './parse-module.ts'
import { type Scope, type Value, followed, keyOf, literalOf, scopeOf, unread } from './scope.ts'

/** The options of a DataSource that matter to a history. */
export const optionNames = ['migrationsTableName', 'schema', 'migrationsTransactionMode'] as const

/** What the options say, `unread` where it is computed; one that is not there is not given. */
export type Options = ReadonlyMap<(typeof optionNames)[number], ReturnType<typeof literalOf>>

type Found = Map<(typeof optionNames)[number], ReturnType<typeof literalOf>>
type Construction = Extract<Expression, { type: 'NewExpression' }>

/**
 * The options given to `new DataSource(…)`: an object, or a name of the same file for one, with what it spreads. Undefined where there is
 * no such call, or more than one. Pure.
 */
export function dataSourceOptions(statements: readonly Statement[]): Options | undefined {
  const scope = scopeOf(statements)
  const [made, ...more] = [...nodesOf(statements)].filter(isDataSource)
  const given = made?.arguments[0]
  if (given === undefined || more.length > 0) return undefined
  const found: Found = new Map()
  if (given.type === 'SpreadElement' || given.type === 'ArgumentPlaceholder') anything(found)
  else apply(given, found, scope, true)
  return found
}

/** Notes what an object sets. `certain` is false where a condition decides whether it does. */
function apply(node: Value['node'], found: Found, scope: Scope, certain: boolean, depth = 0): void {
  const object = followed({ name: '', node }, scope)?.node
  if (object === undefined || depth > 20) return anything(found)
  switch (object.type) {
    case 'ObjectExpression':
      for (const property of object.properties) {
        if (property.type === 'SpreadElement') apply(property.argument, found, scope, certain, depth + 1)
        else note(property, found, scope, certain)
      }
      return
    case 'ConditionalExpression':
      apply(object.consequent, found, scope, false, depth + 1)
      return apply(object.alternate, found, scope, false, depth + 1)
    case 'LogicalExpression':
      if (object.operator !== '&&') apply(object.left, found, scope, false, depth + 1)
      return apply(object.right, found, scope, false, depth + 1)
    case 'NullLiteral':
    case 'BooleanLiteral':
      return
    default:
      anything(found)
  }
}

type Property = Exclude<Extract<Expression, { type: 'ObjectExpression' }>['properties'][number], { type: 'SpreadElement' }>

function note(property: Property, found: Found, scope: Scope, certain: boolean): void {
  const key = keyOf(property)
  if (key === undefined) return anything(found)
  const name = optionNames.find((option) => option === key)
  if (name === undefined) return
  found.set(name, certain && property.type === 'ObjectProperty' ? literalOf(property.value as Expression, scope) : unread)
}

/** Something unknown may have set any of them. */
function anything(found: Found): void {
  for (const name of optionNames) found.set(name, unread)
}

function isDataSource(node: { type: string }): node is Construction {
  if (node.type !== 'NewExpression') return false
  const { callee } = node as Construction
  const name = callee.type === 'MemberExpression' ? callee.property : callee
  return name.type === 'Identifier' && name.name === 'DataSource'
}
