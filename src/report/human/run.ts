import type { RunResult } from '../../model/run.ts'
import { count, duration } from '../duration.ts'
import type { Style } from '../style.ts'
import { humanError } from './error.ts'

/** The end of a run for people: what was done, what was not, the failure in full, and what to type next. */
export function humanRun(run: RunResult | undefined, notes: readonly string[], style: Style): string {
  const noted = notes.map((note) => style.dim(`note: ${note}`))
  if (run === undefined) return `${['nothing to do', ...noted].join('\n')}\n`
  const done = run.steps.filter((step) => step.outcome === 'done')
  const ups = done.filter((step) => step.step.direction === 'up').length
  const said = [
    ups > 0 ? `${count(ups, 'migration')} applied` : '',
    done.length - ups > 0 ? `${count(done.length - ups, 'migration')} taken back` : '',
  ]
    .filter(Boolean)
    .join(', ')
  const left = run.steps.filter((step) => step.outcome === 'skipped').length
  const head = `${run.exit === 0 ? style.green('✓') : style.red('✗')} ${said === '' ? 'nothing was done' : said} in ${duration(run.ms)}${left === 0 ? '' : `, ${left} not started`}`
  const failures = run.steps
    .filter((step) => step.error !== undefined)
    .map((step) => (step.error === undefined ? '' : humanError(step.error, style)))
  if (run.error !== undefined) failures.push(humanError(run.error, style))
  return `${[head, ...noted, ...failures.flatMap((text) => ['', text.trimEnd()])].join('\n')}\n`
}
