import { execFile } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { SkeinError } from '../../model/errors.ts'
import { relativeLabel } from '../../util/folder.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { type Environment, checkPython } from './check-python.ts'
import { foldersUp } from './service-folder.ts'

const run = promisify(execFile)

/** How long poetry, uv and pipenv may take to say where their Python is, in milliseconds. */
const patience = 30_000

/**
 * The Python that runs a service's revisions: `runtime.python` where it is set; else the first with Alembic among the virtual environments
 * of the folder and those above it up to the workspace, $VIRTUAL_ENV, what poetry, uv or pipenv say, and PATH. Throws RUNTIME-MISSING with
 * all that was looked at and the command that installs what is missing.
 */
export async function findPython(spec: RuntimeSpec, folder: string): Promise<string> {
  const looked: string[] = []
  for await (const candidate of candidates(spec, folder)) {
    if ('why' in candidate) {
      looked.push(candidate.why)
      continue
    }
    const checked = await checkPython(candidate.command, folder, spec.env)
    if ('python' in checked) return checked.python
    looked.push(`${candidate.command} ${checked.why}`)
  }
  throw new SkeinError('RUNTIME-MISSING', {
    message: `${spec.service}: no Python with Alembic was found: ${looked.join('; ')}`,
    hint: installWith(spec, folder),
    service: spec.service,
    data: { looked },
  })
}

type Candidate = { command: string } | { why: string }

async function* candidates(spec: RuntimeSpec, folder: string): AsyncGenerator<Candidate> {
  const given = spec.options.python
  if (given !== undefined) return yield { command: resolveGiven(given, folder, spec.root) }
  const folders = foldersUp(folder, spec.root)
  const places = folders.flatMap((each) => ['.venv', 'venv', 'env'].map((name) => join(each, name, 'bin', 'python')))
  if (spec.env.VIRTUAL_ENV) places.push(join(spec.env.VIRTUAL_ENV, 'bin', 'python'))
  // A link to nothing counts: it says what is wrong.
  const there = places.filter((each) => lstatSync(each, { throwIfNoEntry: false }) !== undefined)
  if (there.length === 0) yield { why: `no .venv, venv or env in ${folders.map((each) => relativeLabel(each, spec.root)).join(', ')}` }
  for (const command of there) yield { command }
  for (const manager of managers) {
    const home = folders.find((each) => manager.uses(each))
    if (home !== undefined) yield await ask(manager.command, home, spec.env)
  }
  yield { command: 'python3' }
  yield { command: 'python' }
}

/** What keeps environments elsewhere, how one sees that a folder uses it, and the command that prints the path of its Python. */
const managers: readonly { command: readonly string[]; uses(folder: string): boolean }[] = [
  { command: ['poetry', 'env', 'info', '-e'], uses: (folder) => has(folder, 'poetry.lock') || hasPoetryTable(folder) },
  { command: ['uv', 'run', '--no-sync', 'python', '-c', 'import sys; print(sys.executable)'], uses: (folder) => has(folder, 'uv.lock') },
  { command: ['pipenv', '--py'], uses: (folder) => has(folder, 'Pipfile') },
]

async function ask([command = '', ...args]: readonly string[], cwd: string, env: Environment): Promise<Candidate> {
  try {
    const { stdout } = await run(command, args, { cwd, env: { ...env }, timeout: patience })
    const path = stdout.trim().split('\n').at(-1) ?? ''
    return isAbsolute(path) ? { command: path } : { why: `${command} ${args.join(' ')} names no Python` }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return { why: missing ? `${cwd} uses ${command}, which is not on PATH` : `${command} ${args.join(' ')} failed in ${cwd}` }
  }
}

/** A path is one relative to the service or to the workspace; a bare name that is no file is a command of PATH. */
function resolveGiven(given: string, folder: string, root: string): string {
  const paths = [resolve(folder, given), resolve(root, given)]
  const found = paths.find((each) => lstatSync(each, { throwIfNoEntry: false })?.isDirectory() === false)
  if (found !== undefined) return found
  return given.includes('/') ? resolve(folder, given) : given
}

function installWith(spec: RuntimeSpec, folder: string): string {
  if (spec.options.python !== undefined)
    return `${spec.options.python} -m pip install alembic, or set runtime: { python: … } to the Python that has it`
  const folders = foldersUp(folder, spec.root)
  const home = folders.find((each) => has(each, 'requirements.txt') || has(each, 'pyproject.toml'))
  if (home !== undefined && has(home, 'poetry.lock')) return `cd ${home} && poetry install`
  if (home !== undefined && has(home, 'uv.lock')) return `cd ${home} && uv sync`
  const what = home === undefined ? "alembic 'psycopg[binary]'" : has(home, 'requirements.txt') ? '-r requirements.txt' : '.'
  return `cd ${home ?? folder} && python3 -m venv .venv && .venv/bin/pip install ${what}`
}

function has(folder: string, name: string): boolean {
  return existsSync(join(folder, name))
}

function hasPoetryTable(folder: string): boolean {
  return has(folder, 'pyproject.toml') && /^\s*\[tool\.poetry\]/m.test(readFileSync(join(folder, 'pyproject.toml'), 'utf8'))
}
