import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../../test/server.ts'
import { connect } from './connect.ts'
import { ident, literal, qualified } from './quote.ts'
import { resolveConnection } from './resolve-connection.ts'

describe('quote', () => {
  it('quotes names', () => {
    expect(ident('select')).toBe('"select"')
    expect(ident('a"b')).toBe('"a""b"')
    expect(qualified('My', 'x.y')).toBe('"My"."x.y"')
    expect(() => ident('')).toThrow(/empty/)
    expect(() => ident('a\0b')).toThrow(/NUL/)
  })

  it('quotes values, with E only for a backslash', () => {
    expect(literal("it's")).toBe("'it''s'")
    expect(literal("a\\b'")).toBe("E'a\\\\b'''")
    expect([literal(null), literal(true), literal(1.5), literal(9007199254740993n)]).toEqual(['null', 'true', '1.5', '9007199254740993'])
    expect(() => literal(Number.NaN)).toThrow(/NaN/)
    expect(() => literal('\0')).toThrow(/NUL/)
  })

  it('means the same to the server whatever standard_conforming_strings says', async () => {
    const database = await freshDatabase()
    const session = await connect(resolveConnection({ given: database.url, env: {} }))
    const texts = ["'", '\\', "\\'", '\\\\n', '$$', 'ü😀', '\n--x', "E'"]
    for (const setting of ['on', 'off']) {
      const [, result] = await session.simple(
        `set standard_conforming_strings = ${setting}; select ${texts.map((text, i) => `${literal(text)} as c${i}`).join(', ')}`,
      )
      expect(Object.values(result?.rows[0] ?? {})).toEqual(texts)
    }
    await session.simple(`create table ${ident('a"b$ü')} (${ident('select')} int)`)
    await session.end()
  })
})
