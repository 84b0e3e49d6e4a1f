import type { FuncCall, Node, VariableSetStmt } from 'libpg-query'
import { bodyOf, changesSession } from './bodies.ts'
import { isTemporary, namesOf } from './nodes.ts'
import { sessionFunctions } from './session-functions.ts'

/**
 * How a statement changes the session beyond its own transaction, or undefined when it does not. SET LOCAL counts only where it changes who
 * writes or whether writing is possible, since bookkeeping joins the same transaction. Functions that are called by SELECT are not looked into,
 * other than those of session-functions.ts. `mayCall` is false when no such name occurs in the whole text.
 */
export function sessionChange(node: Node, mayCall: boolean): string | undefined {
  return setting(node) ?? temporary(node) ?? resource(node) ?? (mayCall ? call(node) : undefined)
}

function setting(node: Node): string | undefined {
  if ('VariableSetStmt' in node) return variable(node.VariableSetStmt)
  if ('DiscardStmt' in node) return `${(node.DiscardStmt.target ?? '').replace('_', ' ')} changes the session`
  return undefined
}

function variable(statement: VariableSetStmt): string | undefined {
  const name = statement.name ?? ''
  if (statement.kind === 'VAR_RESET_ALL') return 'RESET ALL changes the session'
  if (statement.kind === 'VAR_RESET') return `RESET ${name} changes the session`
  if (statement.kind === 'VAR_SET_MULTI' && name.startsWith('TRANSACTION'))
    return `SET ${name} must come before any query of its transaction`
  if (statement.is_local) return decidesWhoWrites(name) ? `SET LOCAL ${name} changes who writes, or whether one can` : undefined
  return `SET ${name} lasts for the session`
}

function decidesWhoWrites(name: string): boolean {
  return name === 'role' || name === 'session_authorization' || name === 'transaction_read_only' || name === 'default_transaction_read_only'
}

function temporary(node: Node): string | undefined {
  if ('CreateStmt' in node) {
    return isTemporary(node.CreateStmt.relation) && node.CreateStmt.oncommit !== 'ONCOMMIT_DROP'
      ? 'a temporary table lasts for the session'
      : undefined
  }
  const into = 'SelectStmt' in node ? node.SelectStmt.intoClause : 'CreateTableAsStmt' in node ? node.CreateTableAsStmt.into : undefined
  if (isTemporary(into?.rel) && into?.onCommit !== 'ONCOMMIT_DROP') return 'a temporary table lasts for the session'
  if ('ViewStmt' in node && isTemporary(node.ViewStmt.view)) return 'a temporary view lasts for the session'
  if ('CreateSeqStmt' in node && isTemporary(node.CreateSeqStmt.sequence)) return 'a temporary sequence lasts for the session'
  return undefined
}

function resource(node: Node): string | undefined {
  if ('ListenStmt' in node) return 'LISTEN lasts for the session'
  if ('UnlistenStmt' in node) return 'UNLISTEN changes the session'
  if ('PrepareStmt' in node) return 'PREPARE lasts for the session'
  if ('DeallocateStmt' in node) return 'DEALLOCATE changes the session'
  if ('LoadStmt' in node) return 'LOAD lasts for the session'
  if ('DeclareCursorStmt' in node)
    return ((node.DeclareCursorStmt.options ?? 0) & cursorWithHold) === 0 ? undefined : 'a cursor WITH HOLD lasts for the session'
  if ('DoStmt' in node) return changesSession(bodyOf(node.DoStmt.args))
  if ('CallStmt' in node) return 'CALL: what the procedure does cannot be seen here'
  return undefined
}

/** CURSOR_OPT_HOLD of PostgreSQL src/include/nodes/parsenodes.h, 13–18. */
const cursorWithHold = 0x20

/** Only statements that run their expressions now; a default, a view or a function body does not. */
function call(node: Node): string | undefined {
  const runs =
    'SelectStmt' in node ||
    'InsertStmt' in node ||
    'UpdateStmt' in node ||
    'DeleteStmt' in node ||
    'MergeStmt' in node ||
    'CreateTableAsStmt' in node ||
    'CopyStmt' in node ||
    'ExplainStmt' in node
  if (!runs) return undefined
  for (const found of calls(node)) {
    const name = namesOf(found.funcname).at(-1) ?? ''
    if (!sessionFunctions.test(name)) continue
    if (name === 'set_config' && isLocalSetting(found)) continue
    return `${name}() changes the session`
  }
  return undefined
}

function isLocalSetting(found: FuncCall): boolean {
  const [setting, , local] = found.args ?? []
  const name = setting !== undefined && 'A_Const' in setting ? setting.A_Const.sval?.sval : undefined
  const isLocal = local !== undefined && 'A_Const' in local && local.A_Const.boolval?.boolval === true
  return isLocal && name !== undefined && !decidesWhoWrites(name.toLowerCase())
}

/** By a list instead of recursion: expressions may be deeper than the stack. */
function* calls(root: Node): Generator<FuncCall> {
  const open: object[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('FuncCall' in node && isCall(node.FuncCall)) yield node.FuncCall
    for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) open.push(value)
  }
}

function isCall(value: unknown): value is FuncCall {
  return typeof value === 'object' && value !== null && 'funcname' in value
}
