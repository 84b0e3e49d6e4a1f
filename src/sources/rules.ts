import type { Finding, Severity } from '../model/finding.ts'

/** Every rule that a source or an overlay can report, with what it means. The docs of findings are made from this table. */
export const sourceRules = {
  'SOURCE-DUPLICATE': 'two files claim one version and direction',
  'SOURCE-IGNORED': 'the tool leaves this file or folder alone',
  'SOURCE-FOLDER': 'a folder stands where a file is expected',
  'SOURCE-LINK': 'a link that leaves the workspace or leads nowhere, or something that is no file at all',
  'SOURCE-NAME': 'the name is not UTF-8, so the file cannot be opened by it',
  'SOURCE-GAP': 'a number is left out in a counted sequence',
  'VERSION-TOO-LARGE': "the version does not fit the tool's column",
  'VERSION-TOO-LONG': "the version is longer than the tool's column",
  'VERSION-ODD': 'the version is no number and no date, though the tool takes it',
  'MISSING-DOWN': 'a migration has no down',
  'ORPHAN-DOWN': 'a down has no up',
  'TITLES-DIFFER': 'up and down of one version have different titles',
  'TRAP-EXTENSION': 'a file that is not called .sql is run all the same',
  'TRAP-DIRECTION': 'the name says both up and down; the last one counts',
  'TRAP-ORDER': 'the tool sorts these versions as text, not as numbers',
  'STAMP-TIME': 'the time in the name does not exist',
  'STAMP-HEX': 'the unique part of the name is not eight lower-case hex digits',
  'DIESEL-NO-UP': 'a folder without up.sql stops the whole source',
  'METADATA-UNREADABLE': 'metadata.toml cannot be parsed, so the default holds',
  'METADATA-NO-KEY': 'metadata.toml without run_in_transaction switches the transaction off',
  'EMPTY-FILE': 'a file of 0 bytes, which the command line of the tool refuses',
  'RUNTIME-UNREAD': 'what is computed in the program of a service could not be asked of its runtime',
  'ENVIRONMENT-CLASH': 'a base file and an environment file have one version',
  'ENVIRONMENT-LEFT-OUT': 'environment folders are there and no environment is chosen',
  'ENVIRONMENT-ABSENT': 'the chosen environment has no folder beside the others',
  'DEPENDENCIES-SYNTAX': 'dependencies.json is no JSON object',
  'DEPENDENCIES-TYPE': 'a value in dependencies.json has the wrong type',
  'DEPENDENCIES-KEY': 'a key in dependencies.json that nobody knows: an error where it looks like a known one',
  'DEPENDENCIES-VALUE': 'a duration, a risk or a name in dependencies.json that cannot be read',
  'DEPENDENCIES-DUPLICATE': 'dependencies.json says something twice',
  'DEPENDENCIES-STRAY': 'an entry in dependencies.json without a migration: an error where a migration without an entry is called almost the same',
  'DEPENDENCIES-MISSING': 'a migration without an entry in dependencies.json',
  'DEPENDENCIES-UNKNOWN': 'depends_on names no migration of this service',
  'DEPENDENCIES-AMBIGUOUS': 'a version in dependencies.json fits migrations of several environments',
  'DEPENDENCIES-ORDER': 'depends_on names a migration that comes later in the order of the tool',
  'DEPENDENCIES-CYCLE': 'migrations depend on each other in a circle',
  'DEPENDENCIES-ENVIRONMENT': 'dependencies.json says another environment than the folder',
} as const

/** The code of a rule. */
export type SourceRule = keyof typeof sourceRules

/** What a finding says, before it is known where: the reader adds place and version. */
export interface Remark {
  rule: SourceRule
  severity: Severity
  message: string
  remedy?: string
}

/** A remark with its place, as a {@link Finding}. `file` is relative to the workspace. */
export function finding(remark: Remark, file?: string, version?: string): Finding {
  return {
    ...remark,
    ...(version === undefined ? {} : { version }),
    ...(file === undefined ? {} : { place: { file } }),
  }
}
