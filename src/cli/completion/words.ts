import type { Command } from 'commander'
import { doors } from '../../doors/index.ts'
import { knownCodes } from '../../app/known.ts'
import { topics } from '../help/topics/index.ts'
import { shells } from './scripts.ts'
import type { AskNames, Candidate, Completion } from './candidate.ts'
import type { Position } from './position.ts'
import { atCandidates, serviceCandidates } from './values.ts'

/** Verbs that take a service and then a version of it. */
const ofVersions = new Set(['goto', 'force', 'mark', 'baseline', 'repair'])

/** What words could stand behind a verb. */
export async function wordCandidates(at: Position, root: Command, names: AskNames): Promise<Completion> {
  const verb = at.verb.name()
  const first = at.operands.length === 0
  if (verb === 'help') return first ? helpWords(root, at.current) : []
  if (verb === 'completion') return first ? Object.keys(shells).map((value) => ({ value })) : []
  if (verb === 'as') return Object.entries(doors).map(([value, { about }]) => ({ value, about }))
  if (verb === 'restore' && first) return 'files'
  if (ofVersions.has(verb)) return versionWords(at, verb, names)
  if (verb === 'new' && !first) return []
  const takesServices = at.verb.registeredArguments.some((argument) => ['service', 'words', 'word'].includes(argument.name()))
  if (!takesServices) return []
  const given = new Set(at.operands)
  return (await serviceCandidates(names)).filter(({ value }) => !given.has(value))
}

async function versionWords({ operands, current }: Position, verb: string, names: AskNames): Promise<Candidate[]> {
  const [service, version] = operands
  if (version !== undefined) return []
  const none = verb === 'goto' || verb === 'force' ? [{ value: 'none', about: 'before the first' }] : []
  const known = await names()
  const listed = async (word: string) => ((await known?.migrationsOf(word)) ?? []).map((one) => ({ value: one.version, about: one.name }))
  if (service !== undefined) return [...(await listed(service)), ...none]
  if (verb !== 'repair' && current.includes('@')) return atCandidates(current, names)
  // Where there is but one service, it may be left out.
  const only = known?.services.length === 1 ? known.services[0] : undefined
  return [...(await serviceCandidates(names)), ...(only === undefined ? [] : [...(await listed(only.name)), ...none])]
}

/** Codes are for those who begin to type one in capitals. */
function helpWords(root: Command, current: string): Candidate[] {
  if (/^[A-Z]/.test(current)) return knownCodes().map(({ code, means }) => ({ value: code, about: means }))
  const verbs = root.createHelp().visibleCommands(root)
  return [
    ...verbs.map((verb) => ({ value: verb.name(), about: verb.description() })),
    ...topics.map(({ name, about }) => ({ value: name, about })),
  ]
}
