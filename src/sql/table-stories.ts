import type { Node, ObjectType, RangeVar } from 'libpg-query'
import { isTemporary, namesOf, textOf } from './nodes.ts'
import { parseAside } from './parse-aside.ts'
import { parseHere } from './parser.ts'
import { constraintsIn, indexPart, type TablePart } from './table-parts.ts'

/** Which texts made a table, view or materialized view, and which changed it: by the ids that the texts came with, in their order. */
export interface TableStory {
  schema: string
  name: string
  madeBy: string
  /** Without `madeBy`; its columns, indexes, constraints, triggers, policies and comments count, its rows do not. */
  changedBy: string[]
  /** Those that a statement names; what LIKE, INHERITS and AS bring is not known. */
  columns: Map<string, { madeBy: string; changedBy: string[] }>
  /** Its constraints, indexes and triggers, oldest first. */
  parts: TablePart[]
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
    return story(node.CreateStmt.relation, place, node.CreateStmt.tableElts)
  }
  if ('CreateForeignTableStmt' in node) {
    const base = node.CreateForeignTableStmt.base
    return story(base?.relation, place, base?.tableElts)
  }
  if ('CreateTableAsStmt' in node) return story(node.CreateTableAsStmt.into?.rel, place)
  if ('SelectStmt' in node) return story(node.SelectStmt.intoClause?.rel, place)
  return 'ViewStmt' in node ? story(node.ViewStmt.view, place) : undefined
}

function story(relation: RangeVar | undefined, place: Place, elements: readonly Node[] = []): TableStory | undefined {
  if (relation?.relname === undefined || isTemporary(relation)) return undefined
  const columns = elements.flatMap((one) => ('ColumnDef' in one ? [one.ColumnDef.colname ?? ''] : []))
  return {
    schema: relation.schemaname ?? place.home,
    name: relation.relname,
    madeBy: place.id,
    changedBy: [],
    columns: new Map(columns.map((column) => [column, { madeBy: place.id, changedBy: [] }])),
    parts: elements.flatMap((one) => constraintsIn(one, place.id)),
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
  } else if ('IndexStmt' in node) {
    const { relation, if_not_exists: onlyIfMissing = false } = node.IndexStmt
    add(touch(meant(stories, relation, place), place), indexPart(node.IndexStmt, relation?.relname ?? '', place.id), onlyIfMissing)
  } else if ('CreateTrigStmt' in node) {
    const { relation, trigname } = node.CreateTrigStmt
    add(touch(meant(stories, relation, place), place), { kind: 'trigger', name: trigname, columns: [], madeBy: place.id })
  }
  if ('CreatePolicyStmt' in node) touch(meant(stories, node.CreatePolicyStmt.table, place), place)
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
    if (table.columns.has(column)) return
    table.columns.set(column, { madeBy: place.id, changedBy: [] })
    table.parts.push(...constraintsIn(def, place.id))
  } else if (subtype === 'AT_DropColumn') {
    table.columns.delete(name)
    table.parts = table.parts.filter((one) => !one.columns.includes(name))
  } else if (subtype === 'AT_AddConstraint') table.parts.push(...constraintsIn(def, place.id))
  else if (subtype === 'AT_DropConstraint') table.parts = table.parts.filter((one) => one.kind !== 'constraint' || one.name !== name)
  else if (ofColumns.test(subtype)) touch(table.columns.get(name), place)
}

/** What ALTER TABLE … ALTER COLUMN is called by the parser. */
const ofColumns =
  /^AT_(AlterColumnType|(Cooked)?ColumnDefault|(Set|Drop)NotNull|(Set|Drop)Expression|Set(Statistics|Storage|Compression)|(Set|Reset)Options|(Add|Set|Drop)Identity)$/

function add(table: TableStory | undefined, part: TablePart, onlyIfMissing = false): void {
  if (table === undefined) return
  const isThere = part.name !== undefined && table.parts.some((one) => one.kind === part.kind && one.name === part.name)
  if (!isThere || !onlyIfMissing) table.parts.push(part)
}

function rename(stories: readonly TableStory[], statement: Extract<Node, { RenameStmt: unknown }>['RenameStmt'], place: Place): void {
  const { renameType = '', relation, subname = '', newname = '' } = statement
  if (relation === undefined) return
  if (renameType === 'OBJECT_INDEX') {
    // Names of indexes are those of their schema.
    const all = stories.filter((one) => one.schema === (relation.schemaname ?? place.home)).flatMap((one) => one.parts)
    for (const part of all) if (part.kind === 'index' && part.name === relation.relname) part.name = newname
    return
  }
  const table = touch(meant(stories, relation, place), place)
  if (table === undefined) return
  const kind = ({ OBJECT_TABCONSTRAINT: 'constraint', OBJECT_TRIGGER: 'trigger' } as Record<string, string>)[renameType]
  for (const part of table.parts) {
    if (part.kind === kind && part.name === subname) part.name = newname
    if (renameType === 'OBJECT_COLUMN') part.columns = part.columns.map((one) => (one === subname ? newname : one))
  }
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
