import { isUtf8 } from 'node:buffer'
import { parse } from 'smol-toml'
import type { Remark } from '../rules.ts'

/** What metadata.toml decides. */
export interface Metadata {
  transaction: boolean
  remarks: Remark[]
}

/** What holds without a metadata.toml. */
export const withoutMetadata: Metadata = { transaction: true, remarks: [] }

/**
 * `run_in_transaction` as Diesel understands it (migrations_internals 2.3.0, `TomlMetadata`): a file that cannot be parsed, or where the key is no
 * boolean, counts as absent (true); a file that is fine but lacks the key says false. `label` is for the messages. Pure.
 */
export function parseMetadata(bytes: Buffer, label: string): Metadata {
  const table = parseToml(bytes)
  const value = table?.['run_in_transaction']
  if (table === undefined || (value !== undefined && typeof value !== 'boolean')) {
    return {
      transaction: true,
      remarks: [unreadable(label, table === undefined ? 'it is not valid TOML' : 'run_in_transaction is neither true nor false')],
    }
  }
  return value === undefined ? { transaction: false, remarks: [noKey(label)] } : { transaction: value, remarks: [] }
}

/** A `metadata.toml` that is a folder or leads nowhere: Diesel cannot open it and takes the default. */
export function metadataOfNoFile(label: string): Metadata {
  return { transaction: true, remarks: [unreadable(label, 'it is no file')] }
}

function parseToml(bytes: Buffer): Record<string, unknown> | undefined {
  if (!isUtf8(bytes)) return undefined
  try {
    // smol-toml minds a byte order mark, Rust's toml skips it.
    return parse(bytes.toString('utf8').replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

function unreadable(label: string, why: string): Remark {
  return {
    rule: 'METADATA-UNREADABLE',
    severity: 'warning',
    message: `Diesel passes over ${label} and runs in a transaction: ${why}`,
    remedy: 'write run_in_transaction = true or run_in_transaction = false',
  }
}

function noKey(label: string): Remark {
  return {
    rule: 'METADATA-NO-KEY',
    severity: 'warning',
    message: `${label} has no run_in_transaction, which Diesel takes as false: no transaction`,
    remedy: 'write run_in_transaction = true or run_in_transaction = false, or delete the file',
  }
}
