import type { Exports } from './exports-of.ts'
import type { Class } from './parse-module.ts'
import { type FunctionNode, type Scope, type Value, followed, keyOf } from './scope.ts'

/** Something exported that TypeORM makes an instance of, or that cannot be told. */
export type Exported =
  | { kind: 'class'; node: Class; name: string; as: string }
  | { kind: 'function'; node: Value['node']; as: string }
  /** A call, an import: what it is, only running it would tell. */
  | { kind: 'unknown'; node: Value['node']; as: string }

/** Everything in the exports that TypeORM looks at: it goes through arrays and objects (util/DirectoryExportedClassesLoader.js). */
export function exportedClasses({ values }: Exports, scope: Scope): Exported[] {
  return [...values].flatMap(([as, value]) => inside(value, as, scope))
}

function inside(value: Value, as: string, scope: Scope, depth = 0): Exported[] {
  const target = followed(value, scope)
  if (target === undefined || depth > 20) return [{ kind: 'unknown', node: value.node, as }]
  const { node, name } = target
  switch (node.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return [{ kind: 'class', node, name, as }]
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [{ kind: 'function', node, as }]
    case 'ArrayExpression':
      return node.elements.flatMap((element) => {
        if (element === null || element.type === 'SpreadElement') return []
        return inside({ name: '', node: element }, as, scope, depth + 1)
      })
    case 'ObjectExpression':
      return node.properties.flatMap((property) => {
        if (property.type === 'SpreadElement') return []
        const key = keyOf(property) ?? ''
        if (property.type === 'ObjectMethod') return [{ kind: 'function', node: property as unknown as FunctionNode, as: `${as}.${key}` }]
        return inside({ name: key, node: property.value as Value['node'] }, `${as}.${key}`, scope, depth + 1)
      })
    default:
      return [{ kind: 'unknown', node, as }]
  }
}
