/**
 * Installs what the examples in TypeScript and Python need to run their migrations, beside them, as their own READMEs say: node_modules in
 * examples/tablium, a venv in its ai-engine. Nothing is done where it is there already. Used by the demo and the tests.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const examples = join(dirname(import.meta.dirname), 'examples')

/** Folders that are installed and not copied with the examples, relative to examples/. */
const installed = [
  'tablium/node_modules',
  ...['auth', 'user', 'integration'].map((service) => `tablium/services/${service}/node_modules`),
  'tablium/services/ai-engine/.venv',
]

/** Installs both. `python`: why there is no Python environment, or undefined when there is one. Throws when npm fails. */
export function installExampleDependencies() {
  const tablium = join(examples, 'tablium')
  const lock = join(tablium, 'package-lock.json')
  if (!isFresh(join(tablium, 'node_modules', '.installed'), lock)) {
    tell('installing the dependencies of examples/tablium (npm ci)')
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], tablium)
    mark(join(tablium, 'node_modules', '.installed'), lock)
  }
  return { python: installPython(join(tablium, 'services', 'ai-engine')) }
}

/** Makes what is installed beside the examples reachable from a copy of them, or of one of their folders. */
export function linkExampleDependencies(copy, folder = '.') {
  for (const path of installed) {
    const target = join(copy, relative(folder, path))
    if (existsSync(join(examples, path)) && existsSync(dirname(target)) && !existsSync(target))
      symlinkSync(join(examples, path), target, 'dir')
  }
}

/** True for what {@link linkExampleDependencies} links: a copy leaves it out. */
export function isInstalled(path) {
  return /(?:^|[\\/])(?:node_modules|\.venv|\.skein|__pycache__)$/.test(path)
}

function installPython(service) {
  const requirements = join(service, 'requirements.txt')
  const venv = join(service, '.venv')
  if (isFresh(join(venv, '.installed'), requirements)) return undefined
  const python = ['python3', 'python'].find(
    (each) => spawnSync(each, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0,
  )
  if (python === undefined) return 'there is no Python 3.9 or newer: apt-get install python3 python3-venv, or brew install python'
  tell('making a virtual environment for examples/tablium/services/ai-engine (pip install -r requirements.txt)')
  try {
    run(python, ['-m', 'venv', '--clear', venv], service)
    run(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], service)
  } catch (error) {
    return `${error.message}; Debian has venv in a package of its own: apt-get install python3-venv`
  }
  mark(join(venv, '.installed'), requirements)
  return undefined
}

function isFresh(file, of) {
  return existsSync(file) && readFileSync(file, 'utf8') === digest(of)
}

function mark(file, of) {
  writeFileSync(file, digest(of))
}

function digest(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

function run(command, args, cwd) {
  const { status, signal, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status ?? signal ?? error?.code} in ${cwd}`)
}

function tell(text) {
  process.stderr.write(`${text}\n`)
}
