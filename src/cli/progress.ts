import type { Emit, RunEvent } from '../model/run.ts'
import { linkWords } from '../report/link-words.ts'
import { eventLine } from '../report/lines.ts'
import { hasColour, styleIn, type Context } from './context.ts'
import type { RunOptionsGiven } from './options.ts'
import type { ProgressDisplay } from './progress-display.ts'

/** Words about what happens, on stderr: live on a terminal, else one line for each event; JSON lines or another runner's words where asked for. */
async function progressDisplay(context: Context, options: RunOptionsGiven): Promise<ProgressDisplay> {
  if (options.logFormat === 'json') return lines(context, (event) => [JSON.stringify(event)])
  if (options.logFormat === 'link') return lines(context, linkWords())
  const style = styleIn(context, context.stderr)
  if (options.quiet === true) return lines(context, (event) => (event.kind === 'warning' ? [eventLine(event, style, false) ?? ''] : []))
  if (context.stderr.isTTY === true && hasColour(context, context.stderr) && options.verbose !== true)
    return (await import('./progress-live.ts')).liveDisplay(style)
  return lines(
    context,
    throttled((event) => eventLine(event, style, options.verbose === true)),
  )
}

/** Does some work with such a display beside it, which has ended before anything else is written. */
export async function displaying<Result>(
  context: Context,
  options: RunOptionsGiven,
  work: (emit: Emit) => Promise<Result>,
): Promise<Result> {
  const display = await progressDisplay(context, options)
  try {
    return await work(display.emit)
  } finally {
    await display.end()
  }
}

/** Lines of one turn are written together: a write for each of ten thousand steps would be a good part of a run. */
function lines(context: Context, words: (event: RunEvent) => readonly string[]): ProgressDisplay {
  let waiting = ''
  const flush = () => {
    if (waiting !== '') context.stderr.write(waiting)
    waiting = ''
  }
  return {
    emit: (event) => {
      for (const line of words(event)) {
        if (waiting === '') setImmediate(flush)
        waiting += `${line}\n`
      }
    },
    end: async () => flush(),
  }
}

/** Waiting is told when it begins, and then every ten seconds, not ten times a second. */
function throttled(line: (event: RunEvent) => string | undefined): (event: RunEvent) => string[] {
  const last = new Map<string, number>()
  return (event) => {
    if (event.kind === 'waiting') {
      const key = `${event.service} ${event.what}`
      const before = last.get(key)
      if (before !== undefined && event.ms >= before && event.ms - before < 10_000) return []
      last.set(key, event.ms)
    }
    if (event.kind === 'copying') {
      const now = performance.now()
      if (now - (last.get(event.database) ?? Number.NEGATIVE_INFINITY) < 10_000) return []
      last.set(event.database, now)
    }
    const text = line(event)
    return text === undefined ? [] : [text]
  }
}
