import type { SkeinError } from '../../model/errors.ts'
import type { Step } from '../../model/plan.ts'
import type { Failure } from '../../model/run.ts'
import { Failed, failedToRun, withoutPassword } from './failed.ts'

/** What is said when a migration begins; nothing for the one that `diesel setup` makes. */
export function begins({ id, version }: { id: string; version: string }, direction: 'up' | 'down'): string {
  if (version === '00000000000000') return ''
  return `${direction === 'up' ? 'Running migration' : 'Rolling back migration'} ${id}\n`
}

/** A failing migration in the tool's words: what the server said, without place, detail and hint. `name`: of its folder. */
export function migrationFailed(failure: Failure, step: Step, name: string): Failed {
  const said = saidByServer(failure, step) ?? withHint(failure.message.replace(`${step.id}: `, ''), failure.hint)
  return failedToRun(`Failed to run ${name} with: ${said}`)
}

/** Undefined for a failure of ours. A file that does not parse is not sent, but the words are the server's: it is the same parser. */
export function saidByServer({ server, code, message }: Failure, step: Step): string | undefined {
  if (server !== undefined) return server.message
  const said = message.replace(`${step.id}: `, '')
  return code === 'FILE-INVALID' && /^(?:syntax error|unterminated)/.test(said) ? said : undefined
}

/** What stopped a run before it began, in the tool's words where it has some. */
export function refusal(error: SkeinError, url: string): Failed {
  const { message, hint } = error.details
  if (error.exit === 3 || error.code === 'URL-INVALID')
    return new Failed(`Could not connect to database via \`${withoutPassword(url)}\`: ${connection(error)}`)
  return failedToRun(withHint(message, hint))
}

/** As libpq says it. */
function connection({ code, details }: SkeinError): string {
  const [host, port, user] = ['host', 'port', 'user'].map((key) => String(details.data?.[key]))
  const where =
    host?.startsWith('/') === true
      ? `connection to server on socket "${host}/.s.PGSQL.${port}"`
      : `connection to server at ${address(host ?? '')}, port ${port}`
  if (details.sqlstate !== undefined) {
    const said = details.message.split(`user ${user}: `).slice(1).join('') || details.message
    return `${where} failed: FATAL:  ${said}\n`
  }
  if (code === 'CONNECT-REFUSED' && host?.startsWith('/') === true)
    return `${where} failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n`
  if (code === 'CONNECT-REFUSED')
    return `${where} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n`
  if (code === 'CONNECT-HOST') return `could not translate host name "${host}" to address: Name or service not known\n`
  return withHint(details.message, details.hint)
}

/** A name stands beside the address that it has. */
function address(host: string): string {
  return host === 'localhost' ? '"localhost" (127.0.0.1)' : `"${host}"`
}

/** Words of our own may say what to do next, on a line of their own. */
function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}\n  ${hint}`
}
