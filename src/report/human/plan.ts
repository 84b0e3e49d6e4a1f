import type { Plan } from '../../model/plan.ts'
import { areTooWide, columnLines } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'
import { title } from '../titles.ts'

/** `plan` for people: the steps in order with their service and database; `why` adds the reasons of each step. */
export function humanPlan(
  plan: Plan,
  databases: Readonly<Record<string, string>>,
  style: Style,
  why: boolean,
  hooks: readonly { moment: string; name: string; services: readonly string[] }[] = [],
): string {
  const notes = plan.notes.map((note) => style.dim(`note: ${note}`))
  if (plan.steps.length === 0) return `${['nothing to do', ...notes].join('\n')}\n`
  const width = String(plan.steps.length).length
  const rows = plan.steps.map((step, at) => [
    style.dim(String(at + 1).padStart(width)),
    step.direction === 'up' ? style.green('up') : style.yellow('down'),
    style.bold(step.service),
    title(step),
    [
      step.transactional === false ? style.yellow('not in one transaction') : '',
      step.resumes === true ? style.yellow('goes on half-way') : '',
      step.hollow === true ? style.red('hollow') : '',
      step.stored === true ? 'text from the ledger' : '',
    ]
      .filter(Boolean)
      .join(', '),
  ])
  // Where there is no place beside the names, what is special about a step stands below it.
  const narrow = areTooWide(rows, style.width)
  const table = columnLines(narrow ? rows.map((row) => row.slice(0, -1)) : rows, '', style.width)
  const lines = plan.steps.flatMap((step, at) => {
    const special = narrow ? (rows[at]?.at(-1) ?? '') : ''
    const below = [...(special === '' ? [] : [special]), ...(why ? step.because.map((reason) => style.dim(reason)) : [])]
    return [table[at] ?? '', ...below.map((line) => `${' '.repeat(width + 2)}${line}`)]
  })
  const places = new Map<string, string[]>()
  for (const [service, database] of Object.entries(databases)) places.set(database, [...(places.get(database) ?? []), service])
  const where = [...places].map(([database, services]) => style.dim(`${services.join(', ')}: ${database}`))
  return `${[...lines, '', `${count(plan.steps.length, 'step')} in ${count(new Set(plan.steps.map((step) => step.service)).size, 'service')}, ${count(places.size, 'database')}`, ...where, ...hooks.map((hook) => style.dim(hookLine(plan, hook))), style.dim(`digest ${plan.digest.slice(0, 16)}`), ...notes].join('\n')}\n`
}

function hookLine(plan: Plan, { moment, name, services }: { moment: string; name: string; services: readonly string[] }): string {
  const all = new Set(plan.steps.map((step) => step.service)).size === services.length
  return `hook: ${moment} ${name}${all || moment.endsWith('-run') ? '' : `, for ${services.join(', ')}`}`
}
