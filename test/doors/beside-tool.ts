/** Plays the same acts with a real tool and with its door, each in a folder and on a database of its own, and says what both said and left. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect } from 'vitest'
import type { Door } from '../../src/doors/door.ts'
import { sql, writeFiles } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { skeinProgram } from '../under-test.ts'
import type { Masks } from './masks.ts'

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
  /** Files that are new, or other than at the start, with what is in them. */
  files: string
}

export interface Situation {
  name: string
  folder: () => string
  /** Where commands run, in the folder. */
  cwd: string
  acts: readonly Act[]
  /** Ours is the executable, `skein as …`, rather than the door in this process. */
  asProcess?: boolean
}

export interface Sides {
  /** Behind `skein as`. */
  name: string
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

async function play({ folder, cwd, acts, asProcess }: Situation, sides: Sides, side: 'tool' | 'door'): Promise<Answer[]> {
  const root = folder()
  const database = await freshDatabase()
  const atStart = filesIn(root)
  const answers: Answer[] = []
  for (const act of acts) {
    if ('sql' in act) await sql(database.url, act.sql)
    else if ('write' in act) writeFiles(root, act.write)
    else {
      const how = {
        cwd: join(root, cwd),
        env: {
          PATH: process.env.PATH,
          HOME: root,
          TZ: 'UTC',
          ...sides.env,
          SKEIN_SCRATCH_URL: database.server.url(),
          DATABASE_URL: database.url,
        },
      }
      const ours = () =>
        asProcess === true ? runTool([...skeinProgram, 'as', sides.name], act.run, how) : runDoor(sides.door, act.run, how)
      const said = side === 'tool' ? runTool(sides.tool(how.cwd), act.run, how) : await ours()
      const mask = (text: string, stream: 'stdout' | 'stderr') =>
        sides.masks[stream](text.replaceAll(root, 'FOLDER').replaceAll(database.name, 'DATABASE'))
      answers.push({
        exit: said.exit,
        stdout: mask(said.stdout, 'stdout'),
        stderr: mask(said.stderr, 'stderr'),
        state: await stateOf(database.url, sides.rows),
        files: mask(changed(root, atStart), 'stdout'),
      })
    }
  }
  return answers
}

/** Of the service's own, with their texts; not what tools and packages keep for themselves. */
function filesIn(root: string): Map<string, string> {
  const files = new Map<string, string>()
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '__pycache__') walk(join(folder, entry.name))
      if (entry.isFile()) files.set(join(folder, entry.name), readFileSync(join(folder, entry.name), 'utf8'))
    }
  }
  walk(root)
  return files
}

function changed(root: string, before: ReadonlyMap<string, string>): string {
  const now = [...filesIn(root)].filter(([path, text]) => before.get(path) !== text)
  return now.map(([path, text]) => `${path}\n${text}`).join('\n')
}

interface How {
  cwd: string
  env: NodeJS.ProcessEnv
  /** What is typed. */
  stdin?: string
}

function runTool([program = '', ...first]: readonly string[], words: readonly string[], how: How) {
  const { status, stdout, stderr } = spawnSync(program, [...first, ...words], { ...how, encoding: 'utf8' })
  return { exit: status ?? -1, stdout, stderr }
}

/** The door in this process, as `skein as` calls it. */
export async function runDoor(door: Door, words: readonly string[], { cwd, env, stdin = '' }: How) {
  const said = { stdout: '', stderr: '' }
  const exit = await door(words, {
    stdout: { write: (text) => void (said.stdout += text) },
    stderr: { write: (text) => void (said.stderr += text) },
    stdin: Readable.from(stdin === '' ? [] : [stdin]) as unknown as NodeJS.ReadStream,
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
