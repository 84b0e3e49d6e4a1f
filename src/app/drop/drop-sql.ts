import type { Dependencies, Thing } from './catalogue.ts'

/**
 * DROP statements, what uses another before that other. Things that use each other in a circle (two tables with foreign keys) go together: tables in one
 * statement, and with CASCADE where other kinds are part of the circle, which then reaches nothing but them. `cascade`: everywhere, since something
 * outside is to go too. Pure.
 */
export function dropStatements(things: readonly Thing[], { edges }: Pick<Dependencies, 'edges'>, cascade: boolean): string[] {
  const rest = new Set(things.keys())
  const statements: string[] = []
  while (rest.size > 0) {
    const free = [...rest].filter((at) => !edges.some((edge) => edge.on === at && edge.from !== at && rest.has(edge.from)))
    const circle = free.length === 0
    const tables = [...rest].filter((at) => things[at]?.kind === 'table')
    const next = circle ? (tables.length > 0 ? tables : [...rest]) : free
    statements.push(
      ...byKind(
        next.map((at) => things[at] as Thing),
        cascade || (circle && next.length < rest.size) || (circle && tables.length === 0),
      ),
    )
    for (const at of next) rest.delete(at)
  }
  return statements
}

/** `if exists`: a partition goes with its table, an owned sequence with its column. */
function byKind(things: readonly Thing[], cascade: boolean): string[] {
  const kinds = [...new Set(things.map((one) => one.kind))]
  return kinds.map((kind) => {
    const names = things.filter((one) => one.kind === kind).map((one) => one.identity)
    return `drop ${kind} if exists ${names.join(', ')}${cascade ? ' cascade' : ''};`
  })
}
