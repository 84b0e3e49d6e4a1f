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
  'ENVIRONMENTS-SYNTAX': 'environments.json cannot be read',
  'ENVIRONMENTS-TYPE': 'a value of environments.json has the wrong type',
  'ENVIRONMENTS-KEY': 'a key of environments.json that nobody knows',
  'ENVIRONMENTS-VALUE': 'a value of environments.json that means nothing',
  'ENVIRONMENTS-DUPLICATE': 'environments.json says one thing twice',
  'ENVIRONMENTS-UNKNOWN': 'environments.json names an environment that nobody else knows',
  'ENVIRONMENTS-MIGRATION': 'environments.json names a migration that does not exist',
  'ENVIRONMENTS-ELSEWHERE': 'environments.json gives an environment what lies in the folder of another',
  'ENVIRONMENTS-UNLISTED': 'a migration runs in an environment whose list in environments.json leaves it out',
  'ENVIRONMENTS-SEEDS': 'environments.json lists seeds: `seed` runs these in that environment, and no others',
  'GOOSE-NAME': 'a file that goose takes for a migration has no version in its name, which stops the whole folder',
  'GOOSE-ANNOTATION': 'goose cannot make sense of the annotations of a file',
  'GOOSE-STATEMENT': 'goose cuts the file into other statements than the server would',
  'GOOSE-ENVSUB': 'the environment is put into the SQL',
  'GOOSE-GO': 'a migration is written in Go',
  'DBMATE-BLOCKS': 'dbmate cannot make sense of the blocks of a file',
  'DBMATE-PAIRS': 'a file has several up blocks',
  'TYPEORM-SYNTAX': 'a migration file cannot be parsed, so TypeORM loads none',
  'TYPEORM-NAME': 'a migration has no timestamp in its name, so TypeORM runs none',
  'TYPEORM-COMPUTED': 'the name of a migration is computed, so only its runtime knows it',
  'TYPEORM-STRANGER': 'a migration file exports something that is no migration, which TypeORM takes for one',
  'TYPEORM-TWICE': 'one class is exported under two names, which TypeORM takes for two migrations',
  'TYPEORM-TIME': 'the time in the name of a file is not that of its migration',
  'TYPEORM-SAME-TIME': 'two migrations have one timestamp, so the order in which they are loaded decides',
  'ENVIRONMENT-CLASH': 'a base file and an environment file have one version',
  'ENVIRONMENT-LEFT-OUT': 'environment folders are there and no environment is chosen',
  'ENVIRONMENT-ABSENT': 'the chosen environment has no folder beside the others',
  'DEPENDENCIES-SYNTAX': 'dependencies.json is no JSON object',
  'DEPENDENCIES-TYPE': 'a value in dependencies.json has the wrong type',
  'DEPENDENCIES-KEY': 'a key in dependencies.json that nobody knows: an error where it looks like a known one',
  'DEPENDENCIES-VALUE': 'a duration, a risk or a name in dependencies.json that cannot be read',
  'DEPENDENCIES-DUPLICATE': 'dependencies.json says something twice',
  'DEPENDENCIES-STRAY':
    'an entry in dependencies.json without a migration: an error where a migration without an entry has its number or its title',
  'DEPENDENCIES-MISSING': 'a migration without an entry in dependencies.json',
  'DEPENDENCIES-UNKNOWN': 'depends_on names no migration of this service',
  'DEPENDENCIES-AMBIGUOUS': 'a version in dependencies.json fits migrations of several environments',
  'DEPENDENCIES-ORDER': 'depends_on names a migration that comes later in the order of the tool',
  'DEPENDENCIES-CYCLE': 'migrations depend on each other in a circle',
  'DEPENDENCIES-ENVIRONMENT': 'dependencies.json says another environment than the folder',
  'ALEMBIC-REVISION': 'a Python file in a versions folder has no usable revision',
  'ALEMBIC-PARENT': 'a revision names another that is not there',
  'ALEMBIC-CYCLE': 'revisions stand on each other in a circle',
  'ALEMBIC-HEADS': 'a history has several heads',
  'ALEMBIC-LABEL': 'a branch label is taken already',
  'ALEMBIC-SYNTAX': 'a revision file does not parse as Python',
  'ALEMBIC-ENCODING': 'a revision file is not UTF-8',
  'ALEMBIC-NO-UPGRADE': 'a revision file has no function upgrade',
  'ALEMBIC-SOURCELESS': 'the configuration lets compiled files count, which are not read',
  'SOURCE-OPAQUE': 'what a file of code says is computed, so only running it tells',
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
