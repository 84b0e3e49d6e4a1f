import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure } from './measure.mjs'

const floor = fileURLToPath(new URL('floor.mjs', import.meta.url))

/**
 * Who takes part, in the order of a round: each applies a whole set to the database at `url`. `rows`: what its history table must say at the end.
 * Skein runs with everything on: locks, look, parser, ledger with the texts.
 */
export const contenders = [
  { name: 'skein', history: true, ledger: true, up: (set, url, { skein, env }) => runSkein(skein, env, set, url, 'up') },
  { name: 'psql', history: false, ledger: false, up: (set, url, { env }) => psql(set, url, env) },
  {
    name: 'psql, async commit',
    history: false,
    ledger: false,
    up: (set, url, { env }) => psql(set, url, { ...env, PGOPTIONS: '-c synchronous_commit=off' }),
  },
  {
    name: 'floor',
    history: true,
    ledger: false,
    up: (set, url, { env }) => measure(process.execPath, [floor, url, set.folder, 'up'], { env }),
  },
]

/** The floor the other way. */
export function floorDown(set, url, env) {
  return measure(process.execPath, [floor, url, set.folder, 'down'], { env })
}

/** One command line of Skein on a set; the workspace is the folder above its `migrations`. */
export function runSkein(skein, env, set, url, ...words) {
  return measure(process.execPath, [skein, ...words], { cwd: set.workspace, env: { ...env, DATABASE_URL: url } })
}

/** One session, each file in a transaction of its own. */
function psql(set, url, env) {
  const script = join(set.workspace, 'psql.sql')
  const quoted = (path) => `'${path.replaceAll("'", "\\'")}'`
  writeFileSync(script, set.files.map((file) => `begin;\n\\i ${quoted(file.up)}\ncommit;\n`).join(''))
  return measure('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-f', script], { env })
}
