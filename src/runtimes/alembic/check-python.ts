import { execFile } from 'node:child_process'
import { lstatSync, readFileSync, statSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A Python that can run revisions, or why a program cannot. */
export type CheckedPython = { python: string } | { why: string }

/** Environment of a program, as `spawn` takes it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Runs in Python 2 as well. The current folder is taken out of the path: a folder `alembic` in it would pass for the package. */
const question = `import sys, json
sys.path[:] = [p for p in sys.path if p]
try:
    from importlib.util import find_spec
    found = find_spec("alembic") is not None
except ImportError:
    found = False
print(json.dumps({"version": list(sys.version_info[:3]), "alembic": found, "executable": sys.executable}))`

/** How long a program may take to answer, in milliseconds. */
const patience = 30_000

/** Asks a program whether it is Python 3.9 or newer and has Alembic. Rejects never. */
export async function checkPython(command: string, cwd: string, env: Environment): Promise<CheckedPython> {
  let stdout: string
  try {
    ;({ stdout } = await run(command, ['-c', question], { cwd, env: { ...env }, timeout: patience }))
  } catch (error) {
    return { why: whyNot(command, error as ProgramError) }
  }
  const said = parse(stdout)
  if (!said) return { why: 'is not a Python' }
  const [major = 0, minor = 0] = said.version
  if (major < 3 || (major === 3 && minor < 9)) return { why: `is Python ${said.version.join('.')}; 3.9 or newer is needed` }
  if (!said.alembic) return { why: `(Python ${said.version.join('.')}) has no alembic` }
  // The program itself rather than a wrapper (pyenv): one process less between it and a signal.
  return { python: said.executable || command }
}

type ProgramError = NodeJS.ErrnoException & { stderr?: string; killed?: boolean }

function whyNot(command: string, error: ProgramError): string {
  if (error.killed) return `gave no answer in ${patience / 1000} s`
  if (error.code === 'EACCES') return isFile(command) ? `is not executable: chmod +x ${command}` : 'is not a file'
  if (error.code === 'ENOENT') return whyMissing(command)
  const last = error.stderr?.trim().split('\n').at(-1)
  return last ? `cannot be run: ${last}` : `cannot be run: it ended with ${error.code}`
}

/** ENOENT is also said of a program that is there, when what it needs to run is not. */
function whyMissing(command: string): string {
  if (!command.includes('/')) return 'is not on PATH'
  if (isFile(command)) {
    const first = readFileSync(command, 'latin1').split('\n', 1)[0] ?? ''
    return first.startsWith('#!') ? `starts with ${first}, and that program does not exist` : 'cannot be started on this system'
  }
  return lstatSync(command, { throwIfNoEntry: false }) ? 'is a link to a Python that is gone: make the environment again' : 'does not exist'
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function parse(text: string): { version: number[]; alembic: boolean; executable: string } | undefined {
  try {
    const said = JSON.parse(text.trim().split('\n').at(-1) ?? '')
    return Array.isArray(said?.version) ? said : undefined
  } catch {
    return undefined
  }
}
