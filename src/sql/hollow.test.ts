import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { analyse, loadParser } from './front.ts'
import { isHollow } from './hollow.ts'

describe('isHollow', () => {
  beforeAll(loadParser)

  it.each(['', ' \n\t', '-- nothing', '-- a\r\n-- b', '/* a /* nested */ b */', ';;;', ' ; -- end', '/**/'])(
    'takes %j for hollow',
    (text) => {
      expect(isHollow(text)).toBe(true)
    },
  )

  it.each(['select 1', '-- a\nselect 1', '/* a */ drop table t; ', "'--'", '/* never ended', '/* a */ */', '-', '/'])(
    'does not take %j for hollow',
    (text) => {
      expect(isHollow(text)).toBe(false)
    },
  )

  it('agrees with the parser', () => {
    const piece = fc.constantFrom(' ', '\n', ';', '--', '/*', '*/', 'select 1', '-- x\n', '/* y */', 'drop table t')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('')
        expect(isHollow(text)).toBe(analyse(text).shape === 'hollow')
      }),
      { numRuns: 2_000 },
    )
  })
})
