import { chunks } from './chunks.ts'
import { type Decoded, decode } from './decode.ts'
import { explain, mergeConflict } from './explain.ts'
import type { FileFacts, FileProblem, Statement } from './facts.ts'
import { locate } from './locate.ts'
import { parseAside, parseAsideBlocking } from './parse-aside.ts'
import { type Parsed, parseHere, parserIsLoaded } from './parser.ts'
import { shapeOf } from './shape.ts'

export { loadParser } from './parser.ts'

export interface AnalyseOptions {
  /** A server_version_num (170010) or a major version (17): statements that need no autocommit there are not marked. Without it, all that do on some version are. */
  serverVersion?: number
}

const largestParsed = 16 * 1024 * 1024
const largestHere = 256 * 1024
const chunkSize = 1024 * 1024

/**
 * What a migration file says, by PostgreSQL's own parser: its statements with places, transaction control, what cannot run in a transaction
 * block, what changes the session. Bad input is an answer (`error`), never an exception. Give the bytes where there are bytes: only they
 * tell of a wrong encoding. {@link loadParser} must have been awaited before. Blocks this thread: about 0.1 ms for a small file, a second for
 * some megabytes.
 */
export function analyse(input: string | Buffer, options: AnalyseOptions = {}): FileFacts {
  const decoded = readable(input)
  if ('code' in decoded) return unusable(decoded)
  // The parser does not take an empty text.
  if (decoded.bytes === 0) return described([])
  return facts(decoded, parseHere(decoded.text) ?? parseAsideBlocking(decoded.text), options)
}

/** As {@link analyse}, but large texts, and texts too deeply nested for this thread, are parsed in another one while this one goes on. */
export async function analyseSafely(input: string | Buffer, options: AnalyseOptions = {}): Promise<FileFacts> {
  const decoded = readable(input)
  if ('code' in decoded) return unusable(decoded)
  if (decoded.bytes === 0) return described([])
  if (decoded.bytes > 2 * chunkSize) return (await inChunks(decoded, options)) ?? facts(decoded, await parseAside(decoded.text), options)
  const parsed = decoded.bytes > largestHere ? undefined : parseHere(decoded.text)
  return facts(decoded, parsed ?? (await parseAside(decoded.text)), options)
}

/** Undefined when some chunk does not parse by itself. */
async function inChunks({ text }: Decoded, { serverVersion }: AnalyseOptions): Promise<FileFacts | undefined> {
  const located = locate(text, serverVersion)
  for (const chunk of chunks(text, chunkSize)) {
    const parsed = await parseAside(chunk)
    if (parsed === undefined || 'refused' in parsed) return undefined
    located.add(chunk, parsed.statements)
  }
  return checked(text, located.statements, located.problem)
}

function readable(input: string | Buffer): Decoded | FileProblem {
  if (!parserIsLoaded()) throw new Error('loadParser() must be awaited before a file is analysed')
  const decoded = decode(input)
  if ('code' in decoded || decoded.bytes <= largestParsed) return decoded
  return {
    code: 'FILE-TOO-LARGE-TO-PARSE',
    message: `the file has ${Math.ceil(decoded.bytes / 1024 / 1024)} MB; above 16 MB files are not looked into`,
    hint: 'it can be sent as it is, by itself; split it to have it checked',
    place: { line: 1, column: 1 },
  }
}

function facts({ text }: Decoded, parsed: Parsed | undefined, { serverVersion }: AnalyseOptions): FileFacts {
  if (parsed === undefined) {
    return unusable({
      code: 'FILE-UNPARSED',
      message: 'the file is nested too deeply, or too much, to be looked into',
      hint: 'it can be sent as it is, by itself; write shorter expressions to have it checked',
      place: { line: 1, column: 1 },
    })
  }
  if ('refused' in parsed) return unusable(explain(text, parsed.refused, parsed.cursor))
  const located = locate(text, serverVersion)
  located.add(text, parsed.statements)
  return checked(text, located.statements, located.problem)
}

/** Some merge conflicts parse, as operators. */
function checked(text: string, statements: Statement[], problem: FileProblem | undefined): FileFacts {
  const first = mergeConflict(text) ?? problem
  return first === undefined ? described(statements) : unusable(first)
}

function described(statements: Statement[]): FileFacts {
  return {
    parsed: true,
    statements,
    shape: shapeOf(statements),
    touchesSession: statements.some((statement) => statement.session !== undefined),
  }
}

function unusable(error: FileProblem): FileFacts {
  return { parsed: false, error, statements: [], shape: 'controlled', touchesSession: true }
}
