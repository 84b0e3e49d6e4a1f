/**
 * The words of a line of bash as far as it is typed; the last is the one at the cursor, empty behind a blank. Quotes and backslashes are taken off; what
 * else a shell would do (variables, globs) is left alone. Behind `;`, `|` or `&` a new command begins.
 */
export function splitLine(line: string): string[] {
  let words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] as string
    if (quote !== undefined) {
      if (letter === quote) quote = undefined
      else word = `${word ?? ''}${letter === '\\' && quote === '"' ? (line[++at] ?? '') : letter}`
    } else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
    } else if (letter === '\\') word = `${word ?? ''}${line[++at] ?? ''}`
    else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (/[;|&]/.test(letter)) [words, word] = [[], undefined]
    else word = `${word ?? ''}${letter}`
  }
  return [...words, word ?? '']
}
