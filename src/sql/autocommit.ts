import type { AlterSubscriptionStmt, CreateSubscriptionStmt, Node, ReindexStmt } from 'libpg-query'
import type { Statement } from './facts.ts'
import { isOn, option, word } from './nodes.ts'
import { bodyOf, endsTransactions } from './bodies.ts'

export type Autocommit = NonNullable<Statement['autocommit']>

/** What earlier statements of the same file tell about later ones. */
export interface Seen {
  /** Subscriptions that were parted from their slot: dropping them is an ordinary change. */
  slotless: Set<string>
  /** Procedures, by their last name, whose body ends transactions. */
  committing: Set<string>
}

/**
 * Why PostgreSQL refuses a statement inside a transaction block (SQLSTATE 25001; 2D000 for bodies that end transactions), or undefined when it
 * does not. What depends on the catalogue (REINDEX and CLUSTER of a partitioned table, procedures made elsewhere) cannot be seen here.
 * Source: the calls of PreventInTransactionBlock in PostgreSQL 13–18, and "Notes" of each command's manual page.
 */
export function autocommit(node: Node, seen: Seen): Autocommit | undefined {
  return indexes(node) ?? wholeDatabase(node) ?? transactionEnd(node) ?? replication(node, seen) ?? bodies(node, seen)
}

/** Whether a statement has to be sent by itself on a server. `serverVersion` is a major version or a server_version_num; without it, any version counts. */
export function runsAlone(statement: Pick<Statement, 'autocommit'>, serverVersion?: number): boolean {
  const { autocommit } = statement
  if (autocommit === undefined || serverVersion === undefined) return autocommit !== undefined
  const major = serverVersion >= 10_000 ? Math.floor(serverVersion / 10_000) : serverVersion
  return major >= (autocommit.from ?? 0) && major < (autocommit.below ?? Number.POSITIVE_INFINITY)
}

function indexes(node: Node): Autocommit | undefined {
  if ('IndexStmt' in node) return node.IndexStmt.concurrent ? refused('CREATE INDEX CONCURRENTLY') : undefined
  if ('DropStmt' in node) return node.DropStmt.concurrent ? refused('DROP INDEX CONCURRENTLY') : undefined
  if ('ReindexStmt' in node) return reindex(node.ReindexStmt)
  if ('AlterTableStmt' in node) {
    for (const command of node.AlterTableStmt.cmds ?? []) {
      if (!('AlterTableCmd' in command) || command.AlterTableCmd.subtype !== 'AT_DetachPartition') continue
      const partition = command.AlterTableCmd.def
      if (partition !== undefined && 'PartitionCmd' in partition && partition.PartitionCmd.concurrent) {
        return { ...refused('ALTER TABLE … DETACH PARTITION … CONCURRENTLY'), from: 14 }
      }
    }
  }
  return undefined
}

function reindex(statement: ReindexStmt): Autocommit | undefined {
  if (isOn(option(statement.params, 'concurrently'), false)) return refused('REINDEX … CONCURRENTLY')
  if (statement.kind === 'REINDEX_OBJECT_INDEX' || statement.kind === 'REINDEX_OBJECT_TABLE') return undefined
  return refused(`REINDEX ${(statement.kind ?? '').replace('REINDEX_OBJECT_', '')}`)
}

function wholeDatabase(node: Node): Autocommit | undefined {
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd ? refused('VACUUM') : undefined
  if ('ClusterStmt' in node) return node.ClusterStmt.relation === undefined ? refused('CLUSTER without a table') : undefined
  if ('CreatedbStmt' in node) return refused('CREATE DATABASE')
  if ('DropdbStmt' in node) return refused('DROP DATABASE')
  if ('AlterDatabaseStmt' in node) {
    return option(node.AlterDatabaseStmt.options, 'tablespace') === undefined ? undefined : refused('ALTER DATABASE … SET TABLESPACE')
  }
  if ('CreateTableSpaceStmt' in node) return refused('CREATE TABLESPACE')
  if ('DropTableSpaceStmt' in node) return refused('DROP TABLESPACE')
  if ('AlterSystemStmt' in node) return refused('ALTER SYSTEM')
  if ('DiscardStmt' in node) return node.DiscardStmt.target === 'DISCARD_ALL' ? refused('DISCARD ALL') : undefined
  return undefined
}

