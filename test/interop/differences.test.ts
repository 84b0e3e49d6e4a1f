/** The rows of docs/reference/differences.md: each names a test, and those that no other test shows are here, with the real tool beside. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { sql } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { tool } from '../tools.ts'
import { command } from './command.ts'
import { golangMigrate, type Place, plain, type ToolInTests, typeorm } from './real-tools.ts'
import { tree } from './trees.ts'
import { againBody, ground } from './walks/bodies.ts'
import { policies } from './walks/world.ts'

const root = join(import.meta.dirname, '..', '..')

describe('docs/reference/differences.md', () => {
  const text = readFileSync(join(root, 'docs', 'reference', 'differences.md'), 'utf8')
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| tool |'))
  const shown = rows.map((row) => ({
    row,
    named: [...row.matchAll(/`(test\/\S+\.test\.ts)` › ([^|;]+)/g)].map(([, file, title]) => ({ file, title })),
  }))

  it.each(shown)('names a test: $row', ({ row, named }) => {
    expect(named.length, row).toBeGreaterThan(0)
    for (const { file = '', title = '' } of named) {
      expect(existsSync(join(root, file)), file).toBe(true)
      expect(readFileSync(join(root, file), 'utf8'), file).toContain(title.trim())
    }
  })
})

/** A service with the migrations 1, 2 and 4, policies as they are by default, and its database; root's table is there for indexes. */
async function service(name: ToolInTests, kind: (n: number) => number = () => 0) {
  const editions = new Map<number, number>()
  const made = tree(name, 0, [1, 2, 4], (n) => againBody(n, kind(n), editions.get(n) ?? 1))
  policies({ name, tree: made } as Parameters<typeof policies>[0])
  const { url } = await freshDatabase()
  await sql(url, ground)
  const at: Place = { folder: made.folder, service: made.service, url }
  const skein = async (code: number, ...words: string[]) => {
    const ran = await inProcess(made.root, words, { env: { PATH: process.env.PATH, DATABASE_URL: url } })
    expect({ words, code: ran.code, said: ran.stderr }).toEqual({ words, code, said: ran.stderr })
    return ran.stderr
  }
  const tables = async () =>
    (await sql<{ name: string }>(url, "select relname as name from pg_class where relkind = 'r' and relname ~ '^t[0-9]+$' order by 1")).map(
      (row) => row.name,
    )
  const edit = (n: number) => {
    editions.set(n, 2)
    made.rewrite(n)
  }
  return { made, at, skein, tables, edit }
}

it('golang-migrate: up N with fewer left is an error, Skein applies what is left', async () => {
  const s = await service('golang-migrate')
  await s.skein(0, 'up', '2')
  await expect(golangMigrate().up(s.at, 5)).rejects.toThrow('limit 4 short')
  await s.made.tool.down(s.at, 1)
  await s.skein(0, 'up', '5')
  expect(await s.tables()).toEqual(['t1', 't2', 't4'])
})

it('golang-migrate: a missing down moves the version and leaves the schema, Skein refuses it unless it is named', async () => {
  const s = await service('golang-migrate')
  rmSync(join(s.at.folder, '0004_step.down.sql'))
  await s.skein(0, 'up')
  expect(await s.skein(2, 'down', '1', '--yes')).toMatch(/^DOWN-MISSING: no down exists for app@4/)
  await s.made.tool.down(s.at, 1)
  expect(await s.tables()).toEqual(['t1', 't2', 't4'])
})

it('goose: after a late file it takes back what ran last, Skein the greatest version', async () => {
  const s = await service('goose')
  await s.skein(0, 'up')
  s.made.add(3)
  await s.made.tool.up(s.at)
  await s.made.tool.down(s.at, 1)
  expect(await s.tables()).toEqual(['t1', 't2', 't4'])
  await s.made.tool.up(s.at)
  await s.skein(0, 'down', '1', '--yes')
  expect(await s.tables()).toEqual(['t1', 't2', 't3'])
})

