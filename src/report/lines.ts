import type { Blocker, RunEvent } from '../model/run.ts'
import { count, duration } from './duration.ts'
import { bytes as size } from './inspect/view.ts'
import { cut } from './fit.ts'
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
      return verbose ? fitted(`  ${event.step.id} ${event.index}/${event.of} begins: ${event.text}`, style) : undefined
    case 'statement-done':
      return verbose ? fitted(`  ${event.step.id} ${event.index}/${event.of} ${shortTime(event.ms)}  ${event.text}`, style) : undefined
    case 'progress':
      return verbose ? style.dim(`  ${event.step.id}: ${stateText(event)}`) : undefined
    case 'notice':
      return verbose ? style.dim(`  ${event.step.id}: ${event.severity}: ${event.message}`) : undefined
    case 'output':
      return style.dim(`  ${event.service} │ ${event.line}`)
    case 'hook':
      return verbose && event.state === 'done' ? style.dim(`  ${hookName(event)} (${duration(event.ms)})`) : undefined
    case 'hook-output':
      return style.dim(`  ${hookName(event)} │ ${event.line}`)
    case 'step-done':
      return `${style.green('✓')} ${event.step.direction === 'up' ? '' : 'down '}${event.step.service} ${title(event.step)} ${style.dim(`(${duration(event.ms)})`)}`
    case 'step-failed':
      return `${style.red('✗')} ${event.step.direction === 'up' ? '' : 'down '}${event.step.service} ${title(event.step)}`
    case 'retry':
      return `${event.step.id} ${stateText(event)}`
    case 'warning':
      return `${style.yellow('warning:')} ${event.service === undefined ? '' : `${event.service}: `}${event.message}`
    case 'copying':
      return verbose ? style.dim(copyText(event)) : undefined
    case 'copied':
      if (event.before !== undefined) return `${event.database} as it was before ${event.before} is in ${event.file} (${size(event.bytes)})`
      return verbose
        ? `${style.green('✓')} ${event.what} of ${event.database}: ${event.file} ${style.dim(`(${size(event.bytes)})`)}`
        : undefined
    default:
      return undefined
  }
}

/** How far a dump or a restore is. A dump is mostly smaller than its database, so that the two are shown beside one another, and no share. */
export function copyText({ what, database, bytes, total }: Extract<RunEvent, { kind: 'copying' }>): string {
  if (what === 'backup') return `backup of ${database}: ${size(bytes)} written${total === null ? '' : `; the database has ${size(total)}`}`
  return `restore of ${database}: ${size(bytes)} filled${total === null ? '' : ` of about ${size(total)}`}`
}

/** A statement is told in one line, also where a terminal has no place for all of it. */
function fitted(line: string, style: Style): string {
  return style.dim(style.width === undefined ? line : cut(line, style.width))
}

/** Times below each other stand in a column. */
function shortTime(ms: number): string {
  return (ms < 1 ? '< 1 ms' : duration(ms)).padStart(7)
}

/** What a step does just now instead of going on: waiting for whom, building what. The service and step are not named. */
export function stateText(event: Extract<RunEvent, { kind: 'waiting' | 'retry' | 'progress' }>): string {
  if (event.kind === 'waiting') return `waits for ${event.what}${people(': ', event.blockers)}`
  if (event.kind === 'retry')
    return `got no lock${people(', held by ', event.error.blockers ?? [])}; attempt ${event.attempt + 1} in ${duration(event.pauseMs)}`
  const share = event.total > 0 ? ` ${Math.floor((100 * event.done) / event.total)} %` : ''
  return `${event.phase}${share}${event.waitingFor === undefined ? '' : `, waits for pid ${event.waitingFor}`}`
}

function hookName({ moment, name, service }: Extract<RunEvent, { kind: 'hook' | 'hook-output' }>): string {
  return `${service === undefined ? '' : `${service} `}${moment} ${name}`
}

function people(before: string, blockers: readonly Blocker[]): string {
  if (blockers.length === 0) return ''
  return `${before}${blockers.map((one) => `pid ${one.pid}${one.application === null || one.application === '' ? '' : ` (${one.application})`}`).join(', ')}`
}
