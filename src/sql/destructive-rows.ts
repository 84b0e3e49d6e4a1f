import type { Node, RangeVar, WithClause } from 'libpg-query'
import type { Destroys } from './facts.ts'
import type { MadeHere } from './made-here.ts'
import { isTemporary } from './nodes.ts'

/**
 * DELETE and UPDATE that touch every row: no WHERE, or one that names no column and asks no other table (`WHERE true`). With a real WHERE the author
 * has said which rows, and that is taken at its word. An UPDATE that fills only columns which the same file added overwrites nothing. MERGE
 * counts with a bare `THEN DELETE`. Statements inside of WITH are looked at too.
 */
export function destroysRows(node: Node, made: MadeHere): Destroys | undefined {
  const within = (clause: WithClause | undefined, ...more: (Node | undefined)[]): Destroys | undefined => {
    const queries = (clause?.ctes ?? []).map((each) => ('CommonTableExpr' in each ? each.CommonTableExpr.ctequery : undefined))
    for (const query of [...queries, ...more]) {
      const found = query === undefined ? undefined : destroysRows(query, made)
      if (found !== undefined) return found
    }
    return undefined
  }
  const isOurs = (table: RangeVar | undefined) => isTemporary(table) || made.has(table?.relname, table?.schemaname)
  if ('DeleteStmt' in node) {
    const { relation, whereClause, usingClause, withClause } = node.DeleteStmt
    if (!isOurs(relation) && !narrows(whereClause)) return { what: everyRow('deletes', relation, usingClause) }
    return within(withClause)
  }
  if ('UpdateStmt' in node) {
    const { relation, whereClause, targetList, withClause } = node.UpdateStmt
    const columns = (targetList ?? []).map((each) => ('ResTarget' in each ? each.ResTarget.name : undefined))
    const isFilling = columns.every((column) => made.hasColumn(relation, column))
    if (!isOurs(relation) && !isFilling && !narrows(whereClause)) return { what: everyRow('overwrites', relation) }
    return within(withClause)
  }
  if ('MergeStmt' in node) {
    const { relation, mergeWhenClauses, withClause } = node.MergeStmt
    const deletes = (mergeWhenClauses ?? []).some(
      (each) => 'MergeWhenClause' in each && each.MergeWhenClause.commandType === 'CMD_DELETE' && !narrows(each.MergeWhenClause.condition),
    )
    return deletes && !isOurs(relation) ? { what: `deletes rows of ${relation?.relname} without a condition` } : within(withClause)
  }
  if ('InsertStmt' in node) return within(node.InsertStmt.withClause, node.InsertStmt.selectStmt)
  if ('SelectStmt' in node) return within(node.SelectStmt.withClause)
  if ('CreateTableAsStmt' in node) return within(undefined, node.CreateTableAsStmt.query)
  return undefined
}

function everyRow(verb: string, table: RangeVar | undefined, using?: readonly Node[]): string {
  return `${verb} every row of ${table?.relname}${using === undefined ? '' : ' (USING without WHERE)'}`
}

/** A condition that depends on the row, on another table, or on a cursor. */
function narrows(condition: Node | undefined): boolean {
  return condition !== undefined && /"(?:ColumnRef|SubLink|CurrentOfExpr|ParamRef)":/.test(JSON.stringify(condition))
}
