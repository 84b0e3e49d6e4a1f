import { describe, expect, it } from 'vitest'
import { columns } from './columns.ts'

describe('columns', () => {
  it('aligns plain cells, two blanks apart, without blanks at the end', () => {
    expect(
      columns(
        [
          ['a', 'bb', 'c'],
          ['aaa', 'b', ''],
        ],
        '  ',
      ),
    ).toBe('  a    bb  c\n  aaa  b')
  })

  it('does not count colours', () => {
    expect(
      columns([
        ['\u001b[1ma\u001b[22m', 'x'],
        ['aaa', 'y'],
      ]),
    ).toBe('\u001b[1ma\u001b[22m    x\naaa  y')
  })

  it('counts wide characters as a terminal shows them', () => {
    expect(
      columns([
        ['日本', 'x'],
        ['a', 'y'],
      ]).split('\n'),
    ).toEqual(['日本  x', 'a     y'])
  })

  it('is nothing for no rows', () => {
    expect(columns([])).toBe('')
  })
})
