import { CommanderError } from 'commander'
import { SkeinError } from '../model/errors.ts'
import { humanError } from '../report/human/error.ts'
import { styleOf } from '../report/style.ts'
import { hasColour, type Context } from './context.ts'
import { readEnvFiles } from './env-file.ts'
import { onTerminal } from './on-terminal.ts'
import { program } from './program.ts'
import { usageOf } from './usage.ts'
import { verbFirst } from './verb-first.ts'

/** Runs one command line and returns its exit code. Data goes to stdout, words to stderr; with --json also an error is data. Never throws, never exits. */
export async function runCli(argv: readonly string[], given: Context): Promise<number> {
  const outcome = { exit: 0 }
  // Data stays as it is, and what another tool would print is that tool's.
  const context = argv.includes('--json') || argv[0] === 'as' ? given : onTerminal(given)
  try {
    // Behind `as TOOL` no word is ours, also one that we know.
    const read = argv[0] === 'as' ? { argv: [...argv], env: context.env } : readEnvFiles(argv, context.env, context.cwd)
    const inner: Context = { ...context, env: read.env }
    const root = program(inner, outcome)
    const words = verbFirst(read.argv, root)
    if (words[0] === 'run') inner.behind = words.splice(dashes(words)).slice(1)
    await root.parseAsync(words, { from: 'user' })
  } catch (error) {
    outcome.exit = told(error, argv.slice(0, dashes(argv)), context)
  }
  if (context.signalled() === 'SIGTERM' && outcome.exit === 130) return 143
  return outcome.exit
}

/** Where `--` stands: what is behind it may be another program's command line, and no word of it is ours. */
function dashes(words: readonly string[]): number {
  const at = words.indexOf('--')
  return at === -1 ? words.length : at
}

function told(error: unknown, argv: readonly string[], context: Context): number {
  if (error instanceof CommanderError) {
    // commander has said it already (help, version, usage errors) on the stream that it belongs to.
    if (error.exitCode === 0) return 0
    const { message, guess } = usageOf(error.message)
    const hint = guess?.replace(/^D/, 'd')
    if (argv.includes('--json')) context.stdout.write(`${JSON.stringify({ error: { code: 'USAGE', message, hint } }, null, 2)}\n`)
    return 2
  }
  const style = styleOf(hasColour(context, context.stderr))
  if (!(error instanceof SkeinError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    context.stderr.write(`${style.red('internal error')} (this is a bug in skein, please report it):\n${text}\n`)
    return 1
  }
  const { message, hint, service, version, place, sqlstate, data } = error.details
  const failure = { code: error.code, message, hint, place, sqlstate }
  if (argv.includes('--json')) context.stdout.write(`${JSON.stringify({ error: { ...failure, service, version, data } }, null, 2)}\n`)
  else context.stderr.write(humanError(failure, style))
  return error.exit
}
