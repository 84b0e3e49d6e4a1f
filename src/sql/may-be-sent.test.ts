import { beforeAll, describe, expect, it } from 'vitest'
import { analyse, loadParser } from './front.ts'
import { mayBeSent } from './may-be-sent.ts'

describe('mayBeSent', () => {
  beforeAll(loadParser)

  it.each([
    ['create tabel t ()', 180_004, false],
    ['create tabel t ()', 190_000, true],
    ['repack (concurrently) t', 190_001, true],
    ['\\connect other', 190_000, false],
    ["select 'never ended", 190_000, false],
    ['select 1\0; drop table t', 190_000, false],
    ['copy t from stdin;\n1\ta\n\\.\n', 190_000, false],
  ])('%j on %d: %s', (text, version, expected) => {
    const { error } = analyse(Buffer.from(text))
    expect(error).toBeDefined()
    if (error !== undefined) expect(mayBeSent(error, version)).toBe(expected)
  })
})
