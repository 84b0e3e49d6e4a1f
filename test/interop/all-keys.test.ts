/** Each of the four keys under which some golang-migrate locks, with the program that does: it waits for Skein, and Skein for it. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually, skein, story } from '../faults/kit.ts'
import { type ToolName, tool } from '../tools.ts'
import { command, type Ended } from './command.ts'
import { type Place, plain } from './real-tools.ts'
import { shop } from './shop.ts'
import { closedGate } from './slow.ts'

const asCommand = (name: ToolName) => (at: Place) =>
  command(join(tool(name), 'migrate'), ['-path', at.folder, '-database', plain(at.url), 'up'], { cwd: at.folder })
const asLibrary = (name: ToolName) => (at: Place) =>
  command(join(tool(name), 'library'), [at.folder, plain(at.url), 'up'], { cwd: at.folder })

const clients: [string, (at: Place) => Promise<Ended>, done: RegExp][] = [
  ['the command', asCommand('golang-migrate'), /^no change\n$/],
  ['the command before v4.15', asCommand('golang-migrate-4.14'), /^no change\n$/],
  ['the library', asLibrary('golang-migrate-library'), /^3 false\n$/],
  ['the library before v4.15', asLibrary('golang-migrate-library-4.14'), /^3 false\n$/],
]

it.concurrent.each(clients)('%s waits for Skein, and then has nothing to do', { timeout: 240_000 }, async (_name, up, done) => {
  const s = await shop('golang-migrate', 2)
  const gate = await closedGate(s)
  s.write('0003_slow.up.sql', `create table slow (); ${gate.waits};\n`)
  s.write('0003_slow.down.sql', 'drop table slow;\n')
  const theirKey =
    "select 1 from pg_stat_activity where datname = current_database() and application_name not like 'skein%' and wait_event = 'advisory'"

  const ours = skein(s.made.root, ['up'], { env: { DATABASE_URL: s.url } })
  await eventually(gate.isWaitedFor, 'Skein is in its migration')
  const theirs = up(s.place)
  await eventually(async () => (await s.rows(theirKey)).length > 0, 'the other waits for its own key')
  expect(await gate.isWaitedFor()).toBe(true)
  await gate.open()
  const [first, second] = [await ours.ended, await theirs]
  expect(first.code, story(first)).toBe(0)
  expect(second).toEqual({ code: 0, said: expect.stringMatching(done) })
})

it.concurrent.each(clients)('Skein waits for %s, and names its session', { timeout: 240_000 }, async (_name, up) => {
  const s = await shop('golang-migrate', 2)
  const gate = await closedGate(s)
  s.write('0003_slow.up.sql', `create table slow (); ${gate.waits};\n`)
  const theirs = up(s.place)
  await eventually(gate.isWaitedFor, 'the other is in its migration')
  const [holder] = await s.rows<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and query like '%wait_at_gate%' and state = 'active' and pid <> pg_backend_pid()",
  )
  expect(await s.skein(6, 'up', '--no-wait')).toContain(`pid ${holder?.pid}`)
  const ours = skein(s.made.root, ['up'], { env: { DATABASE_URL: s.url } })
  await ours.until(new RegExp(`waits for golang-migrate.*pid ${holder?.pid}`))
  await gate.open()
  expect((await theirs).code).toBe(0)
  const end = await ours.ended
  expect(end.code, story(end)).toBe(0)
  expect(await s.rows('select version::int, dirty from schema_migrations')).toEqual([{ version: 3, dirty: false }])
})
