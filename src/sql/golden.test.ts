import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { analyse, loadParser } from './front.ts'

const folder = join(import.meta.dirname, '__fixtures__')
const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))

beforeAll(loadParser)

/**
 * Each `x.sql` beside the `x.json` that says how it is understood; statements as [index, place, first line, facts]. After a deliberate change, write
 * them anew with `npx vitest run src/sql/golden.test.ts -u` and read the difference.
 */
describe('what files say', () => {
  it.each(names)('%s', async (name) => {
    const bytes = readFileSync(join(folder, name))
    const text = bytes.toString()
    const { statements, ...file } = analyse(bytes)
    const told = statements.map(({ index, start, end, line, column, ...facts }) => [
      index,
      `${line}:${column}`,
      firstLine(text.slice(start, end)),
      facts,
    ])
    const lines = told.map((statement) => `    ${JSON.stringify(statement)}`).join(',\n')
    const json = `${JSON.stringify(file, null, 2).slice(0, -2)},\n  "statements": [\n${lines}\n  ]\n}\n`
    await expect(json).toMatchFileSnapshot(join(folder, name.replace(/sql$/, 'json')))
  })
})

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.length > 50 ? `${line.slice(0, 50)}…` : line
}
