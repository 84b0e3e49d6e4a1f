import { extname } from 'node:path'
import { readCsv } from './read-csv.ts'
import { readTree } from './read-tree.ts'
import { invalid, readText, type SeedFile } from './seed-file.ts'

/** What a file of seeds may end with. */
export const seedEndings = ['.sql', '.csv', '.json', '.yaml', '.yml'] as const

/** A file of seeds: SQL as it is, rows split. `NNN_` before the name of the table only orders. Throws SEED-INVALID, SOURCE-UNREADABLE. */
export function readSeed({ path, file, name }: { path: string; file: string; name: string }): SeedFile {
  const { text, hash } = readText(path, file)
  const ending = extname(name)
  const base = (name.split('/').at(-1) as string).slice(0, -ending.length)
  const table = base.replace(/^\d+_/, '')
  if (ending === '.sql') return { file, name, hash, sql: text, parts: [] }
  const parts = ending === '.csv' ? [readCsv(text, file, table)] : readTree(text, file, table, ending === '.json')
  for (const part of parts) refuseTwice(part.file, part.rows, part.key, part.table)
  return { file, name, hash, parts }
}

function refuseTwice(file: string, rows: SeedFile['parts'][number]['rows'], key: readonly string[] | undefined, table: string): void {
  if (key === undefined) return
  for (const row of rows)
    for (const column of key)
      if (!row.values.has(column)) throw invalid({ file, line: row.line }, `a row of ${table} lacks ${column}, which is of the key`)
}
