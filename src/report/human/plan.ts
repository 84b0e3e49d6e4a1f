import type { Plan } from '../../model/plan.ts'
import { columns } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'
import { title } from '../titles.ts'

/** `plan` for people: the steps in order with their service and database; `why` adds the reasons of each step. */
export function humanPlan(plan: Plan, databases: Readonly<Record<string, string>>, style: Style, why: boolean): string {
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
  const table = columns(rows).split('\n')
  const lines = why
    ? plan.steps.flatMap((step, at) => [table[at] ?? '', ...step.because.map((reason) => `${' '.repeat(width + 2)}${style.dim(reason)}`)])
    : table
  const places = new Map<string, string[]>()
  for (const [service, database] of Object.entries(databases)) places.set(database, [...(places.get(database) ?? []), service])
  const where = [...places].map(([database, services]) => style.dim(`${services.join(', ')}: ${database}`))
  return `${[...lines, '', `${count(plan.steps.length, 'step')} in ${count(new Set(plan.steps.map((step) => step.service)).size, 'service')}, ${count(places.size, 'database')}`, ...where, style.dim(`digest ${plan.digest.slice(0, 16)}`), ...notes].join('\n')}\n`
}
