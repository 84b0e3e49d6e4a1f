/** The database is ahead of the checkout: a newer one was here with the real tool. */
import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../server.ts'
import { alembicPython } from '../tools.ts'
import type { ToolInTests } from './real-tools.ts'
import { shop } from './shop.ts'

/** What the tool itself does with it. */
const tools: [ToolInTests, RegExp | 'goes on'][] = [
  ['golang-migrate', /no migration found for version 4/],
  ['goose', 'goes on'],
  ['dbmate', 'goes on'],
  ['diesel', 'goes on'],
  ['typeorm', 'goes on'],
  ['alembic', /Can't locate revision identified by 'a0004'/],
]

it.concurrent.each(tools)(
  '%s: Skein stops and names what has no file, goes past it when told to, and is at rest when the files come',
  {
    timeout: 240_000,
  },
  async (name, itself) => {
    const s = await shop(name, 4)
    const { tool, folder, version } = s.made
    await tool.up(s.place)
    const versions = join(folder, name === 'alembic' ? 'versions' : '')
    const away = temporaryFolder()
    const newer = readdirSync(versions).filter((file) => /^(?:a?0*|2024010100000|170000000000)[34][-_]/.test(file))
    expect(newer.length).toBeGreaterThan(1)
    for (const file of newer) renameSync(join(versions, file), join(away, file))

    const again = await tool.up(s.place).then(() => 'goes on', String)
    expect(again).toEqual(itself === 'goes on' ? itself : expect.stringMatching(itself))
    const said = await s.skein(7, 'up')
    expect(said).toMatch(/^(?:AHEAD|UNKNOWN|BEHIND)[^]*/)
    expect(said).toContain(version(4))
    expect(await s.skein(7, 'repair')).toContain(version(4))
    s.writeWorkspace(`services: { app: { path: ${folder.slice(s.made.root.length + 1)}, tool: ${name}, ahead: ok${runtime(name)} } }\n`)
    // Alembic could not go on from there, whoever allows it.
    if (name === 'alembic') expect(await s.skein(7, 'up')).toMatch(/alembic itself stops at that/)
    else expect(await s.skein(0, 'up')).toMatch(/nothing to do/)

    for (const file of newer) renameSync(join(away, file), join(versions, file))
    expect(await s.skein(0, 'up')).toMatch(/nothing to do/)
    expect(await tool.status(s.place)).toEqual({ applied: 4, pending: 0 })
    await s.skein(0, 'down', '1', '--yes')
    expect(await tool.status(s.place)).toEqual({ applied: 3, pending: 1 })
  },
)

function runtime(name: ToolInTests): string {
  return name === 'alembic' ? `, runtime: { python: ${JSON.stringify(alembicPython())} }` : ''
}
