/** A program with the bodies of its functions folded away: the same length and the same lines, so that places stay what they are. */
export interface Folded {
  text: string
  /** By name of a folded function: does it nothing? The last one of a name counts. */
  hollow: ReadonlyMap<string, boolean>
}

/**
 * Puts a `0` and blanks where the bodies of functions at the top are: most of a revision file is in there, and what a revision is stands outside.
 * Parsing what is left takes a fraction of the time. Knows strings, comments and brackets; a program in which one of these stays open is left as it is.
 */
export function foldFunctions(text: string): Folded {
  const hollow = new Map<string, boolean>()
  const lines = topLines(text)
  if (lines === undefined || lines.length === 0) return { text, hollow }
  const parts: string[] = []
  for (const [at, { start, code, colon }] of lines.entries()) {
    const whole = text.slice(start, lines[at + 1]?.start ?? text.length)
    const name = /^(?:async\s+)?def\s+([\p{L}\p{N}_]+)/u.exec(whole)?.[1]
    const body = colon === undefined ? -1 : colon - start + 1
    const folded = name === undefined || body < 0 ? undefined : foldBody(whole.slice(body))
    if (name === undefined || folded === undefined) parts.push(whole)
    else {
      parts.push(whole.slice(0, body), folded)
      hollow.set(name, /^(?:\s|;|\.\.\.|pass\b|return\b(?:[ \t]+None\b)?|\b[rRuU](?=\s|$))*$/.test(code))
    }
  }
  return { text: text.slice(0, lines[0]?.start ?? 0) + parts.join(''), hollow }
}

/** A body on lines of its own, all blank but for one `0`; undefined for one on the line of its header, which is short anyway. */
function foldBody(body: string): string | undefined {
  const first = /^[ \t]*(?:#[^\n]*)?(?:\r?\n[ \t]*(?:#[^\n]*)?)*\r?\n[ \t]+(?=[^\s#])/.exec(body)?.[0]
  if (first === undefined) return undefined
  return `${first}0${body.slice(first.length + 1).replace(/[^\r\n]/g, ' ')}`
}

/** A logical line in the first column, with all that is indented below it. */
interface TopLine {
  start: number
  /** What it says behind its first colon outside of brackets, without strings and comments. */
  code: string
  /** Where that colon is. */
  colon?: number
}

function topLines(text: string): TopLine[] | undefined {
  const lines: TopLine[] = []
  const mark = /#[^\n]*|"""|'''|["'\n()[\]{}\\:]/g
  let current: TopLine | undefined
  let depth = 0
  let from = 0
  const begin = (at: number) => {
    if (at < text.length && /[^\s#]/.test(text.charAt(at))) lines.push((current = { start: at, code: '' }))
  }
  const say = (to: number) => {
    if (current?.colon !== undefined) current.code += text.slice(from, to)
  }
  begin(0)
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    const [sign] = found
    say(found.index)
    from = mark.lastIndex
    if ('([{'.includes(sign)) depth++
    else if (')]}'.includes(sign)) depth--
    else if (sign === '\\') from = mark.lastIndex = afterBackslash(text, mark.lastIndex)
    else if (sign === ':' && depth === 0 && current !== undefined && current.colon === undefined) current.colon = found.index
    else if (sign.startsWith('"') || sign.startsWith("'")) {
      const end = endOfString(text, sign, mark.lastIndex)
      if (end === undefined) return undefined
      from = mark.lastIndex = end
    } else if (sign === '\n' && depth === 0) {
      if (current?.colon !== undefined) current.code += '\n'
      begin(mark.lastIndex)
    }
    if (current?.colon !== undefined && /^[()[\]{}]$/.test(sign)) current.code += sign
  }
  say(text.length)
  return depth === 0 ? lines : undefined
}

function afterBackslash(text: string, at: number): number {
  return text.startsWith('\r\n', at) ? at + 2 : at + 1
}

/** Behind the closing quotation mark; undefined where there is none, or none on the line that needs it there. */
function endOfString(text: string, quote: string, start: number): number | undefined {
  const stop = quote.length === 3 ? new RegExp(`\\\\[^]|${quote}`, 'g') : new RegExp(`\\\\(?:\\r\\n|[^])|\\n|${quote}`, 'g')
  stop.lastIndex = start
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    if (found[0] === quote) return stop.lastIndex
    if (found[0] === '\n') return undefined
  }
  return undefined
}
