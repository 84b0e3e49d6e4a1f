import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { skeinProgram } from '../under-test.ts'
import { folderOf, shopFiles, skein, sql } from './kit.ts'
import { onTerminal } from './terminal.ts'

describe('a question on a terminal', () => {
  it('Ctrl-C is an answer: exit 130, nothing was done, and no bug of ours; also where the terminal does not say how wide it is', async () => {
    const { url } = await freshDatabase()
    const env = { DATABASE_URL: url }
    const cwd = folderOf(shopFiles())
    expect(await skein(cwd, ['up'], { env })).toMatchObject({ code: 0 })
    const asked = await onTerminal([...skeinProgram, 'down'], {
      cwd,
      columns: 0,
      env: { ...env, NO_COLOR: '1' },
      typed: [['\\[y/N\\]', '\u0003']],
    })
    expect(asked).toMatchObject({ code: 130, raw: expect.stringContaining('INTERRUPTED: stopped at the question; nothing was done') })
    expect(asked.raw).toContain('1 step in 1 service, 1 database')
    expect(
      await sql(url, "select count(*)::int as n from information_schema.columns where table_name = 'items' and column_name = 'price'"),
    ).toEqual([{ n: 1 }])
  })
})
