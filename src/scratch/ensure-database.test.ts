import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { connect, server } from '../../test/server.ts'
import { ensureDatabase } from './ensure-database.ts'

it.each(['plain_name', 'My "own" data; drop table x', 'ünïcode @ & 100% + 1, a=b$:'])(
  'creates %s once and makes it reachable',
  async (name) => {
    const on = await server()
    expect(await ensureDatabase(on, name)).toBe(true)
    expect(await ensureDatabase(on, name)).toBe(false)
    const client = await connect(on.url(name))
    expect((await client.query('select current_database() as name')).rows).toEqual([{ name }])
    await client.end()
  },
)

it('is reachable for psql by its URL, whatever its name', async (test) => {
  if (spawnSync('psql', ['--version']).status !== 0) return test.skip('psql is not installed')
  const [on, name] = [await server(), 'a/b?c#d @ & 100% + 1, a=b$:;']
  await ensureDatabase(on, name)
  const { stdout } = spawnSync('psql', ['-XAtw', on.url(name), '-c', 'select current_database()'], { encoding: 'utf8' })
  expect(stdout).toBe(`${name}\n`)
})

it('creates it once when many want it at the same time', async () => {
  const on = await server()
  const made = await Promise.all(Array.from({ length: 10 }, () => ensureDatabase(on, 'wanted_by_many')))
  expect(made.filter(Boolean)).toHaveLength(1)
})

it.each(['', 'x'.repeat(64), 'ü'.repeat(32)])('refuses the name "%s"', async (name) => {
  await expect(ensureDatabase(await server(), name)).rejects.toMatchObject({ code: 'EMBEDDED-FAILED' })
})
