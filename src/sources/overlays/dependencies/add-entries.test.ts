import fc from 'fast-check'
import { parse } from 'jsonc-parser'
import { describe, expect, it } from 'vitest'
import { addEntries, emptyDependencies } from './add-entries.ts'

const order = ['1', '2', '3', '4']
const add = (text: string, ...keys: string[]) =>
  addEntries(
    'dependencies.json',
    text,
    keys.map((key) => ({ key, entry: { depends_on: ['x', 'y'], rollback_safe: true } })),
    order.map((key) => `m${key}`),
  )
const spelled = '{\n      "depends_on": ["x", "y"],\n      "rollback_safe": true\n    }'

describe('addEntries', () => {
  it('fills a new file in the order of the tool', () => {
    expect(add(emptyDependencies, 'm1', 'm2')).toBe(`{\n  "migrations": {\n    "m1": ${spelled},\n    "m2": ${spelled}\n  }\n}\n`)
  })

  it('puts each behind its neighbour, before the first, and between', () => {
    const text = '{\n  "migrations": {\n    "m2": {},\n    "m3": {}\n  }\n}\n'
    expect(add(text, 'm1', 'm4')).toBe(
      `{\n  "migrations": {\n    "m1": ${spelled},\n    "m2": {},\n    "m3": {},\n    "m4": ${spelled}\n  }\n}\n`,
    )
    expect(add('{\n  "migrations": {\n    "m1": {}, // one\n    "m3": {}\n  }\n}', 'm2')).toBe(
      `{\n  "migrations": {\n    "m1": {}, // one\n    "m2": ${spelled},\n    "m3": {}\n  }\n}`,
    )
  })

  it('writes as the file does: tabs, one line, lists over several lines', () => {
    expect(add('{\n\t"migrations": {\n\t\t"m1": {}\n\t}\n}', 'm2')).toContain('\n\t\t"m2": {\n\t\t\t"depends_on": ["x", "y"],\n')
    expect(add('{"migrations":{"m1":{}}}', 'm2')).toBe('{"migrations":{"m1":{},"m2":{"depends_on":["x","y"],"rollback_safe":true}}}')
    expect(add('{"migrations":{}}', 'm2')).toBe('{"migrations":{"m2":{"depends_on":["x","y"],"rollback_safe":true}}}')
    expect(add('{\n "migrations": {\n  "m1": {\n   "a": [\n    "b"\n   ]\n  }\n }\n}', 'm2')).toContain(
      '\n   "depends_on": [\n    "x",\n    "y"\n   ],\n',
    )
  })

  it('makes "migrations" where it is missing, and gives up on what cannot be parsed', () => {
    expect(parse(add('{\n  "global_config": {"a": 1}\n}\n', 'm1') ?? '')).toEqual({
      global_config: { a: 1 },
      migrations: { m1: { depends_on: ['x', 'y'], rollback_safe: true } },
    })
    expect([add('{', 'm1'), add('[]', 'm1'), add('{"migrations": []}', 'm1')]).toEqual([undefined, undefined, undefined])
  })

  it('loses nothing, whatever stood there', () => {
    const value = fc.jsonValue({ maxDepth: 2 })
    const migrations = fc.dictionary(fc.constantFrom('m1', 'm3', 'x', 'y/*z', '// q'), value)
    fc.assert(
      fc.property(
        fc.record({ migrations, global_config: value }),
        fc.constantFrom('', 1, 2, '\t'),
        fc.boolean(),
        (before, indent, crlf) => {
          const text = JSON.stringify(before, null, indent)
          const after = add(crlf ? text.replaceAll('\n', '\r\n') : text, 'm2', 'm4') ?? ''
          const entry = { depends_on: ['x', 'y'], rollback_safe: true }
          const same = JSON.parse(text) as typeof before
          expect(JSON.parse(after)).toEqual({ ...same, migrations: { ...same.migrations, m2: entry, m4: entry } })
        },
      ),
    )
  })
})
