/** Line and column (1-based, columns in characters) of a UTF-16 index in a text. Lines end with a line feed. */
export function placeInText(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index)
  const lineStart = before.lastIndexOf('\n') + 1
  let line = 1
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line++
  return { line, column: Array.from(before.slice(lineStart)).length + 1 }
}
