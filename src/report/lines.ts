import type { Blocker, RunEvent } from '../model/run.ts'
import { count, duration } from './duration.ts'
import type { Style } from './style.ts'
import { title } from './titles.ts'

/** One event as one line of words, or undefined for what only a live display shows. `verbose` also tells of notices and statements. */
export function eventLine(event: RunEvent, style: Style, verbose: boolean): string | undefined {
  switch (event.kind) {
    case 'run-started':
      return verbose ? style.dim(`run ${event.run}: ${count(event.steps, 'step')} in ${Object.keys(event.services).join(', ')}`) : undefined
    case 'waiting':
      return `${event.step?.id ?? event.service} ${stateText(event)} ${style.dim(`(${duration(event.ms)})`)}`
    case 'lock-obtained':
      return verbose ? `${event.service}: lock obtained after ${duration(event.ms)}` : undefined
    case 'statement':
      return verbose ? style.dim(`  ${event.step.id} ${event.index}/${event.of}: ${event.text}`) : undefined
    case 'progress':
      return verbose ? style.dim(`  ${event.step.id}: ${stateText(event)}`) : undefined
    case 'notice':
      return verbose ? style.dim(`  ${event.step.id}: ${event.severity}: ${event.message}`) : undefined
    case 'output':
      return style.dim(`  ${event.service} │ ${event.line}`)
    case 'step-done':
      return `${style.green('✓')} ${event.step.direction === 'up' ? '' : 'down '}${event.step.service} ${title(event.step)} ${style.dim(`(${duration(event.ms)})`)}`
    case 'step-failed':
      return `${style.red('✗')} ${event.step.direction === 'up' ? '' : 'down '}${event.step.service} ${title(event.step)}`
    case 'retry':
      return `${event.step.id} ${stateText(event)}`
    case 'warning':
      return `${style.yellow('warning:')} ${event.service === undefined ? '' : `${event.service}: `}${event.message}`
    default:
      return undefined
  }
}

/** What a step does just now instead of going on: waiting for whom, building what. The service and step are not named. */
export function stateText(event: Extract<RunEvent, { kind: 'waiting' | 'retry' | 'progress' }>): string {
  if (event.kind === 'waiting') return `waits for ${event.what}${people(': ', event.blockers)}`
  if (event.kind === 'retry')
    return `got no lock${people(', held by ', event.error.blockers ?? [])}; attempt ${event.attempt + 1} in ${duration(event.pauseMs)}`
  const share = event.total > 0 ? ` ${Math.floor((100 * event.done) / event.total)} %` : ''
  return `${event.phase}${share}${event.waitingFor === undefined ? '' : `, waits for pid ${event.waitingFor}`}`
}

function people(before: string, blockers: readonly Blocker[]): string {
  if (blockers.length === 0) return ''
  return `${before}${blockers.map((one) => `pid ${one.pid}${one.application === null || one.application === '' ? '' : ` (${one.application})`}`).join(', ')}`
}
