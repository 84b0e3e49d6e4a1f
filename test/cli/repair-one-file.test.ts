/** Where one file is both directions, the ledger keeps the applied part of it: what `restore` writes must be a file that the tool can read. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { inProcess } from './in-process.ts'
import { folderOf } from './kit.ts'

const texts = {
  goose: (type: string, table: string) =>
    `-- A note above.\n\n-- +goose Up\n-- +goose StatementBegin\ncreate table ${table} (id ${type});\n-- +goose StatementEnd\n\n-- +goose Down\ndrop table ${table};\n`,
  dbmate: (type: string, table: string) =>
    `-- A note above.\n\n-- migrate:up\ncreate table ${table} (id ${type});\n\n-- migrate:down\ndrop table ${table};\n`,
}
const tools = ['goose', 'dbmate'] as const

async function applied(tool: 'goose' | 'dbmate') {
  const text = texts[tool]
  const files = { 'migrations/20240101000001_a.sql': text('bigint', 'a'), 'migrations/20240101000002_b.sql': text('bigint', 'b') }
  const folder = folderOf({ 'skein.yaml': `services: { shop: { path: migrations, tool: ${tool} } }\n`, ...files })
  const { url } = await freshDatabase()
  const skein = async (code: number, ...words: string[]) => {
    const ran = await inProcess(folder, words, { env: { DATABASE_URL: url } })
    expect({ words, code: ran.code, said: ran.stderr }).toEqual({ words, code, said: ran.stderr })
  }
  await skein(0, 'up')
  return { skein, file: join(folder, 'migrations', '20240101000002_b.sql'), text }
}

const restore = ['repair', 'shop', '20240101000002', '--choose', 'restore', '--because', 'a slip']

it.each(tools)('%s: restore of a changed up leaves the rest of its file alone', async (tool) => {
  const { skein, file, text } = await applied(tool)
  writeFileSync(file, text('integer', 'b'))
  await skein(7, 'up')
  // The same words without a choice only look.
  await skein(7, 'repair', 'shop', '20240101000002')
  await skein(7, 'repair', 'shop@20240101000002')
  await skein(2, 'repair', 'shop', '20240101000001')
  await skein(0, ...restore)
  expect(readFileSync(file, 'utf8')).toBe(text('bigint', 'b'))
  await skein(0, 'status', '--check')
  await skein(0, 'redo', '1', '--yes')
})

it.each(tools)('%s: restore of a missing file writes both directions into it', async (tool) => {
  const { skein, file, text } = await applied(tool)
  rmSync(file)
  await skein(7, 'up')
  await skein(0, ...restore)
  // Of what stands above the first direction the ledger keeps the place, not the words.
  expect(readFileSync(file, 'utf8')).toBe(text('bigint', 'b').replace('-- A note above.', ''))
  await skein(0, 'status', '--check')
  await skein(0, 'redo', '1', '--yes')
})
