import type { Node, ObjectType } from 'libpg-query'
import { isOn, option } from './nodes.ts'

/** What a statement is, in the words of its author: `CREATE TABLE`, `DROP INDEX CONCURRENTLY`, `INSERT`. */
export function kindOf(node: Node): string {
  return definition(node) ?? removal(node) ?? change(node) ?? data(node) ?? utility(node) ?? spelledOut(node)
}

function definition(node: Node): string | undefined {
  if ('CreateStmt' in node) return 'CREATE TABLE'
  if ('IndexStmt' in node) return `CREATE ${node.IndexStmt.unique ? 'UNIQUE ' : ''}INDEX${node.IndexStmt.concurrent ? ' CONCURRENTLY' : ''}`
  if ('CreateTableAsStmt' in node)
    return node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW' ? 'CREATE MATERIALIZED VIEW' : 'CREATE TABLE AS'
  if ('CreateFunctionStmt' in node) return node.CreateFunctionStmt.is_procedure ? 'CREATE PROCEDURE' : 'CREATE FUNCTION'
  if ('DefineStmt' in node) return `CREATE ${objectName(node.DefineStmt.kind)}`
  if ('CreateRoleStmt' in node) return 'CREATE ROLE'
  for (const type of Object.keys(node)) return createdByName[type]
  return undefined
}

function removal(node: Node): string | undefined {
  if ('DropStmt' in node) return `DROP ${objectName(node.DropStmt.removeType)}${node.DropStmt.concurrent ? ' CONCURRENTLY' : ''}`
  if ('TruncateStmt' in node) return 'TRUNCATE'
  if ('DropdbStmt' in node) return 'DROP DATABASE'
  if ('DropOwnedStmt' in node) return 'DROP OWNED'
  return undefined
}

function change(node: Node): string | undefined {
  if ('AlterTableStmt' in node) return `ALTER ${objectName(node.AlterTableStmt.objtype)}`
  if ('RenameStmt' in node)
    return `ALTER ${objectName(node.RenameStmt.relationType ?? node.RenameStmt.renameType, node.RenameStmt.renameType)} RENAME`
  if ('AlterObjectSchemaStmt' in node) return `ALTER ${objectName(node.AlterObjectSchemaStmt.objectType)} SET SCHEMA`
  if ('AlterOwnerStmt' in node) return `ALTER ${objectName(node.AlterOwnerStmt.objectType)} OWNER`
  if ('AlterEnumStmt' in node || 'AlterTypeStmt' in node) return 'ALTER TYPE'
  if ('AlterFunctionStmt' in node) return `ALTER ${objectName(node.AlterFunctionStmt.objtype)}`
  if ('AlterDatabaseSetStmt' in node || 'AlterDatabaseRefreshCollStmt' in node) return 'ALTER DATABASE'
  if ('AlterRoleSetStmt' in node) return 'ALTER ROLE'
  if ('AlterSeqStmt' in node) return 'ALTER SEQUENCE'
  return undefined
}

function data(node: Node): string | undefined {
  if ('SelectStmt' in node) return node.SelectStmt.intoClause === undefined ? 'SELECT' : 'SELECT INTO'
  if ('CopyStmt' in node) return node.CopyStmt.is_from ? 'COPY FROM' : 'COPY TO'
  if ('RefreshMatViewStmt' in node) return `REFRESH MATERIALIZED VIEW${node.RefreshMatViewStmt.concurrent ? ' CONCURRENTLY' : ''}`
  return undefined
}

function utility(node: Node): string | undefined {
  if ('TransactionStmt' in node) return transactionNames[node.TransactionStmt.kind ?? '']
  if ('VariableSetStmt' in node) {
    if (node.VariableSetStmt.kind === 'VAR_RESET' || node.VariableSetStmt.kind === 'VAR_RESET_ALL') return 'RESET'
    return node.VariableSetStmt.is_local ? 'SET LOCAL' : 'SET'
  }
  if ('VariableShowStmt' in node) return 'SHOW'
  if ('ConstraintsSetStmt' in node) return 'SET CONSTRAINTS'
  if ('ReindexStmt' in node) {
    const concurrently = isOn(option(node.ReindexStmt.params, 'concurrently'), false) ? ' CONCURRENTLY' : ''
    return `REINDEX ${(node.ReindexStmt.kind ?? '').replace('REINDEX_OBJECT_', '')}${concurrently}`
  }
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd ? 'VACUUM' : 'ANALYZE'
  if ('GrantStmt' in node) return node.GrantStmt.is_grant ? 'GRANT' : 'REVOKE'
  if ('GrantRoleStmt' in node) return node.GrantRoleStmt.is_grant ? 'GRANT' : 'REVOKE'
  if ('DiscardStmt' in node) return (node.DiscardStmt.target ?? 'DISCARD').replace('_', ' ')
  if ('SecLabelStmt' in node) return 'SECURITY LABEL'
  if ('CheckPointStmt' in node) return 'CHECKPOINT'
  if ('ClosePortalStmt' in node) return 'CLOSE'
  return undefined
}

