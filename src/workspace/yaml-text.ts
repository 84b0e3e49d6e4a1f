import type { Document, LineCounter, Node } from 'yaml'
import type { Place } from '../model/errors.ts'
import type { Problem } from './problems.ts'

/** A YAML text as values, and where each of them stands. */
export interface YamlText {
  value: unknown
  /** Place of what a path leads to (`key`: of its key), or of the nearest thing around it that the text has. */
  placeOf: (path: readonly PropertyKey[], what?: 'key' | 'value') => Place
  problems: Problem[]
}

/**
 * Reads the bytes of a YAML 1.2 file with merge keys. Refuses with CONFIG-INVALID and a place: bytes that are not UTF-8, NUL, syntax errors,
 * keys that occur twice, unknown tags, several documents, and aliases that unfold without end. A BOM and CRLF are fine. `yaml` is loaded on the first call.
 */
export async function readYaml(bytes: Uint8Array, label: string): Promise<YamlText> {
  const decoded = decode(bytes, label)
  if (typeof decoded !== 'string') return failed([decoded], label)
  const { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseDocument, visit } = await import('yaml')
  const lines = new LineCounter()
  // Without prettyErrors: they quote the line, and a line may hold a password.
  const document = parseDocument(decoded, { lineCounter: lines, prettyErrors: false, merge: true })
  const at = (offset: number): Place => placeAt(decoded, lines, offset, label)
  const problems = [...document.errors, ...document.warnings]
    .slice(0, 1)
    .map((error) => syntaxProblem(error.message, decoded, at(error.pos[0])))
  visit(document, {
    Pair(_, pair) {
      // A JavaScript object takes this one for something else, so it would be lost without a word.
      if (!isScalar(pair.key) || pair.key.value !== '__proto__') return
      problems.push({ code: 'CONFIG-UNKNOWN-KEY', message: 'unknown key __proto__', place: at(pair.key.range?.[0] ?? 0) })
    },
  })
  const value = problems.length > 0 ? undefined : unfolded(document, label, problems)

  return {
    value,
    problems,
    placeOf(path, what = 'value') {
      let node: unknown = document.contents
      let best = 0
      for (const [index, step] of path.entries()) {
        if (isAlias(node)) node = node.resolve(document)
        if (isSeq(node)) node = node.items[Number(step)]
        else if (isMap(node)) {
          const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step))
          if (pair === undefined) break
          const key = start(pair.key)
          node = pair.value
          best = key ?? best
          if (index === path.length - 1 && what === 'key') return at(best)
        } else break
        best = start(node) ?? best
      }
      return at(best)
    },
  }

  function start(node: unknown): number | undefined {
    return typeof node === 'object' && node !== null && 'range' in node ? (node as Node).range?.[0] : undefined
  }
}

function decode(bytes: Uint8Array, label: string): string | Problem {
  let text
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { code: 'CONFIG-INVALID', message: `${label} is not UTF-8`, hint: 'save it as UTF-8', place: { file: label } }
  }
  const nul = text.indexOf('\0')
  if (nul < 0) return text
  const before = text.slice(0, nul).split('\n')
  const place = { file: label, line: before.length, column: characters(before.at(-1) ?? '') + 1 }
  return { code: 'CONFIG-INVALID', message: `${label} holds a NUL byte`, hint: 'save it as UTF-8 text', place }
}

function unfolded(document: Document, label: string, problems: Problem[]): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    // yaml throws a ReferenceError for an alias without anchor, and for more than maxAliasCount unfolded ones.
    const why = error instanceof Error ? error.message : String(error)
    problems.push({ code: 'CONFIG-INVALID', message: `${label} cannot be used: ${why}`, place: { file: label } })
    return undefined
  }
}

function syntaxProblem(message: string, text: string, place: Place): Problem {
  const line = text.split('\n')[(place.line ?? 1) - 1] ?? ''
  const hint = /[{[,]\s*[^"']*\$\{/.test(line) ? 'inside { } and [ ] a value with ${NAME} stands in double quotes' : undefined
  return { code: 'CONFIG-INVALID', message: `this is not YAML: ${message}`, hint, place }
}

/** Columns in characters: a column in UTF-16 units would be off behind an emoji. */
function placeAt(text: string, lines: LineCounter, offset: number, label: string): Place {
  const { line, col } = lines.linePos(offset)
  if (line === 0) return { file: label, line: 1, column: 1 }
  return { file: label, line, column: characters(text.slice(offset - col + 1, offset)) + 1 }
}

function characters(text: string): number {
  return Array.from(text).length
}

function failed(problems: Problem[], label: string): YamlText {
  return { value: undefined, problems, placeOf: () => ({ file: label }) }
}
