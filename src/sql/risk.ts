import type { AlterTableType, Node, ObjectType } from 'libpg-query'

/** Dropping one of these takes what was in it. */
const holdsData: readonly (ObjectType | undefined)[] = [
  'OBJECT_TABLE',
  'OBJECT_SCHEMA',
  'OBJECT_COLUMN',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
  'OBJECT_SEQUENCE',
  'OBJECT_MATVIEW',
  'OBJECT_EXTENSION',
  'OBJECT_FOREIGN_TABLE',
]

const highParts: readonly (AlterTableType | undefined)[] = ['AT_DropColumn', 'AT_AlterColumnType', 'AT_DetachPartition']
const lowParts: readonly (AlterTableType | undefined)[] = [
  'AT_AddConstraint',
  'AT_AddIndex',
  'AT_AddIndexConstraint',
  'AT_ValidateConstraint',
  'AT_SetStatistics',
  'AT_ReplicaIdentity',
  'AT_EnableRowSecurity',
  'AT_ForceRowSecurity',
]

const mediumNodes: readonly string[] = [
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
  'RenameStmt',
  'AlterEnumStmt',
  'AlterDomainStmt',
  'AlterObjectSchemaStmt',
  'AlterOwnerStmt',
  'AlterSeqStmt',
  'CallStmt',
  // What a block does, nobody can tell from outside.
  'DoStmt',
]

/**
 * How much a statement can break, by the rules that teams write down: low adds (indexes, constraints, comments, new objects), medium changes columns or
 * data, high drops what holds data or changes the type of a column.
 */
export function riskOf(node: Node): 'low' | 'medium' | 'high' {
  if ('DropStmt' in node) return holdsData.includes(node.DropStmt.removeType) ? 'high' : 'medium'
  if ('TruncateStmt' in node || 'DropOwnedStmt' in node || 'DropdbStmt' in node) return 'high'
  if ('AlterTableStmt' in node) {
    const parts = (node.AlterTableStmt.cmds ?? []).map((part) => ('AlterTableCmd' in part ? part.AlterTableCmd.subtype : undefined))
    if (parts.some((part) => highParts.includes(part))) return 'high'
    return parts.every((part) => lowParts.includes(part)) ? 'low' : 'medium'
  }
  if ('CompositeTypeStmt' in node || 'CommentStmt' in node) return 'low'
  // SELECT setval(…) or a function of the team's own may change data.
  if ('SelectStmt' in node) return 'medium'
  return Object.keys(node).some((kind) => mediumNodes.includes(kind)) ? 'medium' : 'low'
}
