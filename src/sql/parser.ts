import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import type { RawStmt, ScanToken } from 'libpg-query'

type Parser = Pick<typeof import('libpg-query'), 'parseSync' | 'scanSync' | 'loadModule'>

/** What the parser said: the statements, or where and why it refused. `cursor` counts code points from 0. */
export type Parsed = { statements: RawStmt[] } | { refused: string; cursor: number }

let parser: Parser | undefined
let loading: Promise<void> | undefined

/**
 * Loads PostgreSQL's own parser (libpg-query, a WebAssembly build of the grammar of PostgreSQL 18) into this thread. Call it once and await it
 * before anything else of this folder; later calls cost nothing.
 *
 * V8 is told to keep its baseline code for WebAssembly: compiling it a second time, optimised, takes three times as long as reading a thousand
 * migrations, and pays off for nobody who reads fewer than many thousands.
 */
export function loadParser(): Promise<void> {
  loading ??= load()
  return loading
}

/** True after {@link loadParser}, even while a fresh instance is on its way. */
export function parserIsLoaded(): boolean {
  return loading !== undefined
}

/**
 * Parses in this thread. Undefined when it could not be done here: the text is nested too deeply for this thread's stack, or the instance was
 * lost to such a text before and its successor is not there yet. Then parse-aside.ts can.
 */
export function parseHere(text: string): Parsed | undefined {
  return here((loaded) => ({ statements: loaded.parseSync(text).stmts ?? [] }), refusal)
}

/** The tokens with offsets in UTF-8 bytes, in this thread; null when the text has no tokens to its end (an unfinished string), undefined as for {@link parseHere}. */
export function scanHere(text: string): ScanToken[] | null | undefined {
  return here<ScanToken[] | null>(
    (loaded) => loaded.scanSync(text).tokens ?? [],
    () => null,
  )
}

/** Where a bundle has the parser, seen from itself: scripts/bundle.mjs puts the text here. Sources have the package. */
const beside = process.env.SKEIN_PARSER

/** The file of the parser for `require`, also in another thread. */
export function parserPath(): string {
  return beside === undefined ? createRequire(import.meta.url).resolve('libpg-query') : fileURLToPath(new URL(beside, import.meta.url))
}

function here<Answer>(ask: (loaded: Parser) => Answer, refused: (error: unknown) => Answer | undefined): Answer | undefined {
  if (parser === undefined) return undefined
  try {
    return ask(parser)
  } catch (error) {
    if (isBroken(error)) {
      replaceParser()
      return undefined
    }
    const answer = refused(error)
    if (answer === undefined) throw error
    return answer
  }
}

function refusal(error: unknown): Parsed | undefined {
  if (!(error instanceof Error) || !('sqlDetails' in error)) return undefined
  const details = error.sqlDetails
  const cursor = typeof details === 'object' && details !== null && 'cursorPosition' in details ? Number(details.cursorPosition) : 0
  return { refused: error.message, cursor }
}

/** A stack overflow leaves the memory of a WebAssembly instance as it was at that moment: later texts may fail, or never end. */
function isBroken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'RangeError' || error.name === 'RuntimeError' || /memory allocation/.test(error.message)
}

async function load(): Promise<void> {
  setFlagsFromString('--liftoff-only')
  await reload()
}

function replaceParser(): void {
  parser = undefined
  loading = reload()
  // Whoever awaits loadParser() learns of a failure; nobody has to.
  loading.catch(() => {})
}

async function reload(): Promise<void> {
  const require = createRequire(import.meta.url)
  delete require.cache[parserPath()]
  const fresh: Parser = require(parserPath())
  await fresh.loadModule()
  parser = fresh
}
