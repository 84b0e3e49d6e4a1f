import { count } from '../duration.ts'
import type { Style } from '../style.ts'

interface VerifyView {
  migrations: {
    service: string
    version: string
    id: string
    result: string
    file: string | null
    diff?: { sign: ' ' | '-' | '+'; text: string }[]
  }[]
  warnings: string[]
  brokenAudit: { database: string; rows: string[] }[]
}

/** `verify` for people: what changed, with the difference; what only looks different, or was never seen, with `all`. */
export function humanVerify(view: VerifyView, style: Style, all: boolean): string {
  const lines: string[] = []
  for (const one of view.migrations) {
    if (one.result === 'changed')
      lines.push(
        `${style.red('✗')} ${one.service} ${one.id}: ${one.file ?? ''} says something else than what was applied`,
        ...(one.diff ?? []).map((line) => diffLine(line, style)),
      )
    else if (one.result === 'missing') lines.push(`${style.red('✗')} ${one.service} ${one.id}: applied, and its file is gone`)
    else if (all && one.result !== 'same')
      lines.push(
        `${style.yellow('!')} ${one.service} ${one.id}: ${one.result === 'unverified' ? 'nobody ever saw what was applied' : 'other bytes, the same meaning'}`,
      )
  }
  lines.push(...view.warnings.map((warning) => `${style.yellow('!')} ${warning}`))
  lines.push(...view.brokenAudit.map((one) => `${style.red('✗')} ${one.database}: the audit chain is broken at row ${one.rows.join(', ')}`))
  const of = (result: string) => view.migrations.filter((one) => one.result === result).length
  const parts = [
    `${of('same') + of('looks-different')} as applied`,
    of('unverified') > 0 ? `${of('unverified')} never seen` : '',
    of('changed') > 0 ? style.red(`${of('changed')} changed`) : '',
    of('missing') > 0 ? style.red(`${of('missing')} missing`) : '',
  ]
  const broken = [...new Set(view.migrations.filter((one) => wrong.has(one.result)).map((one) => one.service))]
  const next =
    broken.length === 0 ? [] : [`  ${style.bold('next:')} skein repair ${broken.length > 5 ? '' : `${broken.join(' ')} `}has the ways out`]
  return `${[...lines, `${count(view.migrations.length, 'applied migration')}: ${parts.filter(Boolean).join(', ')}`, ...next].join('\n')}\n`
}

/** Results that want somebody to act. */
const wrong: ReadonlySet<string> = new Set(['changed', 'missing'])

function diffLine(line: { sign: ' ' | '-' | '+'; text: string }, style: Style): string {
  const text = `    ${line.sign}${line.text}`
  return line.sign === '-' ? style.red(text) : line.sign === '+' ? style.green(text) : style.dim(text)
}
