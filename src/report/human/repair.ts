import { columns } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'

/** What `repair` reports, as far as this page shows it. */
export interface RepairView {
  services: number
  states: StateView[]
  notes: string[]
}

interface StateView {
  service: string
  database: string
  kind: string
  problem: string
  evidence: string[]
  diff?: { sign: ' ' | '-' | '+'; text: string }[]
  choices: { name: string; does: string; command: string }[]
}

/** A difference longer than this is cut: `verify` shows all of it. */
const longestDiff = 20

/** `repair` for people: each broken state with its evidence and the ways out, and the command for each. */
export function humanRepair(view: RepairView, style: Style): string {
  const notes = view.notes.map((note) => `${note}\n`).join('')
  if (view.states.length === 0) return `${notes}nothing is broken in ${count(view.services, 'service')}\n`
  const pages = view.states.map((state) => humanState(state, style))
  const services = new Set(view.states.map((state) => state.service)).size
  return `${pages.join('\n')}\n${notes}${count(view.states.length, 'thing')} to repair in ${count(services, 'service')}\n`
}

/** One broken state. */
export function humanState(state: StateView, style: Style): string {
  const diff = state.diff ?? []
  const cut = diff.slice(0, longestDiff).map((line) => {
    const text = `    ${line.sign}${line.text}`
    return line.sign === '-' ? style.red(text) : line.sign === '+' ? style.green(text) : style.dim(text)
  })
  return [
    `${style.red('✗')} ${style.bold(state.service)} ${state.kind}: ${state.problem}  ${style.dim(state.database)}`,
    ...state.evidence.map((fact) => `  ${fact}`),
    ...cut,
    ...(diff.length > longestDiff ? [style.dim(`    … ${diff.length - longestDiff} more lines: skein verify ${state.service}`)] : []),
    '  ways out:',
    ...state.choices.flatMap((one) => [
      columns([[style.bold(one.name), one.does]], '    ', style.width),
      `      ${style.dim(one.command)}`,
    ]),
    '',
  ].join('\n')
}

interface RepairedView {
  service: string
  choice: string
  subject: string | null
  files?: string[]
  edit?: { edits: { added: string[]; removed: string[] }[]; sql?: string[] }
}

/** One choice carried out, or the SQL of a dry run. */
export function humanRepaired(view: RepairedView, style: Style): string {
  if (view.edit?.sql !== undefined) {
    const file = view.files === undefined ? '' : `-- would be written: ${view.files.join(', ')}\n`
    return `${file}${view.edit.sql.join('\n')}\n`
  }
  const about = view.subject === null ? '' : ` ${view.subject}`
  const edit = view.edit?.edits[0]
  const parts = [
    view.files === undefined ? '' : `written: ${view.files.join(', ')}`,
    edit === undefined || edit.added.length === 0 ? '' : `recorded as applied: ${edit.added.join(', ')}`,
    edit === undefined || edit.removed.length === 0 ? '' : `recorded as not applied: ${edit.removed.join(', ')}`,
  ].filter(Boolean)
  return `${style.green('✓')} ${style.bold(view.service)}${about}: ${view.choice}${parts.length === 0 ? '' : `; ${parts.join('; ')}`}\n`
}
