import type { Node } from 'libpg-query'
import { namesOf } from './nodes.ts'

/** A constraint, index or trigger of a table, as the text that made it says. */
export interface TablePart {
  kind: 'constraint' | 'index' | 'trigger'
  /** Undefined where PostgreSQL chose one. */
  name: string | undefined
  /** Of an index without a name: what PostgreSQL calls it, but for a number behind that. */
  chosen?: string
  /** Of a constraint: PRIMARY KEY, UNIQUE, FOREIGN KEY, CHECK, EXCLUDE, as the catalogue has it. */
  type?: ConstraintType
  /** Of a key without a name, and of an index; an expression is `expr`. Empty where they are not known. */
  columns: string[]
  madeBy: string
}

export type ConstraintType = 'p' | 'u' | 'f' | 'c' | 'x'

const types: Readonly<Record<string, ConstraintType>> = {
  CONSTR_PRIMARY: 'p',
  CONSTR_UNIQUE: 'u',
  CONSTR_FOREIGN: 'f',
  CONSTR_CHECK: 'c',
  CONSTR_EXCLUSION: 'x',
}

/** The constraints that columns and constraints in CREATE TABLE, ADD COLUMN and ADD CONSTRAINT make. */
export function constraintsIn(element: Node | undefined, madeBy: string): TablePart[] {
  if (element === undefined) return []
  if ('Constraint' in element) return constraint(element, [], madeBy)
  if (!('ColumnDef' in element)) return []
  const { colname = '', constraints = [] } = element.ColumnDef
  return constraints.flatMap((one) => constraint(one, [colname], madeBy))
}

function constraint(node: Node, column: readonly string[], madeBy: string): TablePart[] {
  if (!('Constraint' in node)) return []
  const { contype = '', conname, keys = [], fk_attrs: foreign = [] } = node.Constraint
  const type = types[contype]
  if (type === undefined) return []
  const columns = namesOf(type === 'f' ? foreign : keys)
  return [{ kind: 'constraint', name: conname, type, columns: columns.length === 0 ? [...column] : columns, madeBy }]
}

/** An index that CREATE INDEX makes on `table`. */
export function indexPart({ idxname, indexParams = [] }: IndexStmt, table: string, madeBy: string): TablePart {
  const columns = indexParams.map((one) => ('IndexElem' in one ? (one.IndexElem.name ?? 'expr') : 'expr'))
  if (idxname !== undefined && idxname !== '') return { kind: 'index', name: idxname, columns, madeBy }
  return { kind: 'index', name: undefined, chosen: `${table}_${columns.join('_')}_idx`, columns, madeBy }
}

type IndexStmt = Extract<Node, { IndexStmt: unknown }>['IndexStmt']

/** What the catalogue knows of a part. */
export interface PartInCatalogue {
  kind: TablePart['kind']
  name: string
  type?: ConstraintType
  columns?: readonly string[]
}

/**
 * Which text made a part that is there: the one that names it; where it has the name that PostgreSQL chose, the one that made such a key of these
 * columns; else the only one that made one of its kind without a name. Null where that is not known. The newest counts: what was made twice was dropped between.
 */
export function whoMade(parts: readonly TablePart[], wanted: PartInCatalogue): string | null {
  const alike = parts.filter((one) => one.kind === wanted.kind && one.type === wanted.type).reverse()
  const named = alike.find((one) => one.name === wanted.name)
  if (named !== undefined) return named.madeBy
  const nameless = alike.filter((one) => one.name === undefined)
  const fits =
    wanted.kind === 'index'
      ? nameless.find((one) => one.chosen === wanted.name.replace(/\d+$/, ''))
      : nameless.find((one) => one.columns.length > 0 && String(one.columns) === String(wanted.columns))
  if (fits !== undefined) return fits.madeBy
  const makers = new Set(nameless.map((one) => one.madeBy))
  return makers.size === 1 ? ([...makers][0] as string) : null
}
