import type { Node, RangeVar } from 'libpg-query'
import { namesOf } from './nodes.ts'
import { parseAside } from './parse-aside.ts'
import { parseHere } from './parser.ts'
import { riskOf } from './risk.ts'

/** What a file does, as far as its text tells; bodies of functions and DO blocks are not looked into. */
export interface Effects {
  /** Tables (views, sequences are none) that its statements make, change, fill or drop: `schema.table`, or `table` where the search_path decides. In order. */
  tables: string[]
  /** low: indexes, constraints, comments, new objects; medium: columns, data, what cannot be told; high: tables or columns dropped, types changed, TRUNCATE. */
  risk: 'low' | 'medium' | 'high'
  /** Something is dropped, emptied or changed so that no down can bring back what was in it. */
  loses: boolean
}

/** Reads a file's effects by the parser; undefined when it does not parse. {@link loadParser} must have been awaited before. */
export async function effectsOf(text: string): Promise<Effects | undefined> {
  if (text.trim() === '') return { tables: [], risk: 'low', loses: false }
  const parsed = parseHere(text) ?? (await parseAside(text))
  if (parsed === undefined || 'refused' in parsed) return undefined
  const nodes = parsed.statements.flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]))
  const risks = nodes.map(riskOf)
  const risk = risks.includes('high') ? 'high' : risks.includes('medium') ? 'medium' : 'low'
  return { tables: [...new Set(nodes.flatMap(targets))], risk, loses: risks.includes('high') }
}

/** The tables that one statement changes. */
function targets(node: Node): string[] {
  if ('DropStmt' in node) {
    if (node.DropStmt.removeType === 'OBJECT_TABLE') return (node.DropStmt.objects ?? []).flatMap((object) => listed(object))
    // A trigger, rule or policy is named behind its table.
    const parts = ['OBJECT_TRIGGER', 'OBJECT_RULE', 'OBJECT_POLICY'].includes(node.DropStmt.removeType ?? '')
    return parts ? (node.DropStmt.objects ?? []).flatMap((object) => listed(object, -1)) : []
  }
  if ('CommentStmt' in node && node.CommentStmt.object !== undefined) {
    const { objtype, object } = node.CommentStmt
    if (objtype === 'OBJECT_TABLE') return listed(object)
    return objtype === 'OBJECT_COLUMN' || objtype === 'OBJECT_TABCONSTRAINT' ? listed(object, -1) : []
  }
  if ('TruncateStmt' in node) return (node.TruncateStmt.relations ?? []).flatMap((one) => ('RangeVar' in one ? named(one.RangeVar) : []))
  if ('AlterTableStmt' in node) return node.AlterTableStmt.objtype === 'OBJECT_TABLE' ? named(node.AlterTableStmt.relation) : []
  if ('CopyStmt' in node) return node.CopyStmt.is_from === true ? named(node.CopyStmt.relation) : []
  if ('RenameStmt' in node) {
    const { renameType, relationType, relation } = node.RenameStmt
    const isTable = [renameType, relationType].includes('OBJECT_TABLE') || renameType === 'OBJECT_TABCONSTRAINT'
    return isTable ? named(relation) : []
  }
  if ('CreatePolicyStmt' in node) return named(node.CreatePolicyStmt.table)
  if ('AlterPolicyStmt' in node) return named(node.AlterPolicyStmt.table)
  if ('CreateTableAsStmt' in node) return node.CreateTableAsStmt.objtype === 'OBJECT_TABLE' ? named(node.CreateTableAsStmt.into?.rel) : []
  if ('SelectStmt' in node) return [...named(node.SelectStmt.intoClause?.rel), ...inWith(node.SelectStmt.withClause?.ctes)]
  if ('CreateStmt' in node) return named(node.CreateStmt.relation)
  if ('IndexStmt' in node) return named(node.IndexStmt.relation)
  if ('CreateTrigStmt' in node) return named(node.CreateTrigStmt.relation)
  if ('RuleStmt' in node) return named(node.RuleStmt.relation)
  if ('InsertStmt' in node) return [...inWith(node.InsertStmt.withClause?.ctes), ...named(node.InsertStmt.relation)]
  if ('UpdateStmt' in node) return [...inWith(node.UpdateStmt.withClause?.ctes), ...named(node.UpdateStmt.relation)]
  if ('DeleteStmt' in node) return [...inWith(node.DeleteStmt.withClause?.ctes), ...named(node.DeleteStmt.relation)]
  if ('MergeStmt' in node) return [...inWith(node.MergeStmt.withClause?.ctes), ...named(node.MergeStmt.relation)]
  return []
}

/** `WITH gone AS (DELETE …)`: parts of a query may change tables too. */
function inWith(parts: Node[] | undefined): string[] {
  return (parts ?? []).flatMap((part) =>
    'CommonTableExpr' in part && part.CommonTableExpr.ctequery !== undefined ? targets(part.CommonTableExpr.ctequery) : [],
  )
}

function named(relation: RangeVar | undefined): string[] {
  if (relation?.relname === undefined || relation.relpersistence === 't') return []
  return [relation.schemaname === undefined ? relation.relname : `${relation.schemaname}.${relation.relname}`]
}

/** A name as a list of its parts; `until` -1: without the last one, which names a part of the table. */
function listed(object: Node, until?: number): string[] {
  if (!('List' in object)) return []
  const names = namesOf(object.List.items).slice(0, until === -1 ? -1 : undefined)
  return names.length === 0 ? [] : [names.slice(-2).join('.')]
}
