/** docs/reference/promises.md: every row names a test that is there, and every command of the guides has a row. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs/reference/promises.md'), 'utf8')
const commands = readFileSync(join(import.meta.dirname, '__fixtures__', 'commands.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))

interface Row {
  promise: string
  shown: string
}

const rows: Row[] = [...page.matchAll(/^\| (.+) \| (.+) \|$/gm)].flatMap(([, promise = '', shown = '']) =>
  promise === 'the guide' ? [] : [{ promise, shown: shown.replaceAll('\\\\', '\\') }],
)

describe('docs/reference/promises.md', () => {
  it('has rows for all five platforms', () => {
    expect(page.match(/^## /gm)).toHaveLength(5)
    expect(rows.length).toBeGreaterThan(120)
  })

  it.each(rows)('$promise', ({ shown }) => {
    if (shown.startsWith('Left to you')) return
    if (/^Not yet: \S/.test(shown)) return
    const named = shown.split('; `').map((one) => /^`?([^`]+)` › (.+)$/.exec(one))
    for (const one of named) {
      expect(one, `no test is named: ${shown}`).not.toBeNull()
      const [, file, title] = one as RegExpExecArray as unknown as [string, string, string]
      expect(existsSync(join(root, file)), `${file} is gone`).toBe(true)
      expect(titlesOf(file).join('\n'), `${file} has no such test`).toContain(title)
    }
  })

  it('names every command of the guides', () => {
    const missing = commands.filter((line) => !page.includes(line))
    expect(missing).toEqual([])
  })
})

/** What stands behind `it(`, `test(`, `describe(` and behind the lists of `each`, as written; the name of a variable stays as it is. */
function titlesOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const title = /(?:\b(?:it|test|describe)\b[^\n'"`]*?\(|\]\)\()\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g
  return [...text.matchAll(title)].map(([, , words = '']) => words.replaceAll(/\\(.)/g, '$1'))
}
