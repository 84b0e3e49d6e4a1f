import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance, nearest } from './nearest.ts'

describe('nearest', () => {
  it.each([
    ['tennant', 'tenant'],
    ['tenatn', 'tenant'],
    ['CORE', 'core'],
    ['xyz', undefined],
    ['', undefined],
  ])('%s means %s', (word, meant) => {
    expect(nearest(word, ['core', 'tenant', 'auth', 'reporting'])).toBe(meant)
  })

  it('takes the nearest, and of equally near ones the first by name', () => {
    expect(nearest('usr', ['ust', 'use', 'user'])).toBe('use')
    expect(nearest('billingg', ['billings', 'billing'])).toBe('billing')
  })

  it('ends a sentence', () => {
    expect(didYouMean('tenat', ['tenant'])).toBe(' (did you mean tenant?)')
    expect(didYouMean('tenat', [])).toBe('')
  })
})

it.each([
  ['', '', 0],
  ['a', '', 1],
  ['abcd', 'acbd', 1],
  ['kitten', 'sitting', 3],
])('from %s to %s are %i edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits)
  expect(editDistance(b, a)).toBe(edits)
})
