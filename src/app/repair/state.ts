import type { DiffLine } from '../../util/diff-lines.ts'

/** What leads out of a broken state; docs/guides/repair.md says of each what it writes. */
export const choiceNames = [
  'resume',
  'mark-applied',
  'mark-not-applied',
  'force',
  'accept',
  'restore',
  'follow-tool',
  'follow-ledger',
  'rebuild-index',
  'drop-invalid-index',
] as const

export type ChoiceName = (typeof choiceNames)[number]

export interface Choice {
  name: ChoiceName
  /** What it does, as a sentence without a subject. */
  does: string
  /** The command that does it without asking. */
  command: string
}

/** One thing that is wrong with a service, with what is known about it and the ways out. */
export interface BrokenState {
  service: string
  /** `host:port/database as user` */
  database: string
  kind: 'dirty' | 'partial' | 'changed' | 'missing' | 'ahead' | 'apart' | 'invalid-index'
  /** What it is about: a version, an index as `schema.name`, or null for the whole history. */
  subject: string | null
  problem: string
  /** Facts, one a line. */
  evidence: string[]
  /** Of `changed`: what the ledger keeps against what the file says. */
  diff?: DiffLine[]
  /** Of `invalid-index`: names as the catalogue has them. */
  index?: { schema: string; name: string }
  /** Of `partial`: the direction of the step that stopped. */
  direction?: 'up' | 'down'
  choices: Choice[]
}

/** A choice of a state with the command for it. */
export function choice(name: ChoiceName, service: string, subject: string | null, does: string): Choice {
  const about = subject === null ? '' : ` ${subject}`
  return { name, does, command: `skein repair ${service}${about} --choose ${name}${name === 'resume' ? '' : " --because '…'"}` }
}
