import type { Node, ObjectType, RangeVar } from 'libpg-query'
import { isTemporary, namesOf, textOf } from './nodes.ts'
import { parseAside } from './parse-aside.ts'
import { parseHere } from './parser.ts'

/** Which texts made a table, view or materialized view, and which changed it: by the ids that the texts came with, in their order. */
export interface TableStory {
  schema: string
  name: string
  madeBy: string
  /** Without `madeBy`; its columns, indexes, constraints, triggers, policies and comments count, its rows do not. */
  changedBy: string[]
  /** Those that a statement names; what LIKE, INHERITS and AS bring is not known. */
  columns: Map<string, { madeBy: string; changedBy: string[] }>
}

/** The search_path as one text sees it; a SET in it holds to its end. */
interface Place {
  id: string
  home: string
}

/**
 * What the texts, run one after another, say of the tables that are there in the end, under their last names. Names without a schema are in `home`, or
 * where a SET search_path puts them. What DO bodies and functions make is not seen. `unread`: ids of texts that do not parse. loadParser() must have
 * been awaited before.
 */
export async function tableStories(
  texts: readonly { id: string; text: string }[],
  home: string,
): Promise<{ stories: TableStory[]; unread: string[] }> {
  let stories: TableStory[] = []
  const unread: string[] = []
  for (const { id, text } of texts) {
    if (text.trim() === '') continue
    const parsed = parseHere(text) ?? (await parseAside(text))
    if (parsed === undefined || 'refused' in parsed) {
      unread.push(id)
      continue
    }
    const place: Place = { id, home }
    for (const { stmt } of parsed.statements) if (stmt !== undefined) stories = after(stories, stmt, place)
  }
  return { stories, unread }
}

function after(stories: TableStory[], node: Node, place: Place): TableStory[] {
  if ('VariableSetStmt' in node) setPath(node.VariableSetStmt, place)
  if ('DropStmt' in node) return dropped(stories, node.DropStmt.removeType, node.DropStmt.objects ?? [], place)
  if ('CreateSchemaStmt' in node) {
    const { schemaname = place.home, schemaElts = [] } = node.CreateSchemaStmt
    let all = stories
    for (const element of schemaElts) all = after(all, element, { ...place, home: schemaname })
    return all
  }
  const made = created(node, place)
  if (made !== undefined) {
    const before = stories.find((one) => one.schema === made.schema && one.name === made.name)
    if (before === undefined) return [...stories, made]
    // CREATE … IF NOT EXISTS does nothing here, and OR REPLACE changes.
    if ('ViewStmt' in node) touch(before, place)
    return stories
  }
  change(stories, node, place)
  return stories
}

function created(node: Node, place: Place): TableStory | undefined {
  if ('CreateStmt' in node) {
    const columns = (node.CreateStmt.tableElts ?? []).flatMap((one) => ('ColumnDef' in one ? [one.ColumnDef.colname ?? ''] : []))
    return story(node.CreateStmt.relation, place, columns)
  }
  if ('CreateForeignTableStmt' in node) {
    const base = node.CreateForeignTableStmt.base
    const columns = (base?.tableElts ?? []).flatMap((one) => ('ColumnDef' in one ? [one.ColumnDef.colname ?? ''] : []))
    return story(base?.relation, place, columns)
  }
  if ('CreateTableAsStmt' in node) return story(node.CreateTableAsStmt.into?.rel, place)
  if ('SelectStmt' in node) return story(node.SelectStmt.intoClause?.rel, place)
  return 'ViewStmt' in node ? story(node.ViewStmt.view, place) : undefined
}

function story(relation: RangeVar | undefined, place: Place, columns: readonly string[] = []): TableStory | undefined {
  if (relation?.relname === undefined || isTemporary(relation)) return undefined
  return {
    schema: relation.schemaname ?? place.home,
    name: relation.relname,
    madeBy: place.id,
    changedBy: [],
    columns: new Map(columns.map((column) => [column, { madeBy: place.id, changedBy: [] }])),
  }
}

