import type { Node } from 'libpg-query'
import { namesOf } from './nodes.ts'
import { parseAside } from './parse-aside.ts'
import { parseHere } from './parser.ts'

/** A name in a statement for something that the catalogue has. */
export interface Reference {
  /** `relation`: a table, view or sequence. `column`: one that a foreign key leads to. */
  kind: 'relation' | 'column' | 'function' | 'type'
  schema?: string
  name: string
  /** Of a column. */
  table?: string
  /** The foreign key of a statement leads there, not only its words. */
  foreignKey: boolean
}

/**
 * Everything that the statements of a text name: tables they change or read, where foreign keys lead, functions called, types used; also what the text
 * itself makes. Bodies of functions and DO blocks are not looked into. Undefined when it does not parse. loadParser() must have been awaited.
 */
export async function references(text: string): Promise<Reference[] | undefined> {
  if (text.trim() === '') return []
  const parsed = parseHere(text) ?? (await parseAside(text))
  if (parsed === undefined || 'refused' in parsed) return undefined
  return parsed.statements.flatMap(({ stmt }) => (stmt === undefined ? [] : inStatement(stmt)))
}

function inStatement(statement: Node): Reference[] {
  const found: Reference[] = []
  const local = new Set<string>()
  visit(statement)
  // What WITH calls by a name is no table.
  return found.filter((one) => one.kind !== 'relation' || one.schema !== undefined || !local.has(one.name))

  function visit(value: unknown): void {
    if (Array.isArray(value)) {
      for (const one of value) visit(one)
      return
    }
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'ctename' && typeof inner === 'string') local.add(inner)
      if (key === 'pktable') foreignKey(inner, (value as { pk_attrs?: Node[] }).pk_attrs)
      else {
        if (key === 'relname' && typeof inner === 'string') relation(value as { schemaname?: string; relname: string }, false)
        if (key === 'funcname' && Array.isArray(inner)) named('function', inner as Node[])
        if (key === 'names' && Array.isArray(inner)) named('type', inner as Node[])
        visit(inner)
      }
    }
  }

  function relation({ schemaname, relname }: { schemaname?: string; relname: string }, isKey: boolean): void {
    found.push({ kind: 'relation', schema: schemaname, name: relname, foreignKey: isKey })
  }

  function foreignKey(table: unknown, columns: Node[] | undefined): void {
    const { schemaname, relname = '' } = table as { schemaname?: string; relname?: string }
    relation({ schemaname, relname }, true)
    for (const name of namesOf(columns)) found.push({ kind: 'column', schema: schemaname, table: relname, name, foreignKey: true })
  }

  function named(kind: 'function' | 'type', nodes: Node[]): void {
    const names = namesOf(nodes)
    const schema = names.length > 1 ? names.at(-2) : undefined
    if (schema !== 'pg_catalog') found.push({ kind, schema, name: names.at(-1) ?? '', foreignKey: false })
  }
}
