/** A terminal for tests: a pseudo-terminal of a given size, and what a person would see on it. */
import { spawn } from 'node:child_process'

/** Python's standard library has a pty, Node's has none. What is typed comes as JSON: [what to wait for, what to type]. */
const program = `
import fcntl, json, os, pty, re, signal, struct, sys, termios
columns, typed, argv = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 50, columns, 0, 0))
    os.execvp(argv[0], argv)
seen = b''
# A shell that waits for a word that never comes must not wait for the time of the test to run out.
signal.alarm(30)
while True:
    if typed and re.search(typed[0][0].encode(), seen):
        if typed[0][1] == '':
            os.kill(pid, signal.SIGKILL)
        os.write(fd, typed[0][1].encode())
        typed, seen = typed[1:], b''
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    seen += data
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
sys.exit(abs(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
`

export interface OnTerminal {
  code: number | null
  /** Every byte that came. */
  raw: string
  /** What stands there in the end, as lines without blanks at their ends. */
  screen: string[]
}

interface Given {
  cwd: string
  columns: number
  env?: NodeJS.ProcessEnv
  /** Pairs: when this has come (a regular expression of Python), that is typed; for an empty text the terminal is closed. */
  typed?: readonly (readonly [string, string])[]
}

/** Runs a command on a terminal of that many columns and fifty lines, with nothing in its environment but `env` and a terminal's own. */
export async function onTerminal(command: readonly string[], { cwd, columns, env = {}, typed = [] }: Given): Promise<OnTerminal> {
  const child = spawn('python3', ['-c', program, String(columns), JSON.stringify(typed), ...command], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let raw = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => (raw += chunk))
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, raw, screen: screenOf(raw, columns) }
}

/** As much of a terminal as these programs use: text that goes on below at the right edge, lines, cursor up and down and to a column, erasing, colours. */
export function screenOf(raw: string, columns: number): string[] {
  const lines: string[][] = [[]]
  let [row, column] = [0, 0]
  // oxlint-disable-next-line no-control-regex
  for (const [token] of raw.matchAll(/\u001b\[[?\d;]*[A-Za-z]|\u001b[\]()][^\u0007\u001b]*\u0007?|[^]/gu)) {
    const line = (lines[row] ??= [])
    if (token === '\n') row++
    else if (token === '\r') column = 0
    else if (token.startsWith('\u001b[')) {
      const number = Number(/\d+/.exec(token)?.[0] ?? '1')
      const kind = token.at(-1)
      if (kind === 'A') row = Math.max(0, row - number)
      else if (kind === 'B') row += number
      else if (kind === 'G') column = number - 1
      else if (kind === 'K') line.splice(token.includes('2') ? 0 : column)
      else if (kind === 'J') {
        line.splice(column)
        lines.splice(row + 1)
      }
    } else if (token >= ' ') {
      if (column === columns) [row, column] = [row + 1, 0]
      const at = (lines[row] ??= [])
      while (at.length < column) at.push(' ')
      at[column++] = token
    }
  }
  return Array.from(lines, (line) => (line ?? []).join('').trimEnd())
}
