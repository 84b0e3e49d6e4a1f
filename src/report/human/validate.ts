import type { Finding } from '../../model/finding.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'

interface ValidateView {
  services: { name: string; tool: string; migrations: number }[]
  findings: Finding[]
}

/** `validate` for people: findings by place, gravest first, with what to do; notes only with `all`. */
export function humanValidate(view: ValidateView, style: Style, all: boolean): string {
  const order = { error: 0, warning: 1, note: 2 } as const
  const shown = view.findings
    .filter((finding) => all || finding.severity !== 'note')
    .toSorted((a, b) => order[a.severity] - order[b.severity])
  const hidden = view.findings.length - shown.length
  const lines = shown.flatMap((finding) => [
    `${mark(finding.severity, style)} ${place(finding)}${finding.message} ${style.dim(finding.rule)}`,
    ...(finding.remedy === undefined ? [] : [`    ${style.dim(finding.remedy)}`]),
  ])
  const errors = view.findings.filter((finding) => finding.severity === 'error').length
  const warnings = view.findings.filter((finding) => finding.severity === 'warning').length
  const migrations = view.services.reduce((sum, one) => sum + one.migrations, 0)
  const head = `${count(migrations, 'migration')} in ${count(view.services.length, 'service')}: ${errors === 0 ? style.green('no errors') : style.red(count(errors, 'error'))}${warnings === 0 ? '' : `, ${style.yellow(count(warnings, 'warning'))}`}${hidden === 0 ? '' : style.dim(`, ${count(hidden, 'note')} (--verbose shows them)`)}`
  return `${[...lines, head].join('\n')}\n`
}

/** Where it is, unless the message says so itself. */
function place({ place, message }: Finding): string {
  if (place === undefined || (place.line === undefined && message.includes(place.file))) return ''
  return `${place.file}${place.line === undefined ? '' : `:${place.line}${place.column === undefined ? '' : `:${place.column}`}`}: `
}

function mark(severity: Finding['severity'], style: Style): string {
  if (severity === 'error') return style.red('✗')
  return severity === 'warning' ? style.yellow('!') : style.dim('·')
}
