import { describe, expect, it } from 'vitest'
import { nextNumber, stampAfter } from './next-version.ts'

const moment = new Date('2025-03-04T05:06:07.800Z')

describe('nextNumber', () => {
  it.each([
    [[], 6, '000001'],
    [[], 'stamp', '20250304050607'],
    [['001', '010', '002'], 3, '011'],
    [['000008', '9'], 6, '10'],
    [['999'], 3, '1000'],
    [['000'], 3, '001'],
    [['1', '20240101120000'], 6, '20250304050607'],
    [['20250304050607'], 6, '20250304050608'],
    [['20251231235959'], 6, '20260101000000'],
    [['20259999999999'], 6, '20260000000000'],
    [['1700000000'], 6, '1741064767'],
    [['1999999999'], 6, '2000000000'],
    [['20240101'], 6, '20250304'],
    [['20250304'], 6, '20250305'],
    [['9223372036854775806'], 6, '9223372036854775807'],
  ] as const)('%j from %s: %s', (taken, firstNumber, next) => {
    expect(nextNumber(taken, moment, firstNumber)).toBe(next)
  })
})

it('a stamp is behind the greatest, and a time where that one is', () => {
  expect(stampAfter('', moment)).toBe('20250304050607')
  expect(stampAfter('20280228235959', moment)).toBe('20280229000000')
})
