import { DefaultRenderer, Listr, ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput } from 'listr2'
import type { RunEvent } from '../model/run.ts'
import { duration } from '../report/duration.ts'
import { copyText, eventLine, stateText } from '../report/lines.ts'
import type { Style } from '../report/style.ts'
import { title } from '../report/titles.ts'
import type { ProgressDisplay } from './progress-display.ts'

/**
 * One line for each service with its step, elapsed time and what it waits for, redrawn in place on stderr; made when the run says which services it
 * has. Before that, a line that says what is waited for. Warnings, and what migrations and hooks print, are kept until the end: nothing else may write into the redrawn region.
 */
export function liveDisplay(style: Style): ProgressDisplay {
  let live: Live | undefined
  const warnings: string[] = []
  return {
    emit: (event) => {
      if (event.kind === 'run-started' && event.steps > 0) {
        clearLine()
        live = new Live(event.services, style)
      } else if (event.kind === 'warning' || event.kind === 'output' || event.kind === 'hook-output')
        warnings.push(eventLine(event, style, false) ?? '')
      else if (live !== undefined) live.show(event)
      else if (event.kind === 'waiting' || event.kind === 'copying') {
        clearLine()
        process.stderr.write(fitting(event.kind === 'copying' ? copyText(event) : (eventLine(event, style, false) ?? '')))
      } else if (event.kind === 'copied') {
        clearLine()
        if (event.before !== undefined) warnings.push(eventLine(event, style, false) ?? '')
      }
    },
    end: async () => {
      if (live === undefined) clearLine()
      await live?.end()
      for (const warning of warnings) process.stderr.write(`${warning}\n`)
    },
  }
}

/** What is known of a service that is being worked at. */
interface Line {
  of: number
  done: number
  text: string
  since: number
  /** Set once its task runs. */
  end?: (how: Ended) => void
  redraw?: (text: string) => void
  ended?: Ended
}

/** `skipped`: not all of it was done, and the failure was another service's. */
type Ended = 'done' | 'failed' | 'skipped'

/** A resource: the redrawn region of the terminal and its clock. */
class Live {
  readonly #lines: Map<string, Line>
  readonly #running: Promise<unknown>
  readonly #clock: NodeJS.Timeout
  readonly #style: Style

  constructor(services: Readonly<Record<string, number>>, style: Style) {
    this.#style = style
    this.#lines = new Map(Object.entries(services).map(([name, of]) => [name, { of, done: 0, text: '', since: performance.now() }]))
    const onStderr = new ListrLogger<never>({
      useIcons: true,
      toStderr: [],
      processOutput: new ProcessOutput(process.stderr, process.stderr),
    })
    const list = new Listr<unknown, typeof OnAnyTerminal, 'silent'>([], {
      concurrent: true,
      exitOnError: false,
      renderer: OnAnyTerminal,
      fallbackRenderer: 'silent',
      // Ctrl-C is handled where the run is: it stops cleanly, and then says so.
      registerSignalListeners: false,
      rendererOptions: {
        logger: onStderr,
        // The marks of every other line.
        icon: { [ListrDefaultRendererLogLevels.COMPLETED]: '✓', [ListrDefaultRendererLogLevels.FAILED]: '✗' },
        formatOutput: 'truncate',
        collapseErrors: false,
        showErrorMessage: false,
        collapseSkips: false,
        showSkipMessage: false,
      },
    })
    for (const [name, line] of this.#lines) {
      list.add({
        title: this.#title(name, line),
        task: (_context, task) =>
          new Promise<void>((resolve, reject) => {
            line.redraw = (text) => (task.title = text)
            line.end = (how) => {
              if (how === 'failed') return reject(new Error(name))
              if (how === 'skipped') task.skip()
              resolve()
            }
            line.redraw(this.#title(name, line))
            if (line.ended !== undefined) line.end(line.ended)
          }),
      })
    }
    this.#running = list.run().catch(() => undefined)
    this.#clock = setInterval(() => this.#redraw(), 200)
  }

  show(event: RunEvent): void {
    const name = 'step' in event && event.step !== undefined ? event.step.service : 'service' in event ? event.service : undefined
    const line = name === undefined ? undefined : this.#lines.get(name)
    if (name === undefined || line === undefined) return
    if (event.kind === 'step-started') {
      line.text = `${event.step.direction === 'up' ? '' : 'down '}${title(event.step)}`
      line.since = performance.now()
    } else if (event.kind === 'step-done') {
      line.done++
      line.text = ''
      if (line.done === line.of) this.#end(name, line, 'done')
    } else if (event.kind === 'step-failed') {
      line.text = `${title(event.step)}: ${event.error.code}`
      this.#end(name, line, 'failed')
    } else if (event.kind === 'hook') line.text = event.state === 'started' ? `${event.moment} ${event.name}` : ''
    else if (event.kind === 'waiting' || event.kind === 'progress' || event.kind === 'retry')
      line.text = `${event.step === undefined ? '' : `${title(event.step)} `}${this.#style.yellow(stateText(event))}`
  }

  async end(): Promise<void> {
    clearInterval(this.#clock)
    for (const [name, line] of this.#lines) this.#end(name, line, line.done < line.of ? 'skipped' : 'done')
    await this.#running
  }

  #end(name: string, line: Line, how: Ended): void {
    if (line.ended !== undefined) return
    line.ended = how
    if (how !== 'failed') line.text = ''
    line.redraw?.(this.#title(name, line))
    line.end?.(how)
  }

  #redraw(): void {
    for (const [name, line] of this.#lines) if (line.ended === undefined) line.redraw?.(this.#title(name, line))
  }

  #title(name: string, line: Line): string {
    const elapsed = line.ended === undefined ? ` ${this.#style.dim(duration(performance.now() - line.since))}` : ''
    return `${name} ${this.#style.dim(`${line.done}/${line.of}`)}${line.text === '' ? '' : `  ${line.text}${elapsed}`}`
  }
}

/** The region is drawn on stderr, so it does not matter what stdout is: data may go into a file meanwhile. */
class OnAnyTerminal extends DefaultRenderer {
  static override nonTTY = true
}

function clearLine(): void {
  process.stderr.write('\r\u001b[K')
}

/** A line that is longer than the terminal could not be cleared again. */
function fitting(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const plain = text.replace(/\u001b\[\d+m/g, '')
  const columns = process.stderr.columns || 80
  return plain.length < columns ? text : `${plain.slice(0, columns - 2)}…`
}
