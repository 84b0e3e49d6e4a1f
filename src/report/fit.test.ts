import { describe, expect, it } from 'vitest'
import { columnLines } from './columns.ts'
import { cut, shownWidth, wrap, wrapLines } from './fit.ts'

const dim = (text: string) => `\u001b[2m${text}\u001b[22m`

describe('what fits a terminal', () => {
  it('cut: what is too long ends in …, and its colour still ends', () => {
    expect(cut('migration', 9)).toBe('migration')
    expect(cut('migration', 6)).toBe('migra…')
    expect(cut(`a ${dim('migration')} more`, 6)).toBe(`a ${dim('mig…')}`)
    expect(shownWidth(cut(dim('migration'), 4))).toBe(4)
  })

  it('wrap: at blanks; a longer word stays whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrap('a 20240101000000_create_users b', 10)).toEqual(['a', '20240101000000_create_users', 'b'])
  })

  it('wrapLines: goes on two places further in, and leaves alone what fits', () => {
    expect(wrapLines('short\n  next: say it in skein.yaml\n', 16)).toBe('short\n  next: say it\n    in\n    skein.yaml\n')
    expect(wrapLines(dim('note: all of it'), 9)).toBe(dim('note:\n  all of\n  it'))
  })

  it('columnLines: the last column is broken or cut, others are cut where that is not enough; empty ones take no place', () => {
    const rows = [
      ['shop', '', 'needs core, tenant and wallet'],
      ['a', '', 'x'],
    ]
    expect(columnLines(rows, '', 28)).toEqual(['shop  needs core, tenant and\n      wallet', 'a     x'])
    expect(columnLines(rows, '', 28, 'cut')).toEqual(['shop  needs core, tenant an…', 'a     x'])
    expect(columnLines(rows)).toEqual(['shop  needs core, tenant and wallet', 'a     x'])
    const wide = [['a-service-of-a-very-long-name', 'more words than there is place for']]
    expect(columnLines(wide, '', 40)).toEqual(['a-service-of-a-ve…  more words than\n                    there is place for'])
  })
})
