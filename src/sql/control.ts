import type { Node } from 'libpg-query'
import type { Statement } from './facts.ts'
import { isOn, option } from './nodes.ts'

/**
 * The transaction control of a statement. COMMIT PREPARED and ROLLBACK PREPARED end transactions of others and are none.
 * A transaction that begins READ ONLY, or whose end begins another (AND CHAIN), is `other`, since nobody can write bookkeeping into it.
 */
export function controlOf(node: Node): Statement['control'] {
  if (!('TransactionStmt' in node)) return undefined
  const { kind, chain, options } = node.TransactionStmt
  if (chain) return 'other'
  switch (kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return isReadOnly(options) ? 'other' : 'begin'
    case 'TRANS_STMT_COMMIT':
      return 'commit'
    case 'TRANS_STMT_ROLLBACK':
      return 'rollback'
    case 'TRANS_STMT_SAVEPOINT':
    case 'TRANS_STMT_RELEASE':
    case 'TRANS_STMT_ROLLBACK_TO':
      return 'savepoint'
    case 'TRANS_STMT_PREPARE':
      return 'other'
    default:
      return undefined
  }
}

function isReadOnly(options: Node[] | undefined): boolean {
  const value = option(options, 'transaction_read_only')
  return value !== undefined && value !== null && 'A_Const' in value ? value.A_Const.ival?.ival === 1 : isOn(value, false)
}
