import { wrapLines } from '../report/fit.ts'
import type { Context } from './context.ts'

type Stream = Context['stdout']

/** One character for one, so that columns stay where they are. */
const plain: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '·': '-',
  '–': '-',
  '—': '-',
  '→': '>',
  '│': '|',
  '…': '~',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '≥': '>',
}

/**
 * The same context with streams that know their terminal: letters of ASCII for our marks where it cannot show them, and words on stderr broken at blanks
 * (results on stdout break themselves, output.ts). A pipe gets everything as it is, in UTF-8 whatever the locale says.
 */
export function onTerminal(context: Context): Context {
  const readable = hasSymbols(context.env) ? (text: string) => text : inAscii
  const { stdout, stderr } = context
  return {
    ...context,
    stdout: through(stdout, readable),
    stderr: through(stderr, (text) => readable(wrapLines(text, stderr.columns || Number.POSITIVE_INFINITY))),
  }
}

function through(stream: Stream, change: (text: string) => string): Stream {
  if (stream.isTTY !== true) return stream
  return { isTTY: true, columns: stream.columns, write: (text: string) => stream.write(change(text)) }
}

/** The same text with our marks as ASCII; what else it says stays. */
export function inAscii(text: string): string {
  return text.replace(/[✓✗·–—→│…’‘“”≥]/g, (mark) => plain[mark] ?? mark)
}

/** A dumb terminal and the Linux console lack the marks; a locale that names another character set says so itself. */
function hasSymbols(env: NodeJS.ProcessEnv): boolean {
  if (env['TERM'] === 'dumb' || env['TERM'] === 'linux') return false
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '')
  return locale === undefined || /utf-?8/i.test(locale)
}
