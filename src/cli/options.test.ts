import { describe, expect, it } from 'vitest'
import { countedWords, milliseconds, runRequestOf, versionWords } from './options.ts'

describe('words after the verb', () => {
  it('a number may stand anywhere', () => {
    expect(countedWords(['a', 'b/*', '2'])).toEqual({ services: ['a', 'b/*'], count: 2 })
    expect(countedWords(['2', 'a'])).toEqual({ services: ['a'], count: 2 })
    expect(countedWords([])).toEqual({ services: [], count: undefined })
    expect(() => countedWords(['1', '2'])).toThrow('one number at most')
    expect(() => countedWords(['0'])).toThrow('0 is no number above zero')
    expect(() => countedWords(['003_x'])).toThrow('003_x is no number above zero')
  })

  it('a service and a version, either way round, or a version alone', () => {
    expect(versionWords(['a', '3'], 'goto')).toEqual({ services: ['a'], version: '3' })
    expect(versionWords(['3', 'a'], 'goto')).toEqual({ services: ['a'], version: '3' })
    expect(versionWords(['3'], 'goto')).toEqual({ services: [], version: '3' })
    expect(versionWords(['a', 'none'], 'goto')).toEqual({ services: ['a'], version: null })
    expect(() => versionWords(['a', 'b', '3'], 'goto')).toThrow('goto needs a service and a version')
  })
})

describe('durations', () => {
  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
  ])('%s', (text, ms) => expect(milliseconds(text)).toBe(ms))
  it.each(['', 'x', '0', '-5s', '5 parsecs'])('%j is none', (text) => expect(() => milliseconds(text)).toThrow('no duration'))

  it('--timeout wins over MIGRATION_TIMEOUT, and a bad one is named', () => {
    expect(runRequestOf({ timeout: 5 }, [], { MIGRATION_TIMEOUT: '60s' }).timeoutMs).toBe(5)
    expect(runRequestOf({}, [], { MIGRATION_TIMEOUT: '60s' }).timeoutMs).toBe(60_000)
    expect(runRequestOf({}, [], { MIGRATION_TIMEOUT: '' }).timeoutMs).toBeUndefined()
    expect(() => runRequestOf({}, [], { MIGRATION_TIMEOUT: 'soon' })).toThrow('MIGRATION_TIMEOUT: soon is no duration')
  })
})
