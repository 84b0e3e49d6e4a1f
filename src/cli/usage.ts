import type { OutputConfiguration } from 'commander'
import { styleOf } from '../report/style.ts'
import { hasColour, type Context } from './context.ts'

/** Help that was asked for goes to stdout, usage errors to stderr: with a code, as every error. Pages are as wide as the terminal, up to a width that reads well. */
export function writeErrorOnStderr(context: Context): OutputConfiguration {
  const width = (stream: Context['stdout']) => (stream.isTTY === true ? Math.min(stream.columns || 80, 120) : 80)
  return {
    writeOut: (text) => void context.stdout.write(text),
    writeErr: (text) => void context.stderr.write(text),
    outputError: (text, write) => write(`${styleOf(hasColour(context, context.stderr)).red('USAGE:')} ${inOurWords(text)}`),
    getOutHelpWidth: () => width(context.stdout),
    getErrHelpWidth: () => width(context.stderr),
    getOutHasColors: () => hasColour(context, context.stdout),
    getErrHasColors: () => hasColour(context, context.stderr),
  }
}

/** `error: X\n(Did you mean Y?)` of commander as `X\n  Did you mean Y?`. */
function inOurWords(text: string): string {
  const { message, guess, rest } = usageOf(text)
  return `${message}${guess === undefined ? '' : `\n  ${guess}`}${rest}`
}

/** What commander says of a command line that cannot be read, in its parts: what is wrong, what was perhaps meant (`Did you mean Y?`), line ends. */
export function usageOf(text: string): { message: string; guess: string | undefined; rest: string } {
  const [, said = text, guess, rest = ''] = /^(?:error: )?([^\n]*)(?:\n\((Did you mean [^\n]*)\))?(\s*)$/.exec(text) ?? []
  // `words` is what a service and a version are together, in the program.
  const message = said.replace("missing required argument 'words'", 'a service and a version are missing')
  return { message, guess, rest }
}
