import type { Node, RangeVar } from 'libpg-query'

/** The text of a String node. */
export function textOf(node: Node | undefined): string | undefined {
  return node !== undefined && 'String' in node ? (node.String.sval ?? '') : undefined
}

/** The texts of a list of String nodes: the parts of a qualified name, as the catalogue has them. */
export function namesOf(nodes: Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => textOf(node) ?? '')
}

/** The value of an option in parentheses or after WITH: undefined when it was not given, null when it was given without a value. */
export function option(options: Node[] | undefined, name: string): Node | null | undefined {
  for (const node of options ?? []) {
    if ('DefElem' in node && node.DefElem.defname === name) return node.DefElem.arg ?? null
  }
  return undefined
}

/** Whether a boolean option is on, by the rules of defGetBoolean (PostgreSQL src/backend/commands/define.c); `otherwise` when it was not given. */
export function isOn(value: Node | null | undefined, otherwise: boolean): boolean {
  if (value === undefined) return otherwise
  if (value === null) return true
  if ('Integer' in value) return value.Integer.ival === 1
  if ('Boolean' in value) return value.Boolean.boolval === true
  return !['false', 'off'].includes(word(value)?.toLowerCase() ?? '')
}

/** A word as an option's value: a String node, or a name that the grammar took for a type. */
export function word(value: Node | null | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  if ('TypeName' in value) return textOf(value.TypeName.names?.at(-1))
  return textOf(value)
}

/** A temporary relation, by keyword or by schema. */
export function isTemporary(relation: RangeVar | undefined): boolean {
  return relation?.relpersistence === 't' || relation?.schemaname === 'pg_temp'
}
