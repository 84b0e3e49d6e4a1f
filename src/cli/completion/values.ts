import type { Option } from 'commander'
import type { AskNames, Candidate, Completion } from './candidate.ts'

/** Options whose value is a file or a folder. */
const ofFiles = new Set(['--file', '--env-file', '--plan', '--out', '--pg-bin'])

const waitedFor: readonly Candidate[] = [
  { value: 'server', about: 'it takes connections' },
  { value: 'schema', about: 'all of these files is applied' },
]

/** What the value of an option could be, of which `current` is there already. */
export async function valueCandidates(option: Option, current: string, names: AskNames): Promise<Completion> {
  if (option.argChoices !== undefined) return option.argChoices.map((value) => ({ value }))
  if (option.long !== undefined && ofFiles.has(option.long)) return 'files'
  if (option.long === '--env') return ((await names())?.environments ?? []).map((value) => ({ value }))
  if (option.long === '--service') return serviceCandidates(names)
  if (option.long === '--for') return [...waitedFor, ...(await atCandidates(current, names))]
  return []
}

/** Every service with its tool; aliases too. */
export async function serviceCandidates(names: AskNames): Promise<Candidate[]> {
  const services = (await names())?.services ?? []
  return services.flatMap(({ name, aliases, tool }) => [
    { value: name, about: tool },
    ...aliases.map((value) => ({ value, about: `${name}, ${tool}` })),
  ])
}

/** `service@` for every service; behind the `@` its versions. */
export async function atCandidates(current: string, names: AskNames): Promise<Candidate[]> {
  const known = await names()
  if (known === undefined) return []
  const at = current.indexOf('@')
  if (at === -1) return known.services.map(({ name, tool }) => ({ value: `${name}@`, about: tool }))
  const service = current.slice(0, at)
  return (await known.migrationsOf(service)).map(({ version, name }) => ({ value: `${service}@${version}`, about: name }))
}
