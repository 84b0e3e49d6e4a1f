import type { Class, Expression } from './parse-module.ts'
import { type Scope, bare, followed, keyOf, literalOf, unread } from './scope.ts'

type Member = Class['body']['body'][number]
type Literal = ReturnType<typeof literalOf>

/** What an instance of a class has, as far as it can be read. */
export interface ClassFacts {
  /** The property `name`, else the name of the class. */
  name: string
  /** The property is computed, or may come from a class of another file: then `name` is a guess, the name of the class. */
  nameComputed: boolean
  up?: Method
  down?: Method
  /** The property `transaction`: undefined where there is none, `unread` where it is computed. */
  transaction: Literal
  /** It extends a class of another file, which may have everything that is not here. */
  inherits: boolean
}

interface Method {
  /** The body does nothing. */
  hollow: boolean
}

/** Reads a class without running it. `named` is what JavaScript calls it when it has no name of its own. */
export function classFacts(node: Class, named: string, scope: Scope, depth = 0): ClassFacts {
  const base = baseOf(node, scope, depth)
  const { body: members } = node.body
  const properties = instanceProperties(members, scope, node.id?.name)
  const own = properties.has('name') ? properties.get('name') : base?.name
  const fixed = staticName(members, scope) ?? node.id?.name ?? named
  const transaction = properties.has('transaction') ? properties.get('transaction') : base?.facts.transaction
  const inherits = Boolean(node.superClass) && (base === undefined || base.facts.inherits)
  return {
    name: typeof own === 'string' ? own : fixed,
    nameComputed: own === unread || (inherits && typeof own !== 'string'),
    up: methodOf(members, 'up') ?? base?.facts.up,
    down: methodOf(members, 'down') ?? base?.facts.down,
    transaction,
    inherits,
  }
}

/** The class of the same file that it extends; `name` is what it gives its instances by a property. */
function baseOf(node: Class, scope: Scope, depth: number): { facts: ClassFacts; name: Literal } | undefined {
  if (!node.superClass || depth > 20) return undefined
  const base = followed({ name: '', node: node.superClass }, scope)
  if (base?.node.type !== 'ClassDeclaration' && base?.node.type !== 'ClassExpression') return undefined
  const facts = classFacts(base.node, base.name, scope, depth + 1)
  const properties = instanceProperties(base.node.body.body, scope, base.node.id?.name)
  return { facts, name: facts.nameComputed ? unread : properties.get('name') }
}

/** `name` and `transaction` of an instance, from fields, getters, parameters and assignments in the constructor. */
function instanceProperties(members: readonly Member[], scope: Scope, className: string | undefined): Map<string, Literal> {
  const found = new Map<string, Literal>()
  const note = (key: string | undefined, node: Expression | null | undefined | typeof unread) => {
    if (key !== 'name' && key !== 'transaction') return
    if (typeof node === 'symbol') found.set(key, unread)
    else if (key === 'name' && node && isNameOf(node, className)) found.set(key, className)
    else found.set(key, node ? literalOf(node, scope) : undefined)
  }
  for (const member of members) {
    if ('static' in member && member.static) continue
    if (member.type === 'ClassProperty' && !member.declare) note(keyOf(member), member.value)
    else if (member.type === 'ClassAccessorProperty')
      note(keyOf({ key: member.key, computed: member.computed }), member.value as Expression)
    else if (member.type === 'ClassMethod' && member.kind === 'get') note(keyOf(member), soleReturn(member))
  }
  const constructor = members.find((member) => member.type === 'ClassMethod' && member.kind === 'constructor')
  if (constructor?.type !== 'ClassMethod') return found
  for (const parameter of constructor.params) {
    if (parameter.type !== 'TSParameterProperty' || parameter.parameter.type !== 'AssignmentPattern') continue
    const { left, right } = parameter.parameter
    if (left.type === 'Identifier') note(left.name, right)
  }
  for (const statement of constructor.body.body) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue
    const { left, right } = statement.expression
    if (left.type === 'MemberExpression' && left.object.type === 'ThisExpression') {
      note(left.property.type === 'PrivateName' ? undefined : keyOf({ key: left.property, computed: left.computed }), right)
    }
  }
  return found
}

/** What a getter returns, when that is all it does. */
function soleReturn({ body }: Extract<Member, { type: 'ClassMethod' }>): Expression | typeof unread {
  const [only, ...more] = body.body
  return only?.type === 'ReturnStatement' && only.argument && more.length === 0 ? only.argument : unread
}

/** `CreateUsers1615213456789.name`, in the class of that name. */
function isNameOf(node: Expression, className: string | undefined): boolean {
  const value = bare(node)
  if (value.type !== 'MemberExpression' || value.object.type !== 'Identifier' || value.object.name !== className) return false
  return value.property.type === 'Identifier' && !value.computed && value.property.name === 'name'
}

/** `static name = '…'` takes the place of the class's own name. */
function staticName(members: readonly Member[], scope: Scope): string | undefined {
  for (const member of members) {
    if (member.type !== 'ClassProperty' || !member.static || keyOf(member) !== 'name' || !member.value) continue
    const value = literalOf(member.value, scope)
    if (typeof value === 'string') return value
  }
  return undefined
}

function methodOf(members: readonly Member[], name: 'up' | 'down'): Method | undefined {
  for (const member of members) {
    if (('static' in member && member.static) || !('key' in member) || keyOf(member) !== name) continue
    if (member.type === 'ClassMethod' && member.kind === 'method') return { hollow: member.body.body.every(doesNothing) }
    if (member.type !== 'ClassProperty' || !member.value) continue
    const value = bare(member.value)
    const body = value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression' ? value.body : undefined
    return { hollow: body?.type === 'BlockStatement' ? body.body.every(doesNothing) : body !== undefined && isNothing(body) }
  }
  return undefined
}

function doesNothing(statement: Extract<Member, { type: 'ClassMethod' }>['body']['body'][number]): boolean {
  if (statement.type === 'EmptyStatement') return true
  if (statement.type === 'ExpressionStatement') return isNothing(statement.expression)
  return statement.type === 'ReturnStatement' && (!statement.argument || isNothing(statement.argument))
}

/** `undefined`, `void 0`, `Promise.resolve()`, awaited or not. */
function isNothing(node: Expression): boolean {
  if (node.type === 'AwaitExpression') return isNothing(node.argument)
  if (node.type === 'CallExpression') {
    const { callee, arguments: given } = node
    if (given.length > 0 || callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false
    return callee.object.name === 'Promise' && callee.property.type === 'Identifier' && callee.property.name === 'resolve'
  }
  return literalOf(node, new Map()) !== unread
}
