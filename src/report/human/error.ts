import type { Failure } from '../../model/run.ts'
import type { Style } from '../style.ts'

/** An error for people: code, what happened, where, who is in the way, and the next thing to do. */
export function humanError(error: Failure, style: Style): string {
  const place =
    error.place === undefined
      ? undefined
      : `${error.place.file}${error.place.line === undefined ? '' : `:${error.place.line}${error.place.column === undefined ? '' : `:${error.place.column}`}`}`
  const lines = [`${style.red(`${error.code}:`)} ${error.message}`]
  if (place !== undefined) lines.push(`  at ${style.cyan(place)}`)
  if (error.statement !== undefined) lines.push(`  statement ${error.statement.index} of ${error.statement.of}: ${error.statement.text}`)
  if (error.detail !== undefined) lines.push(`  ${error.detail}`)
  if (error.sqlstate !== undefined) lines.push(style.dim(`  SQLSTATE ${error.sqlstate}`))
  for (const blocker of error.blockers ?? []) {
    lines.push(
      `  in the way: pid ${blocker.pid}${blocker.user === null ? '' : `, user ${blocker.user}`}${blocker.application === null ? '' : `, ${blocker.application}`}${blocker.state === null ? '' : `, ${blocker.state}`}${blocker.transactionAge === null ? '' : `, for ${Math.round(blocker.transactionAge)} s`}${blocker.mode === null ? '' : `, ${blocker.mode}${blocker.relation === null ? '' : ` on ${blocker.relation}`}`}`,
    )
    if (blocker.query !== null && blocker.query !== '') lines.push(style.dim(`    ${blocker.query}`))
  }
  if (error.hint !== undefined) lines.push(`  ${style.bold('next:')} ${error.hint.replaceAll('\n', '\n        ')}`)
  return `${lines.join('\n')}\n`
}
