import { crc32 } from 'node:zlib'
import type { LockNames } from './history.ts'

const salt = 1486364155n

/**
 * The advisory key that golang-migrate computes: CRC-32 (IEEE) of the names joined by a NUL character, times a salt, modulo 2^32.
 * Source: golang-migrate v4.19.1 database/util.go, GenerateAdvisoryLockId (there the database comes first and is moved to the end).
 */
export function advisoryLockId(...names: string[]): bigint {
  return (BigInt(crc32(names.join('\0'))) * salt) & 0xffffffffn
}

/**
 * Every key under which some release of golang-migrate locks this table, ascending: the command hashes the path of its URL with the leading
 * slash, a program that hands over a connection hashes `current_database()`; before v4.15.0 the table was not part of it.
 * Where the URL's path is not the database's name (a connection pooler's alias), the keys of both are there.
 * Source: golang-migrate v4.19.1 database/postgres/postgres.go (Open, WithConnection, Lock) and the same file at v4.14.1.
 */
export function golangLockKeys({ database, schema, table, urlPath }: LockNames): bigint[] {
  const databases = new Set([database, `/${database}`, urlPath ?? `/${database}`])
  const keys = [...databases].flatMap((name) => [advisoryLockId(schema, table, name), advisoryLockId(schema, name)])
  return [...new Set(keys)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
