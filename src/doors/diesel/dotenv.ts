import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A line of a `.env` that cannot be read, in dotenvy's words. */
export class BadEnvFile extends Error {}

/**
 * The environment with what the nearest `.env` says, looked for from `cwd` upwards; what is set already wins. Throws BadEnvFile.
 * Source: dotenvy 0.15.7 find.rs, iter.rs, parse.rs.
 */
export function withDotenv(env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv {
  const file = nearest(cwd)
  if (file === undefined) return env
  const merged = { ...env }
  const said = new Map<string, string>()
  const lookUp = (name: string) => merged[name] ?? said.get(name) ?? ''
  for (const line of linesOf(readFileSync(file, 'utf8').replace(/^\ufeff/, ''))) {
    const pair = parseLine(line, lookUp)
    if (pair === undefined) continue
    said.set(pair.key, pair.value)
    merged[pair.key] ??= pair.value
  }
  return merged
}

function nearest(folder: string): string | undefined {
  const file = join(folder, '.env')
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file
  return dirname(folder) === folder ? undefined : nearest(dirname(folder))
}

/** Lines, those inside of quotes joined. A `#` behind a blank ends one. */
function linesOf(text: string): string[] {
  const lines: string[] = []
  let open = ''
  let quote = ''
  for (const line of text.split(/(?<=\n)/)) {
    if (quote === '' && open === '' && line.trimStart().startsWith('#')) continue
    let end = line.length
    for (let at = 0; at < line.length; at++) {
      const letter = line[at] as string
      if (letter === '\\') at++
      else if (quote !== '') quote = letter === quote ? '' : quote
      else if (letter === '"' || letter === "'") quote = letter
      else if (letter === '#' && at > 0 && /\s/.test(line[at - 1] as string)) {
        end = at
        break
      }
    }
    open += line.slice(0, end)
    if (quote !== '') continue
    lines.push(open.replace(/\r?\n$/, ''))
    open = ''
  }
  if (quote !== '') throw bad(open, Buffer.byteLength(open))
  return lines
}

function parseLine(line: string, lookUp: (name: string) => string): { key: string; value: string } | undefined {
  const text = line.trimEnd()
  const start = text.length - text.trimStart().length
  if (text === '' || text[start] === '#') return undefined
  const match = /^(\s*)(?:export(?=\s+[A-Za-z_])\s+)?([A-Za-z_][A-Za-z0-9_.]*)(\s*)/.exec(text)
  if (match === null) throw bad(line, start)
  const [head, , key = ''] = match
  if (text[head.length] !== '=') throw bad(line, head.length)
  const value = text.slice(head.length + 1).trimStart()
  return { key, value: value.startsWith('#') ? '' : parseValue(value, lookUp) }
}

/** A value without its quotes: `'…'` as it stands, `"…"` and bare text with `$NAME`, `${NAME}` and backslashes. A blank ends a bare one. */
function parseValue(input: string, lookUp: (name: string) => string): string {
  let value = ''
  let quote = ''
  const letters = Array.from(input)
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string
    if (quote === "'") {
      if (letter === "'") quote = ''
      else value += letter
    } else if (letter === '\\') {
      const next = letters[++at]
      if (next === undefined) break
      if (!/[\\'"$ n]/.test(next)) throw bad(input, at)
      value += next === 'n' ? '\n' : next
    } else if (letter === '$') {
      const braced = letters[at + 1] === '{'
      let end = at + (braced ? 2 : 1)
      while (end < letters.length && (braced ? letters[end] !== '}' : /[\p{L}\p{N}]/u.test(letters[end] as string))) end++
      if (braced && end === letters.length) throw bad(input, Buffer.byteLength(input) - 1)
      value += lookUp(letters.slice(at + (braced ? 2 : 1), end).join(''))
      at = braced ? end : end - 1
    } else if (letter === '"') quote = quote === '"' ? '' : '"'
    else if (quote === '' && letter === "'") quote = "'"
    else if (quote === '' && /[ \t]/.test(letter)) {
      const rest = letters.findIndex((one, index) => index > at && !/[ \t]/.test(one))
      if (rest !== -1 && letters[rest] !== '#') throw bad(input, rest)
      return value
    } else value += letter
  }
  if (quote !== '') throw bad(input, Buffer.byteLength(input) - 1)
  return value
}

function bad(line: string, index: number): BadEnvFile {
  return new BadEnvFile(`Initializing \`.env\` file failed: Error parsing line: '${line}', error at line index: ${index}`)
}
