import { beforeAll, describe, expect, it } from 'vitest'
import { foldFunctions } from './fold-functions.ts'
import { loadPython } from './python.ts'
import { readModule } from './read-module.ts'

/** Bodies that do nothing, and bodies that do something. */
const idle = [
  'pass',
  '...',
  '"""doc"""',
  'r"doc"\n    pass',
  "'''two\nlines'''\n    # a comment (\n    return None",
  'return',
  '# first\n\n    pass; ...',
]
const busy = [
  'op.f()',
  '"""doc"""\n    op.f()',
  'raise Never',
  'return 1',
  'x',
  'if y: pass',
  'f"{op.f()}"',
  'pass\n    yield',
  '(op)',
  '"a" % b',
  '-1',
]

describe('a Python file', () => {
  beforeAll(loadPython)

  it.each([...idle.map((body) => [body, true] as const), ...busy.map((body) => [body, false] as const)])(
    'does %j nothing? %s',
    (body, hollow) => {
      const text = `def downgrade(a=(1, lambda: 2)) -> "x: y":\n    ${body}\n\n\nafter = 'a'\n`
      for (const newline of ['\n', '\r\n']) {
        const written = text.replaceAll('\n', newline)
        for (const bodies of [true, false]) {
          expect(readModule(written, { bodies }).bindings.get('downgrade'), `${bodies}`).toEqual({ kind: 'function', hollow })
          expect(readModule(written, { bodies }).bindings.get('after')).toEqual({ kind: 'literal', value: 'a' })
        }
      }
    },
  )

  it('keeps every place when it folds', () => {
    const text =
      '#!/usr/bin/python\nx = """\ndef no():\n    body\n"""\nasync def f(\n    a,\n):\n\n    # why\n    await g("\\"", \'\\\\\')\ndef one(): return 1\ny = [\ndef_ ,\n]\n'
    const { text: folded, hollow } = foldFunctions(text)
    expect(folded).toHaveLength(text.length)
    expect(folded.split('\n').map((line) => line.trimEnd())).toEqual(
      text.split('\n').map((line) => (line.includes('await') ? '    0' : line)),
    )
    expect([...hollow]).toEqual([['f', false]])
  })

  it.each(['x = """\n', "x = 'a\ndef f():\n    pass\n", 'x = (\n', '', '# nothing\n'])('leaves %j as it is', (text) => {
    expect(foldFunctions(text).text).toBe(text)
  })

  it.each([
    ['a = "x" \'y\' r"\\n"', 'xy\\n'],
    ['a = "\\x41\\u00e9\\101\\q\\\n"', 'Aé' + 'A\\q'],
    ['a = b = ("x",)', ['x']],
    ['a: "t" = ["x", "y",]', ['x', 'y']],
    ['a = "x", "y"', ['x', 'y']],
    ['a = ()', []],
    ['a = (("x"))', 'x'],
    ['a = None', null],
    ['b = 1; a = "x"', 'x'],
  ])('reads %s', (text, value) => {
    expect(readModule(`${text}\n`).bindings.get('a')).toEqual({ kind: 'literal', value })
  })

  it.each([
    'a = b"x"',
    'a = f"x"',
    'a = "\\N{DASH}"',
    'a = "x" + "y"',
    'a = x',
    'a, b = "x", "y"',
    'from m import x as a',
    'if x:\n  a = "y"',
    'a = "x"\na += "y"',
    'for a in b: pass',
    'with b as a: pass',
    'try:\n  import a\nexcept E: pass',
    'a = "x"\ndel a',
  ])('takes %j for computed', (text) => {
    expect(readModule(`${text}\n`).bindings.get('a')).toEqual({ kind: 'computed' })
  })

  it('knows its docstring, and imports of everything', () => {
    expect(readModule('# first\n"""doc\n"""\n').docstring).toBe('doc\n')
    expect(readModule('x = 1\n"""no doc"""\n').docstring).toBeUndefined()
    expect(readModule('from m import *\n').importsAll).toBe(true)
  })
})
