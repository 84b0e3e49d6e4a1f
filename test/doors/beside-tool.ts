/** Plays the same acts with a real tool and with its door, each in a folder and on a database of its own, and says what both said and left. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Door } from '../../src/doors/door.ts'
import { sql, writeFiles } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import type { Masks } from './code-masks.ts'

/** A command line; or what happens between two. */
export type Act =
  | { run: readonly string[] /** On purpose: what the door says instead (docs/guides). */; otherwise?: Partial<Answer> }
  | { sql: string }
  | { write: Readonly<Record<string, string>> }

export interface Answer {
  exit: number
  stdout: string
  stderr: string
  /** Tables, and the rows of the tool's own. */
  state: string
}

export interface Situation {
  name: string
  folder: () => string
  /** Where commands run, in the folder. */
  cwd: string
  acts: readonly Act[]
}

export interface Sides {
  /** Command of the real tool, from where it runs. */
  tool: (cwd: string) => readonly string[]
  door: Door
  masks: Masks
  /** Rows of the tool's table as texts. */
  rows: string
  env?: NodeJS.ProcessEnv
}

/** Plays a situation on both sides and expects the same, but for what is different on purpose. */
export async function playBoth(situation: Situation, sides: Sides): Promise<void> {
  const real = await play(situation, sides, 'tool')
  const ours = await play(situation, sides, 'door')
  const runs = situation.acts.flatMap((act) => ('run' in act ? [act] : []))
  const text = (answers: readonly Answer[]) => answers.map((one, at) => ({ words: runs[at]?.run.join(' '), ...one }))
  expect(text(ours)).toEqual(text(real.map((one, at) => ({ ...one, ...runs[at]?.otherwise }))))
}

async function play({ folder, cwd, acts }: Situation, sides: Sides, side: 'tool' | 'door'): Promise<Answer[]> {
  const root = folder()
  const database = await freshDatabase()
  const answers: Answer[] = []
  for (const act of acts) {
    if ('sql' in act) await sql(database.url, act.sql)
    else if ('write' in act) writeFiles(root, act.write)
    else {
      const how = { cwd: join(root, cwd), env: { PATH: process.env.PATH, HOME: root, TZ: 'UTC', ...sides.env, DATABASE_URL: database.url } }
      const said = side === 'tool' ? runTool(sides.tool(how.cwd), act.run, how) : await runDoor(sides.door, act.run, how)
      const mask = (text: string, stream: 'stdout' | 'stderr') =>
        sides.masks[stream](text.replaceAll(root, 'FOLDER').replaceAll(database.name, 'DATABASE'))
      answers.push({
        exit: said.exit,
        stdout: mask(said.stdout, 'stdout'),
        stderr: mask(said.stderr, 'stderr'),
        state: await stateOf(database.url, sides.rows),
      })
    }
  }
  return answers
}

interface How {
  cwd: string
  env: NodeJS.ProcessEnv
}

function runTool([program = '', ...first]: readonly string[], words: readonly string[], how: How) {
  const { status, stdout, stderr } = spawnSync(program, [...first, ...words], { ...how, encoding: 'utf8' })
  return { exit: status ?? -1, stdout, stderr }
}

/** The door in this process, as `skein as` calls it. */
export async function runDoor(door: Door, words: readonly string[], { cwd, env }: How) {
  const said = { stdout: '', stderr: '' }
  const exit = await door(words, {
    stdout: { write: (text) => void (said.stdout += text) },
    stderr: { write: (text) => void (said.stderr += text) },
    stdin: process.stdin,
    env,
    cwd,
    signal: new AbortController().signal,
    signalled: () => undefined,
    version: '0.0.0',
  })
  return { exit, ...said }
}

async function stateOf(url: string, rows: string): Promise<string> {
  const tables = await sql<{ name: string }>(url, "select tablename as name from pg_tables where schemaname = 'public' order by 1")
  const own = await sql<{ row: string }>(url, rows).catch(() => [])
  return [...tables.map(({ name }) => name), ...own.map(({ row }) => row)].join(' ')
}
