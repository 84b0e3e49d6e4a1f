import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/**
 * Gives each line of a stream, without its end, as soon as it is whole; what comes after the last line end is given when the stream ends.
 * A carriage return before the line end is left out; a line that grows beyond `longest` characters is given in pieces. Errors of the stream
 * end it: whoever writes at the other side is gone.
 */
export function readLines(stream: Readable, onLine: (line: string) => void, longest = Infinity): void {
  const decoder = new StringDecoder('utf8')
  let parts: string[] = []
  let length = 0
  const give = (line: string) => onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
  stream.on('data', (chunk: Buffer) => {
    const [first = '', ...more] = decoder.write(chunk).split('\n')
    parts.push(first)
    for (const next of more) {
      give(parts.join(''))
      parts = [next]
      length = 0
    }
    length += parts.at(-1)?.length ?? 0
    if (length < longest) return
    give(parts.join(''))
    parts = []
    length = 0
  })
  stream.on('end', () => {
    const rest = parts.join('') + decoder.end()
    if (rest !== '') give(rest)
  })
  stream.on('error', () => {})
}
