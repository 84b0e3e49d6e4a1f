import { copyFromStdin, isCopyFromStdin } from './copy-from-stdin.ts'
import type { FileProblem } from './facts.ts'
import { parseHere } from './parser.ts'
import { offsetOfCodePoint, placeAt } from './places.ts'
import { skeleton } from './skeleton.ts'

/** A place in a text as a UTF-16 index, and what is wrong there. */
interface Found {
  offset: number
  message: string
  hint: string
}

/**
 * Why the parser refused a text, in plain words, with the place and what to do: merge conflicts, data of COPY, commands and variables of psql,
 * what was opened and never closed, blanks that are none. Anything else is the server's own message. Code FILE-INVALID.
 */
export function explain(text: string, refused: string, cursor: number): FileProblem {
  const offset = offsetOfCodePoint(text, cursor)
  const conflict = mergeConflict(text)
  if (conflict !== undefined) return conflict
  const found =
    copyData(text, offset) ??
    psqlCommand(text, offset) ??
    psqlVariable(text, offset) ??
    unfinished(refused, offset) ??
    strangeBlank(text, offset)
  const { message, offset: at, hint } = found ?? syntaxError(text, refused, offset)
  return { code: 'FILE-INVALID', message, place: placeAt(text, at), hint, ...(found === undefined ? { grammar: true } : {}) }
}

/** A merge conflict that was left in a file, outside of strings and comments. Undefined when there is none. */
export function mergeConflict(text: string): FileProblem | undefined {
  if (!text.includes('<<<<<<<')) return undefined
  const match = /^<{7}(?!<)/m.exec(skeleton(text))
  if (match === null) return undefined
  return {
    code: 'FILE-INVALID',
    message: 'a merge conflict begins here (<<<<<<<)',
    place: placeAt(text, match.index),
    hint: 'settle it, and remove the lines <<<<<<<, ======= and >>>>>>>',
  }
}

/** The rows behind a COPY are a syntax error; the statement before the error tells that they are rows. */
function copyData(text: string, offset: number): Found | undefined {
  if (!/\bstdin\b/i.test(text.slice(0, offset))) return undefined
  const code = skeleton(text.slice(0, offset))
  const end = code.lastIndexOf(';')
  if (end === -1) return undefined
  const from = code.lastIndexOf(';', end - 1) + 1
  const parsed = parseHere(text.slice(from, end))
  if (parsed === undefined || !('statements' in parsed) || !isCopyFromStdin(parsed.statements[0]?.stmt)) return undefined
  return { offset: from + code.slice(from).search(/\S/), ...copyFromStdin }
}

function psqlCommand(text: string, offset: number): Found | undefined {
  const command = /^\\(?:[a-z]+\+?|[?!.])?/i.exec(text.slice(offset, offset + 40))?.[0]
  if (command === undefined) return undefined
  return {
    offset,
    message: `${command} is a command of psql, not SQL: no server knows it`,
    hint: psqlHints[command] ?? 'delete the line, or say it in SQL',
  }
}

const runHere = 'put the text of that file here, or make it a migration of its own'
const otherDatabase = 'delete the line: a migration runs in the database of its service'
const dumped = 'delete the line: pg_dump writes it for psql alone'

const psqlHints: Record<string, string> = {
  '\\restrict': dumped,
  '\\unrestrict': dumped,
  '\\connect': otherDatabase,
  '\\c': otherDatabase,
  '\\i': runHere,
  '\\ir': runHere,
  '\\include': runHere,
  '\\copy': copyFromStdin.hint,
  '\\.': copyFromStdin.hint,
  '\\g': 'end the statement with a semicolon',
  '\\gexec': 'make the statements in a DO block with EXECUTE',
  '\\set': 'delete the line, and write the values where they are used',
}

function psqlVariable(text: string, offset: number): Found | undefined {
  const name = /^:(?:\w+|'\w+'|"\w+"|\{\?\w+\})/.exec(text.slice(offset, offset + 80))?.[0]
  if (name === undefined) return undefined
  return { offset, message: `${name} is a variable of psql, and nobody replaces it here`, hint: 'write the value itself' }
}

/** The parser points to where it began. */
function unfinished(refused: string, offset: number): Found | undefined {
  const what = /^unterminated (.*?) at or near/.exec(refused)?.[1]
  if (what === undefined) return undefined
  const { thing, close } = openings[what] ?? { thing: what, close: 'close it' }
  return {
    offset,
    message: `${thing} begins here and never ends`,
    hint: `${close}; if this one looks right, one before it was closed too early or too late`,
  }
}

const openings: Record<string, { thing: string; close: string }> = {
  'quoted string': { thing: 'a string', close: "close it with ', and write a ' inside of it as ''" },
  'dollar-quoted string': { thing: 'a dollar-quoted body', close: 'close it with the same $tag$' },
  '/* comment': { thing: 'a comment', close: 'close it with */, one for each /* inside' },
  'quoted identifier': { thing: 'a quoted name', close: 'close it with "' },
  'bit string literal': { thing: 'a bit string', close: "close it with '" },
  'hexadecimal string literal': { thing: 'a hexadecimal string', close: "close it with '" },
}

/** Blanks and quotes of word processors are letters to PostgreSQL. */
function strangeBlank(text: string, offset: number): Found | undefined {
  const near = /^[\w\u0080-\uffff]*/.exec(text.slice(offset, offset + 200))?.[0] ?? ''
  const at = near.search(/[\u00a0\u2000-\u200f\u2018-\u201f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/)
  if (at === -1) return undefined
  const code = near.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
  const isQuote = /[\u2018-\u201f]/.test(near.charAt(at))
  return {
    offset: offset + at,
    message: `the character U+${code} is here, ${isQuote ? 'a typographic quotation mark' : 'a blank that is none to PostgreSQL'}`,
    hint: isQuote ? `write ' or " instead` : 'write an ordinary space instead',
  }
}

function syntaxError(text: string, refused: string, offset: number): Found {
  const code = skeleton(text.slice(0, offset))
  const from = code.lastIndexOf(';') + 1
  const begin = from + Math.max(0, code.slice(from).search(/\S/))
  const first = text.slice(begin).split('\n', 1)[0]?.trim().slice(0, 60) ?? ''
  return { offset, message: refused, hint: `correct the statement that begins on line ${placeAt(text, begin).line}: ${first}` }
}
