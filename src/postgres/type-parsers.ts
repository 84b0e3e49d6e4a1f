import { types } from 'pg'

/** int2, int4, oid, bool, json, jsonb, and the arrays of bool, int2, int4, text, name and oid. Source: pg_type.dat, which never changes an oid. */
const parsed = new Set([21, 23, 26, 16, 114, 3802, 1000, 1005, 1007, 1009, 1003, 1028])

/** Numbers, booleans, JSON and the arrays of such become JavaScript values; everything else stays the text that PostgreSQL sent: no date, bigint or numeric is bent. */
export const typeParsers = { getTypeParser } satisfies { getTypeParser: typeof types.getTypeParser }

function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return parsed.has(oid) ? types.getTypeParser(oid, format) : String
}
