import { invalidUrl } from './invalid-url.ts'

/**
 * `host=… dbname='…' password='it\'s'`: pairs with blanks between them and around `=`, values quoted by `'` where they
 * have blanks, `\` before `'` and `\`. Throws URL-INVALID; after a password no word is shown, for it may be the rest of one.
 * Source: PostgreSQL 18 manual, "Keyword/Value Connection Strings".
 */
export function parseDsn(text: string, where: string): { values: Record<string, string>; doubtful: ReadonlySet<string> } {
  const values: Record<string, string> = {}
  const doubtful = new Set<string>()
  let afterSecret = false
  let at = skipBlanks(text, 0)
  while (at < text.length) {
    const key = /^[^\s=]*/.exec(text.slice(at))?.[0] ?? ''
    const equals = skipBlanks(text, at + key.length)
    if (text[equals] !== '=' || key === '') throw missingEquals(where, key, afterSecret)
    const value = readValue(text, skipBlanks(text, equals + 1), where, afterSecret ? 'a value' : `the value of ${key}`)
    if (afterSecret) doubtful.add(key)
    values[key] = value.text
    afterSecret ||= key.toLowerCase().includes('pass')
    at = skipBlanks(text, value.end)
  }
  return { values, doubtful }
}

function readValue(text: string, start: number, where: string, what: string): { text: string; end: number } {
  const quoted = text[start] === "'"
  let value = ''
  let at = quoted ? start + 1 : start
  for (; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quoted ? character === "'" : /\s/.test(character)) return { text: value, end: quoted ? at + 1 : at }
    if (character === '\\') at++
    value += text[at] ?? ''
  }
  if (quoted) throw invalidUrl(where, `${what} has no closing quote`, "write ' itself as \\'")
  return { text: value, end: at }
}

function missingEquals(where: string, key: string, afterSecret: boolean): Error {
  if (afterSecret || key === '') return invalidUrl(where, 'a word has no "="', "quote a value that has blanks: password='…'")
  return invalidUrl(where, `"${key}" has no "="`, "write key=value; quote a value that has blanks: key='…'")
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && /\s/.test(text[at] ?? '')) at++
  return at
}
