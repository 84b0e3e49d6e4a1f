import type { GoFlags } from '../../util/go-flags.ts'
import { parseFlags } from '../home-made/flags.ts'

const actions = ['create', 'up', 'down'] as const

const flags: GoFlags = {
  action: { kind: 'string', usage: `Action to perform: ${actions.join(', ')}` },
  service: { kind: 'string', usage: 'Service by its name, alias or folder; all for every service, in dependency order (up and down)' },
  name: { kind: 'string', usage: 'Name of the new migration; for create' },
  'dry-run': { kind: 'bool', usage: 'Show what would be done without doing it' },
  'with-dependants': { kind: 'bool', usage: 'What stands on a migration that goes back goes back before it, whatever its service' },
  yes: { kind: 'bool', usage: 'Do not ask before all migrations of all services are taken back' },
  help: { kind: 'bool', usage: 'Show this help' },
}

/** One command of the runner of stamped files. */
export interface Command {
  action: (typeof actions)[number]
  service: string
  /** Of a new migration; else empty. */
  name: string
  dryRun: boolean
  withDependants: boolean
  yes: boolean
}

export type Request = { kind: 'say'; text: string; exit: 0 | 2 } | { kind: 'run'; command: Command }

/** The words of the runner's command line as a request. Pure. */
export function parseArgv(words: readonly string[]): Request {
  const parsed = parseFlags('migrator', flags, actions, words)
  if (parsed.kind === 'say') return parsed
  const { values } = parsed
  const command: Command = {
    action: parsed.action as Command['action'],
    service: values['service'] ?? '',
    name: values['name'] ?? '',
    dryRun: values['dry-run'] === 'true',
    withDependants: values['with-dependants'] === 'true',
    yes: values['yes'] === 'true',
  }
  const problem = problemOf(command)
  return problem === undefined ? { kind: 'run', command } : { kind: 'say', text: `${problem}\n`, exit: 2 }
}

function problemOf({ action, service, name }: Command): string | undefined {
  if (service === '') return `-service is required: a service${action === 'create' ? '' : ', or all'}`
  if (action !== 'create') return undefined
  if (service === 'all') return 'create makes one migration: name one service'
  return name.trim() === '' ? '-name is required for create, such as -name=create_tenants_table' : undefined
}