/** `AlterDefaultPrivilegesStmt` → `ALTER DEFAULT PRIVILEGES`. */
function spelledOut(node: Node): string {
  for (const type of Object.keys(node)) {
    return type
      .replace(/Stmt$/, '')
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toUpperCase()
  }
  return 'STATEMENT'
}

/** OBJECT_FOREIGN_TABLE → FOREIGN TABLE. A part of something (a column) is named by what it belongs to. */
function objectName(type: ObjectType | undefined, part?: ObjectType): string {
  const owner = type === undefined || type === 'OBJECT_ACCESS_METHOD' ? part : type
  if (owner === undefined) return 'OBJECT'
  return objectNames[owner] ?? owner.replace('OBJECT_', '').replaceAll('_', ' ')
}

const objectNames: Partial<Record<ObjectType, string>> = {
  OBJECT_MATVIEW: 'MATERIALIZED VIEW',
  OBJECT_FDW: 'FOREIGN DATA WRAPPER',
  OBJECT_FOREIGN_SERVER: 'SERVER',
  OBJECT_OPCLASS: 'OPERATOR CLASS',
  OBJECT_OPFAMILY: 'OPERATOR FAMILY',
  OBJECT_STATISTIC_EXT: 'STATISTICS',
  OBJECT_TABCONSTRAINT: 'TABLE',
  OBJECT_DOMCONSTRAINT: 'DOMAIN',
  OBJECT_ATTRIBUTE: 'TYPE',
  OBJECT_TSCONFIGURATION: 'TEXT SEARCH CONFIGURATION',
  OBJECT_TSDICTIONARY: 'TEXT SEARCH DICTIONARY',
  OBJECT_TSPARSER: 'TEXT SEARCH PARSER',
  OBJECT_TSTEMPLATE: 'TEXT SEARCH TEMPLATE',
}

const createdByName: Record<string, string> = {
  CreateSeqStmt: 'CREATE SEQUENCE',
  ViewStmt: 'CREATE VIEW',
  CreateTrigStmt: 'CREATE TRIGGER',
  CreateEventTrigStmt: 'CREATE EVENT TRIGGER',
  RuleStmt: 'CREATE RULE',
  CompositeTypeStmt: 'CREATE TYPE',
  CreateEnumStmt: 'CREATE TYPE',
  CreateRangeStmt: 'CREATE TYPE',
  CreateStatsStmt: 'CREATE STATISTICS',
  CreateFdwStmt: 'CREATE FOREIGN DATA WRAPPER',
  CreateForeignServerStmt: 'CREATE SERVER',
  CreatePLangStmt: 'CREATE LANGUAGE',
  CreateAmStmt: 'CREATE ACCESS METHOD',
  CreateOpClassStmt: 'CREATE OPERATOR CLASS',
  CreateOpFamilyStmt: 'CREATE OPERATOR FAMILY',
  CreatedbStmt: 'CREATE DATABASE',
  CreateTableSpaceStmt: 'CREATE TABLESPACE',
  DropTableSpaceStmt: 'DROP TABLESPACE',
}

const transactionNames: Record<string, string> = {
  TRANS_STMT_BEGIN: 'BEGIN',
  TRANS_STMT_START: 'START TRANSACTION',
  TRANS_STMT_COMMIT: 'COMMIT',
  TRANS_STMT_ROLLBACK: 'ROLLBACK',
  TRANS_STMT_SAVEPOINT: 'SAVEPOINT',
  TRANS_STMT_RELEASE: 'RELEASE SAVEPOINT',
  TRANS_STMT_ROLLBACK_TO: 'ROLLBACK TO SAVEPOINT',
  TRANS_STMT_PREPARE: 'PREPARE TRANSACTION',
  TRANS_STMT_COMMIT_PREPARED: 'COMMIT PREPARED',
  TRANS_STMT_ROLLBACK_PREPARED: 'ROLLBACK PREPARED',
}
