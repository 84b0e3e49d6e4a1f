import type { DropStmt, Node, RangeVar } from 'libpg-query'
import { namesOf } from './nodes.ts'

/**
 * Tables and columns that earlier statements of the same file have made: nobody's data is in them. A table that is made only where it is missing
 * does not count. Whatever may give a name another meaning (a rename, a rollback, another search_path, code) makes all of them forgotten.
 */
export class MadeHere {
  readonly #tables = new Set<string>()
  readonly #columns = new Set<string>()

  /** True for a table that this file made; names as they are written. */
  has(table: string | undefined, schema: string | undefined): boolean {
    return this.#tables.has(key(table, schema))
  }

  /** True for a column that this file added to a table. */
  hasColumn(table: RangeVar | undefined, column: string | undefined): boolean {
    return this.#columns.has(`${key(table?.relname, table?.schemaname)}\0${column}`)
  }

  /** Takes notice of a statement, after it was judged. `upsets`: it changes the session, or ends a transaction otherwise than by COMMIT. */
  add(node: Node, upsets: boolean): void {
    const table = madeTable(node)
    if (table !== undefined) this.#tables.add(key(table.relname, table.schemaname))
    else if (upsets || 'RenameStmt' in node || 'AlterObjectSchemaStmt' in node || 'DoStmt' in node || 'CallStmt' in node) this.#forget()
    else if ('DropStmt' in node) this.#drop(node.DropStmt)
    else if ('AlterTableStmt' in node) this.#alter(node.AlterTableStmt.relation, node.AlterTableStmt.cmds ?? [])
  }

  #drop({ removeType, objects }: DropStmt): void {
    if (removeType === 'OBJECT_SCHEMA') this.#forget()
    if (removeType !== 'OBJECT_TABLE') return
    for (const object of objects ?? []) {
      const name = 'List' in object ? namesOf(object.List.items) : []
      this.#tables.delete(key(name.at(-1), name.at(-2)))
    }
  }

  #alter(table: RangeVar | undefined, commands: readonly Node[]): void {
    for (const command of commands) {
      if (!('AlterTableCmd' in command)) continue
      const { subtype, def, missing_ok: mayBeThere } = command.AlterTableCmd
      // Now it may hold the rows of an older table.
      if (subtype === 'AT_AttachPartition' || subtype === 'AT_AddInherit') this.#forget()
      if (subtype !== 'AT_AddColumn' || mayBeThere === true || def === undefined || !('ColumnDef' in def)) continue
      this.#columns.add(`${key(table?.relname, table?.schemaname)}\0${def.ColumnDef.colname}`)
    }
  }

  #forget(): void {
    this.#tables.clear()
    this.#columns.clear()
  }
}

function madeTable(node: Node): RangeVar | undefined {
  if ('CreateStmt' in node) return node.CreateStmt.if_not_exists === true ? undefined : node.CreateStmt.relation
  if ('CreateTableAsStmt' in node) {
    const { if_not_exists: mayBeThere, into, objtype } = node.CreateTableAsStmt
    return mayBeThere === true || objtype !== 'OBJECT_TABLE' ? undefined : into?.rel
  }
  if ('SelectStmt' in node) return node.SelectStmt.intoClause?.rel
  return undefined
}

function key(table: string | undefined, schema: string | undefined): string {
  return `${schema ?? ''}.${table ?? ''}`
}
