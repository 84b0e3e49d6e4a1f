const annotations = ['UP', 'DOWN', 'STATEMENTBEGIN', 'STATEMENTEND', 'NO TRANSACTION', 'ENVSUB ON', 'ENVSUB OFF'] as const

/** An annotation in capitals. */
export type Annotation = (typeof annotations)[number]

/**
 * What goose v3.26.0 sees in a line (internal/sqlparser/parser.go): an annotation is a comment with `+goose` in it, alone on its line from the first
 * column; `refused` has goose's words. Undefined for every other line. Pure.
 */
export function annotationOf(line: string): { kind: Annotation } | { refused: string } | undefined {
  if (!isComment(line) || !line.includes('+goose')) return undefined
  const wrong = (why: string) => ({ refused: `failed to parse annotation line "${line}": ${why}` })
  if (/^[ \t]/.test(line)) return wrong('contains leading whitespace: invalid annotation')
  const words = trim(line.replaceAll('--', '').replace('+goose', ''))
  if (words.includes('+goose')) return wrong("contains multiple '+goose' annotations: invalid annotation")
  if (words === '') return wrong('empty annotation')
  const kind = annotations.find((one) => one === words.toUpperCase())
  return kind === undefined ? wrong(`"${words}" not supported: invalid annotation`) : { kind }
}

/** A line that holds nothing but a comment. */
export function isComment(line: string): boolean {
  return trim(line).startsWith('--')
}

/** Does goose end a statement with this line: is a semicolon the end of the last word before a comment? */
export function endsStatement(line: string): boolean {
  const words = line.split(/[ \t\v\f\r]+/)
  const comment = words.findIndex((word) => word.startsWith('--'))
  const code = (comment === -1 ? words : words.slice(0, comment)).filter((word) => word !== '')
  return code.at(-1)?.endsWith(';') === true
}

/** Without blanks at both ends. Of ASCII only: the line has one character for each byte. */
export function trim(line: string): string {
  return line.replace(/^[ \t\v\f\r]+|[ \t\v\f\r]+$/g, '')
}
