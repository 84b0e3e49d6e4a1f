import type { Kind } from '../kind.ts'
import * as behaviour from './behaviour.ts'
import * as database from './database.ts'
import * as operator from './operator.ts'
import * as outside from './outside.ts'
import * as relation from './relation.ts'
import * as textSearch from './text-search.ts'
import * as type from './type.ts'

/** Every kind of object that is looked at. To add one: a `Kind` in the file of its group. */
export const kinds: readonly Kind[] = [database, relation, behaviour, type, operator, textSearch, outside].flatMap((group) =>
  Object.values(group),
)
