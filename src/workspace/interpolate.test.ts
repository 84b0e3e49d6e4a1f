import { describe, expect, it } from 'vitest'
import { hasVariables, interpolate } from './interpolate.ts'

const env = { A: 'one', EMPTY: '', TRICKY: '${A} $& }', _x1: 'x' }

describe('interpolate', () => {
  it.each([
    ['plain $ and $A and {}', 'plain $ and $A and {}'],
    ['${A}-${_x1}', 'one-x'],
    ['[${EMPTY}]', '[]'],
    ['${NONE:-embedded:name}', 'embedded:name'],
    ['${EMPTY:-default}', 'default'],
    ['${A:-default}', 'one'],
    ['${NONE:-}', ''],
    ['${NONE:-${A}}/${NONE:-${NOPE:-deep}}', 'one/deep'],
    ['${A:-${NONE}}', 'one'],
    ['$${A} $$${A}', '${A} $${A}'],
    ['${TRICKY}', '${A} $& }'],
    ['postgres://u:${A}@h/${NONE:-d}?x=1', 'postgres://u:one@h/d?x=1'],
  ])('%s', (text, expected) => {
    expect(interpolate(text, env)).toMatchObject({ text: expected })
  })

  it('names the variable that is not set', () => {
    expect(interpolate('${A}${NONE}', env)).toEqual({ problem: 'unset', variable: 'NONE' })
    expect(interpolate('${NONE:-${OTHER}}', env)).toEqual({ problem: 'unset', variable: 'OTHER' })
    expect(interpolate('${constructor}', {})).toEqual({ problem: 'unset', variable: 'constructor' })
  })

  it.each(['${A', '${}', '${1A}', '${A-default}', '${A:=x}', '${ A }', '${NONE:-${A}', 'x${'])('refuses %s', (text) => {
    expect(interpolate(text, env)).toMatchObject({ problem: 'malformed' })
  })

  it('says which variables were used', () => {
    expect(interpolate('${A}${NONE:-${_x1}}', env)).toMatchObject({ variables: ['A', 'NONE', '_x1'] })
    expect([hasVariables('${A}'), hasVariables('$${A}'), hasVariables('$A')]).toEqual([true, false, false])
  })
})
