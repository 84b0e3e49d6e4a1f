import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Finding } from '../../../model/finding.ts'
import { finding, type SourceRule } from '../../rules.ts'
import { placeAt } from './place.ts'

/** A side file as a tree with places. `text` is without its BOM; offsets of nodes count in it. */
export interface JsonFile {
  /** Relative to the workspace. */
  file: string
  text: string
  bom: boolean
  /** Undefined where the file cannot be used; `findings` says why. */
  root?: Node
  findings: Finding[]
}

/**
 * Parses JSON; comments are allowed, as people write them. What is wrong (bytes that are no text, an empty file, broken JSON, a list, a key twice) is an
 * error finding with its place, never an exception.
 */
export function parseJson(file: string, bytes: Buffer): JsonFile {
  const decoded = bytes.toString('utf8')
  const bom = decoded.startsWith('\ufeff')
  const text = bom ? decoded.slice(1) : decoded
  const broken = (message: string, offset: number, remedy: string): JsonFile => ({
    file,
    text,
    bom,
    findings: [{ ...said('DEPENDENCIES-SYNTAX', message, remedy), place: placeAt(file, text, offset) }],
  })
  const odd = text.search(/[\0\ufffd]/)
  if (odd >= 0) {
    const what = text[odd] === '\0' ? 'holds a NUL byte' : 'is not UTF-8'
    return broken(`${file} ${what}`, odd, 'save it as UTF-8 text')
  }
  if (text.trim() === '') return broken(`${file} is empty`, 0, 'write { "migrations": {} }, or take the file away')
  const errors: ParseError[] = []
  let root: Node | undefined
  try {
    root = parseTree(text, errors)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return broken(`${file} is nested too deeply`, 0, 'an entry is an object of texts and lists')
  }
  const [first] = errors
  if (root === undefined || first !== undefined) {
    const offset = first?.offset ?? 0
    return broken(`${file} is not JSON: ${words(first, text)}`, offset, 'correct the file there')
  }
  if (root.type !== 'object') {
    const message = `${file} holds a ${root.type === 'array' ? 'list' : root.type}, and an object is expected`
    return broken(message, root.offset, 'write { "migrations": { … } }')
  }
  return { file, text, bom, root, findings: duplicates(file, text, root) }
}

/** The members of an object: name, where the name stands, value. */
export function members(node: Node): { name: string; key: Node; value: Node }[] {
  return (node.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? []
    return key === undefined || value === undefined ? [] : [{ name: String(key.value), key, value }]
  })
}

/** The last one would win silently, with whatever the first one forbade. */
function duplicates(file: string, text: string, node: Node): Finding[] {
  if (node.type !== 'object') return (node.children ?? []).flatMap((child) => duplicates(file, text, child))
  const seen = new Set<string>()
  return members(node).flatMap(({ name, key, value }) => {
    const again = seen.has(name)
    seen.add(name)
    const own = again
      ? [{ ...said('DEPENDENCIES-DUPLICATE', `${name} stands there twice`, 'keep one of them'), place: placeAt(file, text, key.offset) }]
      : []
    return [...own, ...duplicates(file, text, value)]
  })
}

function said(rule: SourceRule, message: string, remedy: string): Finding {
  return finding({ rule, severity: 'error', message, remedy })
}

/** `CommaExpected` → `a comma is expected`. */
function words(error: ParseError | undefined, text: string): string {
  const code = error === undefined ? 'ValueExpected' : printParseErrorCode(error.error)
  const [, what] = /^(.*)Expected$/.exec(code) ?? []
  const spelled = (what ?? code).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  if (what === undefined) return spelled
  const found = error === undefined ? '' : text.slice(error.offset, error.offset + Math.max(1, Math.min(error.length, 20))).trim()
  return `${expected[what] ?? spelled} is expected${found === '' ? '' : ` before ${found}`}`
}

const expected: Record<string, string> = {
  PropertyName: 'a key in double quotes',
  Value: 'a value',
  Colon: 'a colon',
  Comma: 'a comma',
  CloseBrace: 'a closing brace',
  CloseBracket: 'a closing bracket',
  EndOfFile: 'the end of the file',
}
