import { SkeinError } from '../../model/errors.ts'
import type { Step } from '../../model/plan.ts'
import type { Failure } from '../../model/run.ts'

/** Writes what the tool's logger would: everything to stderr, with date and time in front where it is verbose. */
export interface Log {
  readonly verbose: boolean
  line(text: string): void
}

export function logTo(write: (text: string) => void, verbose: boolean, clock: () => Date): Log {
  return { verbose, line: (text) => write(verbose ? `${stamp(clock())} ${text}\n` : `${text}\n`) }
}

/** `3/u add_phone`: version, direction, the title of the file that runs; `<empty>` where there is none. */
export function stepName({ version, direction, file }: Pick<Step, 'version' | 'direction' | 'file'>): string {
  const title =
    file === undefined ? '<empty>' : (/^[0-9]+_([^\n]*)\.(?:down|up)\.[^\n]*$/.exec(file.slice(file.lastIndexOf('/') + 1))?.[1] ?? '')
  return `${version}/${direction === 'up' ? 'u' : 'd'} ${title}`
}

/** A duration as Go writes it: `1m2.5s`, `12.345678ms`, `850µs`. */
export function goDuration(ms: number): string {
  const nanoseconds = Math.max(0, Math.round(ms * 1e6))
  if (nanoseconds === 0) return '0s'
  if (nanoseconds < 1e3) return `${nanoseconds}ns`
  if (nanoseconds < 1e6) return `${decimal(nanoseconds, 3)}µs`
  if (nanoseconds < 1e9) return `${decimal(nanoseconds, 6)}ms`
  const seconds = Math.floor(nanoseconds / 1e9)
  const rest = decimal((seconds % 60) * 1e9 + (nanoseconds % 1e9), 9)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return `${hours > 0 ? `${hours}h` : ''}${seconds >= 60 ? `${minutes}m` : ''}${rest}s`
}

/**
 * A failing migration in the tool's words, the text that was sent included. Source: golang-migrate v4.19.1 database/postgres/postgres.go
 * (runStatement), database/error.go, lib/pq v1.10.9 error.go.
 */
export function migrationFailed(failure: Failure, step: Step, text: string): string {
  const server = failure.server ?? grammarError(failure, step)
  if (server === undefined) return withHint(failure.message.replace(`${step.id}: `, ''), failure.hint)
  const column = server.column === undefined ? '' : ` (column ${server.column})`
  const detail = failure.detail === undefined ? '' : `, ${failure.detail}`
  return `migration failed: ${server.message}${column}${detail} in line ${server.line ?? 0}: ${text} (details: pq: ${server.message})`
}

/** A file that the parser refused was not sent; where it says what the server would have said, so does the tool. */
function grammarError({ code, message, place }: Failure, step: Step): Failure['server'] {
  const said = message.replace(`${step.id}: `, '')
  if (code !== 'FILE-INVALID' || !/^syntax error at (?:or near "|end of input$)/.test(said)) return undefined
  return { message: said, line: place?.line, column: place?.column }
}

/** What stopped a run before it began, in the tool's words where it has some. */
export function refusal(error: SkeinError, source: string): string {
  const { message, hint, place, data, sqlstate } = error.details
  if (error.code === 'LOCK-HELD') return "timeout: can't acquire database lock"
  if (error.code === 'SOURCE-INVALID' || error.code === 'SOURCE-UNREADABLE') {
    const duplicate = place !== undefined && /^SOURCE-DUPLICATE$/.test(firstRule(data))
    return `failed to open source, "${source}": ${duplicate ? `duplicate migration file: ${place.file.slice(place.file.lastIndexOf('/') + 1)}` : message}`
  }
  if (error.exit === 3 || error.code === 'URL-INVALID' || error.code.startsWith('DATABASE-'))
    return `failed to open database: ${connection(error, sqlstate)}`
  return withHint(message, hint)
}

function connection({ code, details }: SkeinError, sqlstate: string | undefined): string {
  const [host, port, user] = ['host', 'port', 'user'].map((key) => String(details.data?.[key]))
  if (sqlstate !== undefined) return `pq: ${details.message.split(`user ${user}: `).slice(1).join('') || details.message}`
  if (code === 'CONNECT-REFUSED' && host?.startsWith('/') === true)
    return `dial unix ${host}/.s.PGSQL.${port}: connect: no such file or directory`
  if (code === 'CONNECT-REFUSED') return `dial tcp ${host === 'localhost' ? '127.0.0.1' : host}:${port}: connect: connection refused`
  if (code === 'CONNECT-HOST') return `dial tcp: lookup ${host}: no such host`
  if (code === 'CONNECT-TLS' && /does not offer TLS/.test(details.message)) return 'pq: SSL is not enabled on the server'
  return withHint(details.message, details.hint)
}

/** Words of our own may say what to do next, on a line of their own. */
function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}\n  ${hint}`
}

function firstRule(data: Record<string, unknown> | undefined): string {
  const findings = data?.['findings']
  const first: unknown = Array.isArray(findings) ? findings[0] : undefined
  return typeof first === 'object' && first !== null && 'rule' in first ? String(first.rule) : ''
}

function decimal(nanoseconds: number, digits: number): string {
  const whole = Math.floor(nanoseconds / 10 ** digits)
  const part = String(nanoseconds % 10 ** digits)
    .padStart(digits, '0')
    .replace(/0+$/, '')
  return part === '' ? String(whole) : `${whole}.${part}`
}

/** Go's log package: local date and time. */
function stamp(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('/')
  return `${date} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':')}`
}
