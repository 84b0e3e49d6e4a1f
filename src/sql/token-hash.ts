import { createHash } from 'node:crypto'
import type { ScanToken } from 'libpg-query'
import { scanAsideBlocking } from './parse-aside.ts'
import { scanHere } from './parser.ts'

/**
 * SHA-256 over what a text says rather than how it looks: line ends, a byte order mark, blanks, comments and the letter case outside of quotes
 * make no difference; directives in comments do. A text that PostgreSQL's lexer cannot read to its end is hashed as it is, but for line
 * ends and byte order mark. {@link loadParser} must have been awaited. Half a second for a megabyte: for files whose raw hashes differ.
 */
export function tokenHash(text: string): string {
  const plain = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  const tokens = tokensOf(plain)
  const hash = createHash('sha256')
  if (tokens === null) return hash.update('text\0').update(plain).digest('hex')
  const bytes = Buffer.from(plain)
  hash.update('tokens\0')
  for (const token of tokens) {
    const said = meaning(token, bytes)
    // Tokens cannot contain NUL, so that no two lists of tokens are hashed alike.
    if (said !== undefined) hash.update(said).update('\0')
  }
  return hash.digest('hex')
}

function tokensOf(text: string): ScanToken[] | null {
  if (text.includes('\0')) return null
  if (text === '') return []
  const tokens = scanHere(text)
  return tokens === undefined ? scanAsideBlocking(text) : tokens
}

function meaning(token: ScanToken, bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8', token.start, token.end)
  if (token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT') return directive.test(text) ? text.trimEnd() : undefined
  return /['"]|^\$\D/.test(text) ? text : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** What goose, dbmate, graphile-migrate and Skein read in comments. */
const directive = /^--(?:\s*\+goose|\s*migrate:|!\s|\s*skein:)/i
