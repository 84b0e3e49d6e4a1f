import type { Node, ObjectType, RangeVar } from 'libpg-query'
import { isTemporary, namesOf } from './nodes.ts'
import { parseHere } from './parser.ts'

/** Something that statements of a file make, named as the catalogue has it. */
export interface MadeObject {
  kind: 'schema' | 'table' | 'view' | 'materialized view' | 'sequence' | 'type' | 'function' | 'index' | 'column'
  /** Undefined when the search_path decides; of a column, its table's. */
  schema?: string
  /** Undefined for an index that PostgreSQL names. */
  name: string
  /** Of a column. */
  table?: string
  /** Of a function: how many arguments a call gives at most. */
  arguments?: number
}

/**
 * What is there after these texts ran one after another, as far as the parser tells: what they create, less what they drop again, under the names
 * that it has in the end. What DO bodies and functions make is not seen. Undefined when a text does not parse. loadParser() must have been awaited.
 */
export function madeObjects(texts: readonly string[]): MadeObject[] | undefined {
  let made: MadeObject[] = []
  for (const text of texts) {
    if (text.trim() === '') continue
    const parsed = parseHere(text)
    if (parsed === undefined || !('statements' in parsed)) return undefined
    for (const { stmt } of parsed.statements) if (stmt !== undefined) made = after(made, stmt)
  }
  return made
}

function after(made: MadeObject[], node: Node): MadeObject[] {
  if ('DropStmt' in node) return dropped(made, node.DropStmt.removeType, node.DropStmt.objects ?? [])
  if ('RenameStmt' in node) return renamed(made, node)
  if ('AlterObjectSchemaStmt' in node) {
    const { relation, newschema } = node.AlterObjectSchemaStmt
    return made.map((one) => (sameRelation(one, relation) ? { ...one, schema: newschema } : one))
  }
  const more = created(node)
  return [...made.filter((one) => !more.some((other) => same(one, other))), ...more]
}

function created(node: Node): MadeObject[] {
  if ('CreateStmt' in node) return relation('table', node.CreateStmt.relation)
  if ('CreateTableAsStmt' in node) {
    const kind = node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW' ? 'materialized view' : 'table'
    return relation(kind, node.CreateTableAsStmt.into?.rel)
  }
  if ('ViewStmt' in node) return relation('view', node.ViewStmt.view)
  if ('CreateSeqStmt' in node) return relation('sequence', node.CreateSeqStmt.sequence)
  if ('CompositeTypeStmt' in node) return relation('type', node.CompositeTypeStmt.typevar)
  if ('CreateEnumStmt' in node) return [{ kind: 'type', ...split(namesOf(node.CreateEnumStmt.typeName)) }]
  if ('CreateRangeStmt' in node) return [{ kind: 'type', ...split(namesOf(node.CreateRangeStmt.typeName)) }]
  if ('CreateDomainStmt' in node) return [{ kind: 'type', ...split(namesOf(node.CreateDomainStmt.domainname)) }]
  if ('CreateSchemaStmt' in node) {
    const { schemaname: name = '', schemaElts = [] } = node.CreateSchemaStmt
    return [{ kind: 'schema', name }, ...schemaElts.flatMap(created).map((one) => ({ ...one, schema: one.schema ?? name }))]
  }
  if ('CreateFunctionStmt' in node) {
    const given = (node.CreateFunctionStmt.parameters ?? []).filter(
      (one) => 'FunctionParameter' in one && !['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE'].includes(one.FunctionParameter.mode ?? ''),
    )
    return [{ kind: 'function', ...split(namesOf(node.CreateFunctionStmt.funcname)), arguments: given.length }]
  }
  if ('IndexStmt' in node) {
    const { idxname: name, relation: table } = node.IndexStmt
    return name === undefined || name === '' ? [] : [{ kind: 'index', name, schema: table?.schemaname, table: table?.relname }]
  }
  if ('AlterTableStmt' in node) return columns(node)
  return []
}

function columns(node: Node): MadeObject[] {
  if (!('AlterTableStmt' in node)) return []
  const { relation: table, cmds = [] } = node.AlterTableStmt
  return cmds.flatMap((command): MadeObject[] => {
    if (!('AlterTableCmd' in command) || command.AlterTableCmd.subtype !== 'AT_AddColumn') return []
    const { def } = command.AlterTableCmd
    return def !== undefined && 'ColumnDef' in def
      ? [{ kind: 'column', schema: table?.schemaname, table: table?.relname, name: def.ColumnDef.colname ?? '' }]
      : []
  })
}

function relation(kind: MadeObject['kind'], made: RangeVar | undefined): MadeObject[] {
  return made?.relname === undefined || isTemporary(made) ? [] : [{ kind, schema: made.schemaname, name: made.relname }]
}

function dropped(made: MadeObject[], type: ObjectType | undefined, objects: readonly Node[]): MadeObject[] {
  const kind = kinds[type ?? '']
  if (kind === undefined) return made
  const gone = objects.map((node) => split(namesOf(parts(node))))
  return made.filter(
    (one) =>
      !gone.some(
        ({ schema, name }) =>
          (one.kind === kind && one.name === name && one.schema === schema) ||
          (kind === 'table' && ['column', 'index'].includes(one.kind) && one.table === name && one.schema === schema) ||
          (kind === 'schema' && one.schema === name),
      ),
  )
}

/** `List`, `ObjectWithArgs` and `TypeName` hold the parts of a name; a schema is one part by itself. */
function parts(node: Node): Node[] {
  if ('List' in node) return node.List.items ?? []
  if ('ObjectWithArgs' in node) return node.ObjectWithArgs.objname ?? []
  if ('TypeName' in node) return node.TypeName.names ?? []
  return [node]
}

function renamed(made: MadeObject[], node: Node): MadeObject[] {
  if (!('RenameStmt' in node)) return made
  const { renameType, relation: table, subname, newname: name = '', object } = node.RenameStmt
  if (renameType === 'OBJECT_COLUMN')
    return made.map((one) =>
      one.kind === 'column' && one.table === table?.relname && one.schema === table?.schemaname && one.name === subname
        ? { ...one, name }
        : one,
    )
  const was =
    table === undefined ? split(namesOf(object === undefined ? [] : parts(object))) : { schema: table.schemaname, name: table.relname }
  const kind = kinds[renameType ?? '']
  return made.map((one) => {
    if (one.kind === kind && one.name === was.name && one.schema === was.schema) return { ...one, name }
    return kind === 'table' && one.table === was.name && one.schema === was.schema ? { ...one, table: name } : one
  })
}

const kinds: Record<string, MadeObject['kind'] | undefined> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_SCHEMA: 'schema',
  OBJECT_INDEX: 'index',
}

function sameRelation(one: MadeObject, named: RangeVar | undefined): boolean {
  return (
    named !== undefined &&
    one.schema === named.schemaname &&
    (one.name === named.relname || one.table === named.relname) &&
    one.kind !== 'schema' &&
    one.kind !== 'function'
  )
}

function same(a: MadeObject, b: MadeObject): boolean {
  return a.kind === b.kind && a.schema === b.schema && a.name === b.name && a.table === b.table && a.arguments === b.arguments
}

function split(names: readonly string[]): { schema: string | undefined; name: string } {
  return { schema: names.length > 1 ? names.at(-2) : undefined, name: names.at(-1) ?? '' }
}
