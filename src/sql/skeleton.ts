/**
 * The text with comments, strings, quoted names and dollar-quoted bodies blanked out, every other character at its place: what remains is code.
 * For looking at bodies and at texts that the parser refused; statements are never split by it.
 * Lexical rules: PostgreSQL manual, "Lexical Structure"; block comments nest.
 */
export function skeleton(text: string): string {
  const parts: string[] = []
  let copied = 0
  const opening = /--|\/\*|['"]|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/g
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const start = match.index
    // In `a$b$c` the dollars belong to the name.
    if (match[0].startsWith('$') && isWord(text.charCodeAt(start - 1))) {
      opening.lastIndex = start + 1
      continue
    }
    const end = endOf(text, start, match[0])
    parts.push(text.slice(copied, start), blank(text.slice(start, end)))
    copied = end
    opening.lastIndex = end
  }
  parts.push(text.slice(copied))
  return parts.join('')
}

function endOf(text: string, start: number, opened: string): number {
  if (opened === '--') return orEnd(text, text.indexOf('\n', start))
  if (opened === '/*') return endOfComment(text, start)
  if (opened === "'" && isEscapeString(text, start)) return endOfEscapeString(text, start)
  // A doubled quote ends one string and begins the next: nothing is lost.
  const closing = text.indexOf(opened, start + opened.length)
  return closing === -1 ? text.length : closing + opened.length
}

function endOfComment(text: string, start: number): number {
  let depth = 0
  const edge = /\/\*|\*\//g
  edge.lastIndex = start
  for (let match = edge.exec(text); match !== null; match = edge.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return edge.lastIndex
  }
  return text.length
}

function isEscapeString(text: string, quote: number): boolean {
  return /[eE]/.test(text.charAt(quote - 1)) && !isWord(text.charCodeAt(quote - 2))
}

function endOfEscapeString(text: string, quote: number): number {
  const edge = /\\|'/g
  edge.lastIndex = quote + 1
  for (let match = edge.exec(text); match !== null; match = edge.exec(text)) {
    if (match[0] === "'") return edge.lastIndex
    edge.lastIndex++
  }
  return text.length
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

function isWord(code: number): boolean {
  return (
    code >= 0x80 || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 36
  )
}

function orEnd(text: string, index: number): number {
  return index === -1 ? text.length : index
}
