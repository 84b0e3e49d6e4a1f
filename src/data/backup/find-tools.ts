import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SkeinError } from '../../model/errors.ts'

/** PostgreSQL's own programs, of one folder. */
export interface BackupTools {
  dump: string
  restore: string
  /** Of the same folder, where it is there: needed to restore text. */
  psql?: string
  /** As pg_dump says it: `16.14`. */
  version: string
}

/**
 * Where packages keep the programs of each major version beside one another, and not on PATH: Debian's, the RPMs of postgresql.org, Homebrew's (Apple and
 * Intel), Postgres.app. `*` is one folder of any name that fits.
 */
const usual = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/libpq/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/libpq/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
]

/**
 * pg_dump and pg_restore of the server's major version, else of the nearest newer one: in `folder` alone where one is given, else on PATH, else in the usual
 * folders (Debian's, Homebrew's …). pg_dump refuses servers newer than itself, and what one of 17 writes says SET transaction_timeout, which older servers refuse. Throws BACKUP-TOOL-MISSING with what was found and how to get what is needed.
 * Source: PostgreSQL 18 manual, pg_dump, Notes.
 */
export function findTools(serverVersion: number, env: NodeJS.ProcessEnv, folder?: string, beside: readonly string[] = usual): BackupTools {
  const major = Math.floor(serverVersion / 10_000)
  const onPath = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const folders = folder === undefined ? [...onPath, ...beside.flatMap(matching)] : [folder]
  const old: string[] = []
  let best: { major: number; tools: BackupTools } | undefined
  for (const one of folders) {
    const [dump, restore] = [join(one, 'pg_dump'), join(one, 'pg_restore')]
    if (!existsSync(dump) || !existsSync(restore)) continue
    const version = /(\d+)[.\d]*/.exec(spawnSync(dump, ['--version'], { encoding: 'utf8' }).stdout ?? '')
    if (version === null) continue
    const psql = existsSync(join(one, 'psql')) ? join(one, 'psql') : undefined
    const its = Number(version[1])
    if (its < major) old.push(`${dump} is ${version[0]}`)
    else if (best === undefined || its < best.major) best = { major: its, tools: { dump, restore, psql, version: version[0] } }
  }
  if (best !== undefined) return best.tools
  throw new SkeinError('BACKUP-TOOL-MISSING', {
    message: `the server is PostgreSQL ${major}, and pg_dump of ${major} or newer was not found${old.length === 0 ? '' : `: ${old.join(', ')}`}`,
    hint: `apt-get install postgresql-client-${major} (from apt.postgresql.org), brew install libpq, or name its folder: --pg-bin DIR or SKEIN_PG_BIN`,
  })
}

/** The folders that a pattern with at most one `*` means; those that cannot be read are none. */
function matching(pattern: string): string[] {
  const star = pattern.indexOf('*')
  if (star === -1) return [pattern]
  const start = pattern.lastIndexOf('/', star)
  const end = pattern.indexOf('/', star)
  const [parent, before, after] = [pattern.slice(0, start), pattern.slice(start + 1, star), pattern.slice(star + 1, end)]
  let names: string[]
  try {
    names = readdirSync(parent)
  } catch {
    return []
  }
  return names.filter((name) => name.startsWith(before) && name.endsWith(after)).map((name) => `${parent}/${name}${pattern.slice(end)}`)
}
