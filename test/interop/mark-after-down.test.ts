import { expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { sql } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { tree } from './trees.ts'

it.each(['dbmate', 'diesel', 'goose'] as const)(
  '%s took one back: what is marked then stands alone in the ledger, and Skein goes on',
  async (name) => {
    const made = tree(name, 3)
    const { url } = await freshDatabase()
    const skein = async (...words: string[]) => {
      const ran = await inProcess(made.root, words, { env: { DATABASE_URL: url } })
      expect({ words, code: ran.code, said: ran.stderr }).toEqual({ words, code: 0, said: ran.stderr })
    }
    await skein('up', '1')
    await made.tool.down({ folder: made.folder, service: made.service, url }, 1)
    await skein('mark', 'app', made.version(2), '--applied', '--because', 'it is there')
    const rows = await sql<{ version: string }>(url, 'select version from skein.applied where undone_at is null')
    expect(rows.map((row) => row.version)).toEqual([made.version(2)])
    await skein('force', 'app', 'none', '--yes')
    await skein('up', '1')
  },
)
