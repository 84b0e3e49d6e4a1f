/**
 * `npm run walks -- --runs 500 --seed 7`: both engines in turns, at random, on one database (test/interop/walks/). Progress goes to stderr, the table
 * operation × state × engine to stdout, as docs/reference/walks.md has it. `--tool goose` walks one tool only; `--path 4:1:0` walks a failing walk again
 * that was told with its path; `--tallies FOLDER` keeps what was counted there, and with `--print` only prints it. A runtime takes seconds to start:
 * TypeORM and Alembic walk a quarter of the runs, six at least. Ends with 1 when a walk fails.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { walksTable } from './walks-table.mjs'

const root = dirname(import.meta.dirname)
const tools = ['golang-migrate', 'goose', 'dbmate', 'diesel', 'typeorm', 'alembic']
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    tool: { type: 'string', multiple: true, default: tools },
    path: { type: 'string' },
    tallies: { type: 'string' },
    print: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const unknown = values.tool.filter((name) => !tools.includes(name))
if (!Number.isInteger(runs) || runs < 1 || unknown.length > 0) {
  console.error(`usage: npm run walks -- [--runs N] [--seed S] [--path P] [--tallies FOLDER [--print]] [--tool ${tools.join('|')}]…`)
  process.exit(2)
}

const folder = values.tallies ?? mkdtempSync(join(tmpdir(), 'skein-walks-'))
const failed = values.print ? [] : await walkAll()
const tallies = readdirSync(folder)
  .filter((file) => tools.includes(file.replace(/\.json$/, '')))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
  .toSorted((a, b) => tools.indexOf(a.tool) - tools.indexOf(b.tool))
if (values.tallies === undefined) rmSync(folder, { recursive: true })
console.log(walksTable(tallies))
if (failed.length > 0) console.error(`a walk failed: ${failed.join(', ')}; its seed, path and smallest form are above`)
process.exit(failed.length > 0 ? 1 : 0)

/** Two tools at a time, as two cores bear. The names of those that failed. */
async function walkAll() {
  const left = [...values.tool]
  const bad = []
  const next = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) if ((await walk(name)) !== 0) bad.push(name)
  }
  await Promise.all([next(), next()])
  return bad
}

function walk(name) {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const isCode = name === 'typeorm' || name === 'alembic'
  const env = {
    ...process.env,
    SKEIN_WALKS: String(isCode ? Math.max(6, Math.ceil(runs / 4)) : runs),
    SKEIN_WALK_SEED: values.seed,
    SKEIN_WALKS_TALLY: folder,
    ...(values.path === undefined ? {} : { SKEIN_WALK_PATH: values.path }),
  }
  const args = [vitest, 'run', '--disableConsoleIntercept=true', `test/interop/walks/${name}.test.ts`]
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 2, 2] })
  return new Promise((resolve) => child.once('close', resolve))
}
