import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { examples } from './examples.ts'

/** The SQL that the platforms' own guides print, in files named as the guides name them or as the example does. */
const printed = join(import.meta.dirname, '__fixtures__', 'printed')

describe('what the guides of the platforms print stands in the examples, word for word', () => {
  const files = readdirSync(printed, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(printed, path)).isFile())

  it.each(files.map((path) => relative('.', path)).sort())('%s', (path) => {
    expect(readFileSync(join(examples, path), 'utf8')).toContain(readFileSync(join(printed, path), 'utf8'))
  })

  it('all of it', () => {
    expect(files.length).toBe(21)
  })
})