function transactionEnd(node: Node): Autocommit | undefined {
  if (!('TransactionStmt' in node)) return undefined
  if (node.TransactionStmt.kind === 'TRANS_STMT_COMMIT_PREPARED') return refused('COMMIT PREPARED')
  return node.TransactionStmt.kind === 'TRANS_STMT_ROLLBACK_PREPARED' ? refused('ROLLBACK PREPARED') : undefined
}

function replication(node: Node, seen: Seen): Autocommit | undefined {
  if ('CreateSubscriptionStmt' in node) return createSubscription(node.CreateSubscriptionStmt)
  if ('AlterSubscriptionStmt' in node) return alterSubscription(node.AlterSubscriptionStmt, seen)
  if ('DropSubscriptionStmt' in node) {
    return seen.slotless.has(node.DropSubscriptionStmt.subname ?? '') ? undefined : refused('DROP SUBSCRIPTION with a replication slot')
  }
  return undefined
}

function createSubscription(statement: CreateSubscriptionStmt): Autocommit | undefined {
  const connects = isOn(option(statement.options, 'connect'), true)
  return isOn(option(statement.options, 'create_slot'), connects) ? refused('CREATE SUBSCRIPTION with create_slot') : undefined
}

function alterSubscription(statement: AlterSubscriptionStmt, seen: Seen): Autocommit | undefined {
  const { kind, options } = statement
  if (kind === 'ALTER_SUBSCRIPTION_REFRESH') return { ...refused('ALTER SUBSCRIPTION … REFRESH PUBLICATION'), from: 14 }
  if (kind === 'ALTER_SUBSCRIPTION_OPTIONS') {
    if (word(option(options, 'slot_name')) === 'none') seen.slotless.add(statement.subname ?? '')
    if (option(options, 'failover') !== undefined) return { ...refused('ALTER SUBSCRIPTION … SET (failover)'), from: 17 }
    if (option(options, 'two_phase') !== undefined) return { ...refused('ALTER SUBSCRIPTION … SET (two_phase)'), from: 18 }
    return undefined
  }
  const changesPublications =
    kind === 'ALTER_SUBSCRIPTION_SET_PUBLICATION' ||
    kind === 'ALTER_SUBSCRIPTION_ADD_PUBLICATION' ||
    kind === 'ALTER_SUBSCRIPTION_DROP_PUBLICATION'
  if (!changesPublications || !isOn(option(options, 'refresh'), true)) return undefined
  return { ...refused('ALTER SUBSCRIPTION … PUBLICATION with refresh'), from: 14 }
}

function bodies(node: Node, seen: Seen): Autocommit | undefined {
  if ('CreateFunctionStmt' in node && node.CreateFunctionStmt.is_procedure) {
    const name = word(node.CreateFunctionStmt.funcname?.at(-1)) ?? ''
    if (endsTransactions(bodyOf(node.CreateFunctionStmt.options))) seen.committing.add(name)
    else seen.committing.delete(name)
    return undefined
  }
  if ('CallStmt' in node) {
    const name = word(node.CallStmt.funccall?.funcname?.at(-1)) ?? ''
    return seen.committing.has(name)
      ? { reason: `${name} ends transactions, which CALL may do outside of a transaction block only` }
      : undefined
  }
  if ('DoStmt' in node && endsTransactions(bodyOf(node.DoStmt.args))) {
    return { reason: 'its body ends transactions, which DO may do outside of a transaction block only' }
  }
  return undefined
}

function refused(what: string): Autocommit {
  return { reason: `${what} cannot run inside a transaction block` }
}
