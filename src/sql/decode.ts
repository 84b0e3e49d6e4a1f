import { isAscii, isUtf8 } from 'node:buffer'
import type { FileProblem } from './facts.ts'
import { placeAt } from './places.ts'

/** A text that PostgreSQL can be sent, and how many bytes it has in UTF-8. */
export interface Decoded {
  text: string
  bytes: number
}

/**
 * The text of a file, or why it cannot be one: NUL bytes, a byte order mark, UTF-16, bytes that are not UTF-8 (all FILE-INVALID).
 * PostgreSQL knows no NUL in text, and libpg-query stops silently at one; a byte order mark is a syntax error for every server.
 */
export function decode(input: string | Buffer): Decoded | FileProblem {
  if (typeof input === 'string') return checked({ text: input, bytes: Buffer.byteLength(input) })
  if (isAscii(input)) return checked({ text: input.toString('latin1'), bytes: input.length })
  if (startsWith(input, 0xff, 0xfe) || startsWith(input, 0xfe, 0xff)) return utf16()
  if (isUtf8(input)) return checked({ text: input.toString('utf8'), bytes: input.length })
  return notUtf8(input)
}

function checked(decoded: Decoded): Decoded | FileProblem {
  const { text } = decoded
  if (text.charCodeAt(0) === 0xfeff) {
    return {
      code: 'FILE-INVALID',
      message: 'the file begins with a byte order mark (bytes EF BB BF), which PostgreSQL refuses as a syntax error',
      hint: 'save it as UTF-8 without BOM',
      place: { line: 1, column: 1 },
    }
  }
  const nul = text.indexOf('\0')
  if (nul === -1) return decoded
  return {
    code: 'FILE-INVALID',
    message: `the file has a NUL byte at offset ${Buffer.byteLength(text.slice(0, nul))}, which PostgreSQL cannot take`,
    hint: 'remove the byte; if the file is UTF-16, save it as UTF-8',
    place: placeAt(text, nul),
  }
}

function utf16(): FileProblem {
  return {
    code: 'FILE-INVALID',
    message: 'the file is UTF-16, and PostgreSQL expects UTF-8',
    hint: 'save it as UTF-8 without BOM',
    place: { line: 1, column: 1 },
  }
}

function notUtf8(bytes: Buffer): FileProblem {
  const offset = firstBadByte(bytes)
  const before = bytes.subarray(0, offset).toString('utf8')
  const value = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0')
  return {
    code: 'FILE-INVALID',
    message: `the byte ${value} at offset ${offset} is not UTF-8; the file is probably Latin-1 or Windows-1252`,
    hint: 'save it as UTF-8, for instance: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW',
    place: placeAt(before, before.length),
  }
}

/** Goes from character to character; only those outside of ASCII need a look. */
function firstBadByte(bytes: Buffer): number {
  let offset = 0
  while (offset < bytes.length) {
    const next = offset + characterLength(bytes[offset] ?? 0)
    if (next > offset + 1 && (next > bytes.length || !isUtf8(bytes.subarray(offset, next)))) return offset
    offset = next
  }
  return offset
}

function characterLength(lead: number): number {
  if (lead < 0x80) return 1
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

function startsWith(bytes: Buffer, first: number, second: number): boolean {
  return bytes[0] === first && bytes[1] === second
}
