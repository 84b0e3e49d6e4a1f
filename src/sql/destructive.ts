import type { AlterTableCmd, DropStmt, Node, ObjectType } from 'libpg-query'
import { bodyDestroys } from './destructive-bodies.ts'
import { destroysRows } from './destructive-rows.ts'
import type { Destroys } from './facts.ts'
import { MadeHere } from './made-here.ts'
import { keepsEveryValue } from './widening.ts'
import { isTemporary } from './nodes.ts'

/**
 * What data a statement destroys, or undefined when it destroys none. Counted: DROP TABLE, SCHEMA, TYPE, DOMAIN, SEQUENCE, EXTENSION, DATABASE and
 * OWNED; any other DROP … CASCADE that may reach a column; DROP COLUMN and ATTRIBUTE; a change of a column's type that is not surely free of loss
 * (widening.ts); DETACH PARTITION and NO INHERIT; TRUNCATE; DELETE and UPDATE of every row (destructive-rows.ts). Not counted: dropping what holds
 * no data (index, constraint, view, function, trigger, policy …), renaming, switching row security off. What the same file made before
 * (`made`) and temporary tables hold nothing of anyone's. DO and CALL are judged by their body, as far as it can be seen (`unseen`).
 * Functions that SELECT calls are not looked into.
 */
export function destructive(node: Node, made: MadeHere): Destroys | undefined {
  if ('DropStmt' in node) return dropped(node.DropStmt, made)
  if ('DropdbStmt' in node) return { what: `drops the database ${node.DropdbStmt.dbname}` }
  if ('DropOwnedStmt' in node) return { what: 'drops everything that a role owns' }
  if ('AlterTableStmt' in node) return altered(node, made)
  if ('TruncateStmt' in node) {
    // CASCADE goes on to every table that refers to these, whoever made it.
    const isFar = node.TruncateStmt.behavior === 'DROP_CASCADE'
    const tables = (node.TruncateStmt.relations ?? []).flatMap((each) => ('RangeVar' in each ? [each.RangeVar] : []))
    const old = tables.filter((table) => isFar || (!isTemporary(table) && !made.has(table.relname, table.schemaname)))
    return old.length === 0 ? undefined : { what: `empties ${old.map((table) => table.relname).join(', ')}` }
  }
  if ('DoStmt' in node) return bodyDestroys(node.DoStmt.args)
  if ('CallStmt' in node) return { what: 'calls a procedure, which cannot be seen into', unseen: true }
  if ('ExplainStmt' in node) return inner(node.ExplainStmt.query, made)
  if ('CopyStmt' in node) return inner(node.CopyStmt.query, made)
  if ('PrepareStmt' in node) return inner(node.PrepareStmt.query, made)
  return destroysRows(node, made)
}

function inner(node: Node | undefined, made: MadeHere): Destroys | undefined {
  return node === undefined ? undefined : destructive(node, made)
}

/** What holds data by itself. A sequence holds a number that nothing else knows; an extension has tables and types. */
const holdsData: Partial<Record<ObjectType, string>> = {
  OBJECT_TABLE: 'table',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_EXTENSION: 'extension',
}

/** What no column of a table can stand on: CASCADE takes along nothing that holds data. */
const harmless = new Set<ObjectType>([
  'OBJECT_INDEX',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_TRIGGER',
  'OBJECT_EVENT_TRIGGER',
  'OBJECT_POLICY',
  'OBJECT_RULE',
  'OBJECT_STATISTIC_EXT',
  'OBJECT_PUBLICATION',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_FOREIGN_SERVER',
  'OBJECT_FDW',
])

function dropped(statement: DropStmt, made: MadeHere): Destroys | undefined {
  const type = statement.removeType ?? 'OBJECT_TABLE'
  const names = (statement.objects ?? []).map(nameParts)
  const held = holdsData[type]
  if (held === undefined) {
    if (harmless.has(type) || statement.behavior !== 'DROP_CASCADE') return undefined
    return { what: 'drops with CASCADE, which may take columns along' }
  }
  const old = type === 'OBJECT_TABLE' ? names.filter((name) => name[0] !== 'pg_temp' && !made.has(name.at(-1), name.at(-2))) : names
  if (old.length === 0) return undefined
  return { what: `drops the ${held} ${old.map((name) => name.join('.')).join(', ')}` }
}

function nameParts(object: Node): string[] {
  const parts = 'List' in object ? (object.List.items ?? []) : 'TypeName' in object ? (object.TypeName.names ?? []) : [object]
  return parts.flatMap((part) => ('String' in part ? [part.String.sval ?? ''] : []))
}

function altered({ AlterTableStmt: statement }: Extract<Node, { AlterTableStmt: unknown }>, made: MadeHere): Destroys | undefined {
  const { relation, cmds = [] } = statement
  if (isTemporary(relation) || made.has(relation?.relname, relation?.schemaname)) return undefined
  const found = cmds.flatMap((command) => {
    const what = 'AlterTableCmd' in command ? changed(command.AlterTableCmd, relation?.relname ?? '') : undefined
    return what === undefined ? [] : [what]
  })
  return found.length === 0 ? undefined : { what: found.join('; ') }
}

function changed(command: AlterTableCmd, table: string): string | undefined {
  if (command.subtype === 'AT_DropColumn') return `drops the column ${command.name} of ${table}`
  if (command.subtype === 'AT_DetachPartition') return `takes a partition out of ${table}`
  if (command.subtype === 'AT_DropInherit') return `takes the rows of ${table} out of its parent`
  if (command.subtype !== 'AT_AlterColumnType') return undefined
  const column = command.def !== undefined && 'ColumnDef' in command.def ? command.def.ColumnDef : undefined
  return keepsEveryValue(column) ? undefined : `changes the type of the column ${command.name} of ${table}, which may lose values`
}
