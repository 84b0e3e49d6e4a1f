import type { GoFlags } from '../../util/go-flags.ts'
import { parseFlags } from '../home-made/flags.ts'

const actions = ['up', 'down', 'status', 'verify', 'generate'] as const

const flags: GoFlags = {
  action: { kind: 'string', usage: `Action to perform: ${actions.join(', ')}` },
  service: { kind: 'string', usage: 'Name of the service (default: the service whose folder this is)' },
  description: { kind: 'string', usage: 'What a new migration does; for generate' },
  'dry-run': { kind: 'bool', usage: 'Show what would be done without doing it' },
  help: { kind: 'bool', usage: 'Show this help' },
}

/** One command of the runner of numbered files. */
export interface Command {
  action: (typeof actions)[number]
  service?: string
  description: string
  dryRun: boolean
}

export type Request = { kind: 'say'; text: string; exit: 0 | 2 } | { kind: 'run'; command: Command }

/**
 * Whether a command line of `migrate` is this grammar rather than golang-migrate's, which has commands instead of -action and of these flags only -help.
 * A word behind `--` is none. Pure.
 */
export function isForNumbered(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? undefined : end).some((word) => /^--?(?:action|service|description|dry-run)(?:=|$)/.test(word))
}

/** The words of the runner's command line as a request. Pure. */
export function parseArgv(words: readonly string[]): Request {
  const parsed = parseFlags('migrate', flags, actions, words)
  if (parsed.kind === 'say') return parsed
  const { values } = parsed
  const action = parsed.action as Command['action']
  const description = values['description'] ?? ''
  if (action === 'generate' && description.trim() === '')
    return { kind: 'say', text: '-description is required for generate, such as -description="add user preferences table"\n', exit: 2 }
  return { kind: 'run', command: { action, service: values['service'] || undefined, description, dryRun: values['dry-run'] === 'true' } }
}
