import { describe, expect, it } from 'vitest'
import { readCsv } from './read-csv.ts'

function rows(text: string): unknown[] {
  return readCsv(text, 'f.csv', 't').rows.map(({ line, values }) => [line, ...values.values()])
}

describe('CSV', () => {
  it.each([
    ['null and the empty text', 'a,b\n,""\n', [[2, null, '']]],
    [
      'quotes, commas and lines in a cell',
      'a,b\r\n"x,\n""y""",2\r\n3,4',
      [
        [2, 'x,\n"y"', '2'],
        [4, '3', '4'],
      ],
    ],
    ['blank lines', 'a\n\n1\n\n', [[3, '1']]],
    ['one column with an empty text', 'a\n""\n', [[2, '']]],
    ['no rows', 'a,b\n', []],
    ['a comma at the end of the file', 'a,b\n1,', [[2, '1', null]]],
  ])('%s', (_, text, expected) => {
    expect(rows(text)).toEqual(expected)
  })

  it('takes a cell of a megabyte', () => {
    const long = 'x""'.repeat(400_000)
    expect(rows(`a\n"${long}"\n`)).toEqual([[2, long.replaceAll('""', '"')]])
  })
})
