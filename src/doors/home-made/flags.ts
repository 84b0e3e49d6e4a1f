import { goDefaults, type GoFlags, parseGoFlags } from '../../util/go-flags.ts'

/** A command line whose words are all flags. */
export type Flags =
  /** Nothing is done: usage, or what is wrong, both for stderr. */
  { kind: 'say'; text: string; exit: 0 | 2 } | { kind: 'flags'; values: Readonly<Record<string, string>>; action: string }

/**
 * Reads the flags of a program that has an -action, as Go's package flag does; `-help`, `-h`, and what is wrong (exit 2, in Go's words) come back as a
 * text with the usage. Pure. Go passes over words that are no flags; here they are refused, since `-dry-run false` would run.
 */
export function parseFlags(program: string, flags: GoFlags, actions: readonly string[], words: readonly string[]): Flags {
  const usage = `Usage of ${program}:\n${goDefaults(flags)}`
  const wrong = (message: string): Flags => ({ kind: 'say', text: `${message}\n${usage}`, exit: 2 })
  const parsed = parseGoFlags(flags, words)
  if (parsed.kind === 'help') return { kind: 'say', text: usage, exit: 0 }
  if (parsed.kind === 'wrong') return wrong(parsed.message)
  const { values, rest } = parsed
  if (values['help'] === 'true') return { kind: 'say', text: usage, exit: 0 }
  if (rest.length > 0) return wrong(`unexpected argument: ${rest[0]}`)
  const action = values['action'] ?? ''
  if (action === '') return wrong(`-action is required: ${actions.join(', ')}`)
  if (!actions.includes(action)) return wrong(`unknown action: ${action}; use ${actions.join(', ')}`)
  return { kind: 'flags', values, action }
}