/** What leaves the list as it is, and changes something of a table. */
function change(stories: readonly TableStory[], node: Node, place: Place): void {
  if ('AlterTableStmt' in node) {
    const table = touch(meant(stories, node.AlterTableStmt.relation, place), place)
    for (const command of node.AlterTableStmt.cmds ?? []) if (table !== undefined) alter(table, command, place)
  } else if ('RenameStmt' in node) rename(stories, node.RenameStmt, place)
  else if ('AlterObjectSchemaStmt' in node) {
    const table = touch(meant(stories, node.AlterObjectSchemaStmt.relation, place), place)
    if (table !== undefined) table.schema = node.AlterObjectSchemaStmt.newschema ?? table.schema
  } else if ('IndexStmt' in node) touch(meant(stories, node.IndexStmt.relation, place), place)
  else if ('CreateTrigStmt' in node) touch(meant(stories, node.CreateTrigStmt.relation, place), place)
  else if ('CreatePolicyStmt' in node) touch(meant(stories, node.CreatePolicyStmt.table, place), place)
  else if ('RuleStmt' in node) touch(meant(stories, node.RuleStmt.relation, place), place)
  else if ('CommentStmt' in node) {
    const { objtype = '', object } = node.CommentStmt
    const names = parts(object)
    if (['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW'].includes(objtype)) touch(named(stories, names, place), place)
    if (objtype !== 'OBJECT_COLUMN') return
    const table = touch(named(stories, names.slice(0, -1), place), place)
    if (table !== undefined) touch(table.columns.get(names.at(-1) ?? ''), place)
  }
}

function alter(table: TableStory, command: Node, place: Place): void {
  if (!('AlterTableCmd' in command)) return
  const { subtype = '', name = '', def } = command.AlterTableCmd
  if (subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def) {
    const column = def.ColumnDef.colname ?? ''
    if (!table.columns.has(column)) table.columns.set(column, { madeBy: place.id, changedBy: [] })
  } else if (subtype === 'AT_DropColumn') table.columns.delete(name)
  else if (ofColumns.test(subtype)) touch(table.columns.get(name), place)
}

/** What ALTER TABLE … ALTER COLUMN is called by the parser. */
const ofColumns =
  /^AT_(AlterColumnType|(Cooked)?ColumnDefault|(Set|Drop)NotNull|(Set|Drop)Expression|Set(Statistics|Storage|Compression)|(Set|Reset)Options|(Add|Set|Drop)Identity)$/

function rename(stories: readonly TableStory[], statement: Extract<Node, { RenameStmt: unknown }>['RenameStmt'], place: Place): void {
  const { renameType = '', relation, subname = '', newname = '' } = statement
  if (relation === undefined || renameType === 'OBJECT_INDEX') return
  const table = touch(meant(stories, relation, place), place)
  if (table === undefined) return
  if (['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE'].includes(renameType)) table.name = newname
  const column = renameType === 'OBJECT_COLUMN' ? table.columns.get(subname) : undefined
  if (column === undefined) return
  touch(column, place)
  table.columns.delete(subname)
  table.columns.set(newname, column)
}

function dropped(stories: TableStory[], type: ObjectType | undefined, objects: readonly Node[], place: Place): TableStory[] {
  if (type === 'OBJECT_SCHEMA') {
    const gone = objects.map((one) => textOf(one))
    return stories.filter((one) => !gone.includes(one.schema))
  }
  if (!['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE'].includes(type ?? '')) {
    const behindTheirTable = ['OBJECT_TRIGGER', 'OBJECT_RULE', 'OBJECT_POLICY'].includes(type ?? '')
    for (const object of behindTheirTable ? objects : []) touch(named(stories, parts(object).slice(0, -1), place), place)
    return stories
  }
  const gone = objects.map((object) => named(stories, parts(object), place))
  return stories.filter((one) => !gone.includes(one))
}

function meant(stories: readonly TableStory[], relation: RangeVar | undefined, place: Place): TableStory | undefined {
  const { schemaname, relname = '' } = relation ?? {}
  return named(stories, schemaname === undefined ? [relname] : [schemaname, relname], place)
}

/** Without a schema: the one in `home`, else the only one of that name, which the rest of the search_path must have found. */
function named(stories: readonly TableStory[], names: readonly string[], { home }: Place): TableStory | undefined {
  const [name, schema] = [names.at(-1), names.at(-2)]
  const found = stories.find((one) => one.name === name && one.schema === (schema ?? home))
  if (found !== undefined || schema !== undefined) return found
  const others = stories.filter((one) => one.name === name)
  return others.length === 1 ? others[0] : undefined
}

function touch<One extends { madeBy: string; changedBy: string[] }>(one: One | undefined, { id }: Place): One | undefined {
  if (one !== undefined && one.madeBy !== id && !one.changedBy.includes(id)) one.changedBy.push(id)
  return one
}

function parts(node: Node | undefined): string[] {
  if (node === undefined) return []
  if ('List' in node) return namesOf(node.List.items)
  const text = textOf(node)
  return text === undefined ? [] : [text]
}

function setPath({ name, args = [] }: Extract<Node, { VariableSetStmt: unknown }>['VariableSetStmt'], place: Place): void {
  const [first] = args
  if (name !== 'search_path' || first === undefined || !('A_Const' in first)) return
  const schema = first.A_Const.sval?.sval
  if (schema !== undefined && schema !== '' && schema !== '$user') place.home = schema
}
