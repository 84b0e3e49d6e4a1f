/** A table as `table:` names it. */
export interface TableName {
  schema?: string
  table: string
}

/**
 * `[schema.]name`; a part may stand in double quotes (then it may hold dots and `""` for a quote). Unquoted parts are taken letter by letter,
 * without folding to lower case: the tools themselves quote the name they are given. A text instead of a name says what is wrong with it.
 * PostgreSQL cuts identifiers at 63 bytes without an error (NAMEDATALEN, "Lexical Structure" in its manual); here that is one.
 */
export function parseTableName(text: string): TableName | string {
  const parts: string[] = []
  let rest = text
  for (;;) {
    const match = /^(?:"((?:[^"]|"")+)"|([^".\s]+))/.exec(rest)
    if (match === null) return 'must be a table name, or schema.name; a part with dots or blanks stands in double quotes'
    parts.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'))
    rest = rest.slice(match[0].length)
    if (rest === '') break
    if (!rest.startsWith('.')) return 'must be a table name, or schema.name'
    rest = rest.slice(1)
  }
  const [first, second, ...more] = parts
  if (first === undefined || more.length > 0) return `has ${parts.length} parts; a table name has one, or two with its schema`
  const long = parts.find((part) => Buffer.byteLength(part) > 63)
  if (long !== undefined) return `is too long: PostgreSQL keeps the first 63 bytes of a name and "${long}" has ${Buffer.byteLength(long)}`
  if (text.includes('\0')) return 'holds a NUL character'
  return second === undefined ? { table: first } : { schema: first, table: second }
}
