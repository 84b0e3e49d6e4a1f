import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { program, run } from '../../test/other-process.ts'
import { connect, freshDatabase, runFolder } from '../../test/server.ts'
import { withScratchServer } from './scratch-server.ts'

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = await connect(url)
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

const folders = (base: string) => readdirSync(base).filter((name) => name.includes('-scratch-'))

describe('a scratch server', () => {
  it('is started for the work, has roles and empty databases, and is gone after it, also when the work fails', async () => {
    const base = runFolder()
    const seen: string[] = []
    const work = withScratchServer({ base, roles: ['app "owner"', 'app "owner"'] }, async (server) => {
      const [first, second] = [await server.database(), await server.database()]
      expect(first).not.toBe(second)
      await ask(first, 'set role "app ""owner"""; create table made (id int)')
      expect(await ask(second, "select to_regclass('made') as made")).toEqual([{ made: null }])
      seen.push(first, ...folders(base))
      throw new Error('the work fails')
    })
    await expect(work).rejects.toThrow('the work fails')
    expect(seen).toHaveLength(2)
    expect(folders(base)).toEqual([])
    await expect(connect(seen[0] ?? '')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('of a process that was killed is removed by the next one', async () => {
    const base = runFolder()
    const path = await program(`
      import { withScratchServer } from './src/scratch/scratch-server.ts'
      await withScratchServer({ base: ${JSON.stringify(base)} }, async (server) => {
        await server.database()
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => setInterval(() => {}, 1000))
      })`)
    expect(await run(path)).toMatchObject({ code: null, stderr: '' })
    const [left] = folders(base)
    expect(left).toBeDefined()
    await withScratchServer({ base }, async () => {
      expect(folders(base)).toHaveLength(1)
      expect(folders(base)).not.toContain(left)
    })
    expect(folders(base)).toEqual([])
  })

  it('that was given lends databases and keeps none', async () => {
    const { server, url } = await freshDatabase()
    const made = await withScratchServer({ server: url }, (lent) => lent.database())
    const name = new URL(made).pathname.slice(1)
    expect(name).toMatch(/^skein_scratch_[0-9a-f]{12}$/)
    expect(await ask(server.url(), `select 1 from pg_database where datname = '${name}'`)).toEqual([])
  })

  it('that was given and cannot be used says why, without its password', async () => {
    const of = (server: string) => withScratchServer({ server }, (lent) => lent.database()).catch((error: unknown) => error)
    expect(await of('host=localhost password=secret')).toMatchObject({
      code: 'URL-INVALID',
      message: expect.not.stringContaining('secret'),
    })
    const refused = await of('postgres://nobody:secret@127.0.0.1:1/x')
    expect(refused).toMatchObject({ exit: 3, message: expect.not.stringContaining('secret') })
  })
})
