/** The command line without a process of its own, where what counts is what verbs do, not how they are started. */
import { Readable } from 'node:stream'
import { runCli } from '../../src/cli/run-cli.ts'
import { underTest } from '../under-test.ts'
import { type Ran, skein } from './kit.ts'

/**
 * Runs a command line in this process. With `answers` somebody sits at a terminal and gives them, one to each question; the questions themselves are
 * not in `stderr`. Where another build is under test (test/under-test.ts) it is that which runs, except at a terminal.
 */
export async function inProcess(
  cwd: string,
  args: readonly string[],
  { env = {}, answers }: { env?: NodeJS.ProcessEnv; answers?: readonly string[] } = {},
): Promise<Ran> {
  if (underTest !== undefined && answers === undefined) return await skein(cwd, args, { env: { NO_COLOR: '1', ...env } })
  let [stdout, stderr] = ['', '']
  const isTTY = answers !== undefined
  const rest = [...(answers ?? [])]
  const stdin = new Readable({
    read() {
      const next = rest.shift()
      // One at a time: an answer that comes before its question is lost.
      if (next !== undefined) setImmediate(() => this.push(`${next}\n`))
    },
  })
  const code = await runCli(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text), isTTY },
    stdin: Object.assign(stdin, { isTTY }) as unknown as NodeJS.ReadStream,
    env: { HOME: '/nonexistent', NO_COLOR: '1', ...env },
    cwd,
    signal: new AbortController().signal,
    signalled: () => undefined,
    version: '0.0.0',
  })
  return { code, stdout, stderr }
}
