import { expect, it } from 'vitest'
import { parseDuration } from './duration.ts'

it.each([
  ['60s', 60_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['.5s', 500],
  ['250ms', 250],
  ['2us', 0.002],
  ['1µs', 0.001],
  ['0', 0],
  ['+3m', 180_000],
  ['1m0.5s', 60_500],
])('%s', (text, ms) => {
  expect(parseDuration(text)).toBeCloseTo(ms, 6)
})

it.each(['', '60', '-1s', '1d', 's', '1 s', '1s1', '.s', '1e3s', 'NaN'])('refuses %j', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})