it('goose: without -allow-missing it stops at a late file, as Skein does', async () => {
  const s = await service('goose')
  await s.skein(0, 'up')
  s.made.add(3)
  const words = ['-dir', s.at.folder, 'postgres', plain(s.at.url), 'up']
  const { code, said } = await command(join(tool('goose'), 'goose'), words, { cwd: s.at.folder })
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('missing') })
  expect(await s.skein(7, 'up')).toMatch(/^OUT-OF-ORDER: /)
})

it.each(['diesel', 'dbmate', 'goose', 'typeorm'] as const)(
  'a late file: %s runs it wherever it stands, Skein asks',
  { timeout: 120_000 },
  async (name) => {
    const s = await service(name)
    await s.skein(0, 'up')
    s.made.add(3)
    expect(await s.skein(7, 'up')).toMatch(/^OUT-OF-ORDER: /)
    expect(await s.tables()).toEqual(['t1', 't2', 't4'])
    await s.made.tool.up(s.at)
    expect(await s.tables()).toEqual(['t1', 't2', 't3', 't4'])
    await s.skein(0, 'up')
  },
)

it.each(['golang-migrate', 'diesel', 'dbmate', 'goose', 'typeorm', 'alembic'] as const)(
  'an applied file that was edited: %s has nothing to say, Skein stops',
  { timeout: 120_000 },
  async (name) => {
    const s = await service(name)
    await s.skein(0, 'up')
    s.edit(2)
    await s.made.tool.up(s.at)
    expect(await s.skein(7, 'up')).toMatch(/^CHANGED: app: /)
    expect(await s.skein(0, 'redo', '2', '--yes')).not.toMatch(/CHANGED/)
    await s.skein(0, 'status', '--check')
  },
)

it('TypeORM: a revert puts a class that says transaction = false into one, Skein does not', { timeout: 120_000 }, async () => {
  const s = await service('typeorm', (n) => (n === 4 ? 1 : 0))
  await s.skein(0, 'up')
  await expect(typeorm().say(s.at, 'migration:revert')).rejects.toThrow('cannot run inside a transaction block')
  await s.skein(0, 'down', '1', '--yes')
  await s.skein(0, 'status')
})

it('TypeORM: after a late file it takes back the row with the greatest id, Skein the greatest timestamp', {
  timeout: 120_000,
}, async () => {
  const s = await service('typeorm')
  await s.skein(0, 'up')
  s.made.add(3)
  await s.made.tool.up(s.at)
  await s.made.tool.down(s.at, 1)
  expect(await s.tables()).toEqual(['t1', 't2', 't4'])
  await s.made.tool.up(s.at)
  await s.skein(0, 'down', '1', '--yes')
  expect(await s.tables()).toEqual(['t1', 't2', 't3'])
})

it('Alembic: downgrade -1 at a merge is ambiguous, Skein takes back the merge alone', { timeout: 120_000 }, async () => {
  const s = await service('alembic')
  const revision = (id: string, below: string) =>
    `from alembic import op\nrevision = '${id}'\ndown_revision = ${below}\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    op.execute('select 1')\n`
  // A second branch beside the last one, and what joins both.
  writeFileSync(join(s.at.folder, 'versions', 'b1.py'), revision('b1', "'a0002'"))
  writeFileSync(join(s.at.folder, 'versions', 'c1.py'), revision('c1', "('a0004', 'b1')"))
  await s.skein(0, 'up')
  await expect(s.made.tool.down(s.at, 1)).rejects.toThrow('Ambiguous walk')
  await s.skein(0, 'down', '1', '--yes')
  const rows = await sql<{ version_num: string }>(s.at.url, 'select version_num from alembic_version order by 1')
  expect(rows.map((row) => row.version_num)).toEqual(['a0004', 'b1'])
})
