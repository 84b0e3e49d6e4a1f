import type { RunEvent } from '../../model/run.ts'
import { eventLine } from '../../report/lines.ts'
import { styleOf } from '../../report/style.ts'

/** One event as one line without colours, or undefined; that somebody is waited for is told once for each thing, not ten times a second. */
export function linesOnce(): (event: RunEvent) => string | undefined {
  const told = new Set<string>()
  return (event) => {
    if (event.kind === 'waiting') {
      const key = `${event.service} ${event.what}`
      if (told.has(key)) return undefined
      told.add(key)
    }
    return eventLine(event, styleOf(false), false)
  }
}
