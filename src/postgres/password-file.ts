import { readFileSync, statSync } from 'node:fs'

/** What a line of a password file is compared with. */
export interface PasswordKey {
  host: string
  port: number
  database: string
  user: string
}

/** Gives the password that a file has for a key. */
export type PasswordLookup = (key: PasswordKey) => string | undefined

/**
 * Reads `~/.pgpass` or the file that PGPASSFILE names. As in libpq a missing file means nothing, and one that others may read is ignored with a
 * warning. Throws nothing. A socket in the default folder is `localhost` to a password file; the caller says so.
 * Source: PostgreSQL 18 manual, "The Password File"; src/interfaces/libpq/fe-connect.c, passwordFromFile.
 */
export function readPasswordFile(path: string): { lookup: PasswordLookup; warning?: string } {
  const nothing = () => undefined
  try {
    const stat = statSync(path)
    if (!stat.isFile()) return { lookup: nothing, warning: `password file ${path} is not a plain file and was ignored` }
    if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
      return { lookup: nothing, warning: `password file ${path} can be read by others and was ignored: chmod 0600 ${path}` }
    }
    const lines = parsePasswordFile(readFileSync(path, 'utf8'))
    return { lookup: (key) => find(lines, key) }
  } catch {
    return { lookup: nothing }
  }
}

/** The lines of a password file, each as five fields with `\:` and `\\` undone; `undefined` stands for `*`. */
export function parsePasswordFile(text: string): (string | undefined)[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(fields)
    .filter((line) => line.length >= 5)
}

function find(lines: readonly (string | undefined)[][], key: PasswordKey): string | undefined {
  const wanted = [key.host, String(key.port), key.database, key.user]
  const line = lines.find((each) => wanted.every((value, index) => each[index] === undefined || each[index] === value))
  return line?.[4]
}

function fields(line: string): (string | undefined)[] {
  const found: (string | undefined)[] = []
  let field = ''
  let escaped = false
  for (let at = 0; at <= line.length; at++) {
    const character = line[at]
    if (character === undefined || (character === ':' && found.length < 4)) {
      found.push(field === '*' && !escaped && found.length < 4 ? undefined : field)
      field = ''
      escaped = false
      continue
    }
    // The password ends at the first bare colon, as in libpq, which leaves room for further fields.
    if (character === ':') return [...found, field]
    if (character === '\\' && at + 1 < line.length) {
      at++
      escaped = true
    }
    field += line[at] ?? ''
  }
  return found
}
