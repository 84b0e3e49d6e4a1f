import type { DropStmt, IndexStmt, Node, ReindexStmt } from 'libpg-query'
import type { IndexFacts } from './facts.ts'
import { isOn, namesOf, option } from './nodes.ts'

/** What CREATE INDEX, DROP INDEX of one index, REINDEX INDEX and REINDEX TABLE say about their index; undefined for anything else. */
export function indexFacts(node: Node): IndexFacts | undefined {
  if ('IndexStmt' in node) return created(node.IndexStmt)
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_INDEX') return dropped(node.DropStmt)
  if ('ReindexStmt' in node) return reindexed(node.ReindexStmt)
  return undefined
}

function created(statement: IndexStmt): IndexFacts {
  const { relation } = statement
  return {
    action: 'create',
    concurrently: statement.concurrent === true,
    ifNotExists: statement.if_not_exists === true,
    ...given({ name: statement.idxname, schema: relation?.schemaname, table: relation?.relname, tableSchema: relation?.schemaname }),
    unique: statement.unique === true,
  }
}

function dropped(statement: DropStmt): IndexFacts | undefined {
  const [object, another] = statement.objects ?? []
  if (object === undefined || another !== undefined || !('List' in object)) return undefined
  const names = namesOf(object.List.items)
  return {
    action: 'drop',
    concurrently: statement.concurrent === true,
    ifNotExists: statement.missing_ok === true,
    ...given({ name: names.at(-1), schema: names.at(-2) }),
    unique: false,
  }
}

function reindexed(statement: ReindexStmt): IndexFacts | undefined {
  const { kind, relation } = statement
  if (relation === undefined) return undefined
  const of =
    kind === 'REINDEX_OBJECT_INDEX'
      ? { name: relation.relname, schema: relation.schemaname }
      : { table: relation.relname, tableSchema: relation.schemaname }
  return {
    action: 'reindex',
    concurrently: isOn(option(statement.params, 'concurrently'), false),
    ifNotExists: false,
    ...given(of),
    unique: false,
  }
}

/** Without the keys that have no value, so that facts compare and print as they read. */
function given(names: Pick<IndexFacts, 'name' | 'schema' | 'table' | 'tableSchema'>): typeof names {
  return Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined))
}
