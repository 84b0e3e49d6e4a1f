import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { chunks } from './chunks.ts'
import { analyse, loadParser } from './front.ts'
import { locate } from './locate.ts'
import { parseHere } from './parser.ts'

beforeAll(loadParser)

const statements = [
  'select 1',
  'insert into "été" values (\'😀; -- no\')',
  'create function f() returns void language plpgsql as $é$ begin perform 1; end; $é$',
  'create function g() returns int language sql begin atomic select 1; select 2; end',
  "select E'it\\'s;', U&'\\0041;', 'a''b;', a$b, $1$2 from t",
  'create rule r as on insert to t do also (notify a; notify b)',
  'select /* ; /* ; */ */ 2',
]
const between = [';', ' ;\r\n', ';\n-- 😀 a comment; with semicolons\n', ';/* $$ ; */\t', ";\n\n;;\n-- it's"]

const files = fc.array(fc.tuple(fc.constantFrom(...statements), fc.constantFrom(...between)), { maxLength: 12 })
const valid = files.map((parts) =>
  parts.map(([statement, end]) => [statement.replace(', a$b, $1$2', ''), end.endsWith("it's") ? `${end}\n` : end] as const),
)

describe('places of statements', () => {
  it('are those of the text, whatever stands between', () => {
    fc.assert(
      fc.property(valid, (parts) => {
        const text = parts.flat().join('')
        const facts = analyse(text)
        expect(facts.statements.map(({ start, end }) => text.slice(start, end))).toEqual(parts.map(([statement]) => statement))
        for (const { start, line, column } of facts.statements) {
          const lines = text.slice(0, start).split('\n')
          expect([line, column]).toEqual([lines.length, Array.from(lines.at(-1) ?? '').length + 1])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('are the same piece by piece', () => {
    fc.assert(
      fc.property(valid, fc.integer({ min: 1, max: 200 }), (parts, size) => {
        const text = parts.flat().join('')
        const pieces = chunks(text, size)
        expect(pieces.join('')).toBe(text)
        const located = locate(text, undefined)
        for (const piece of pieces) {
          const parsed = piece === '' ? { statements: [] } : parseHere(piece)
          // A cut inside BEGIN ATOMIC or CREATE RULE shows by itself: then nobody goes on.
          if (parsed === undefined || !('statements' in parsed)) return
          located.add(piece, parsed.statements)
        }
        expect(located.statements).toEqual(analyse(text).statements)
      }),
      { numRuns: 300 },
    )
  })
})
