import type { AnnotatedName } from '../annotated-layout.ts'

/** What dbmate makes of a file's name: `^(\d+).*\.sql$` (pkg/dbmate/db.go, migrationFileRegexp); the digits are the version, as they are written. Pure. */
export function parseName(name: string): AnnotatedName {
  const [, version, rest = ''] = /^([0-9]+)([^\n]*)\.sql$/.exec(name) ?? []
  if (version === undefined) {
    if (!/\.sql$/i.test(name)) return { kind: 'ignored' }
    const why = name.endsWith('.sql') ? 'the name does not start with a number' : 'the ending .sql is written in lower case'
    return { kind: 'ignored', why, remedy: 'if it is a migration, call it like 20240101120000_create_users.sql' }
  }
  return { kind: 'migration', version, title: rest.replace(/^[-_. ]/, '') || version, base: version + rest }
}

/** A version as the table has it: text, so that `001` and `1` are two. Undefined when it can be none. */
export function parseVersion(text: string): string | undefined {
  return /^[0-9]+$/.test(text) ? text : undefined
}
