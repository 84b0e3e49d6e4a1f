/** What the tests of this folder need to be violent: real `skein` processes, chance that can be repeated, and servers' logs. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { connect, type TestServer } from '../server.ts'
import { skeinProgram } from '../under-test.ts'

/** SKEIN_BIN: another build of it for Node, so that a long run does not see this one being rebuilt. */
const [program, ...first] = process.env.SKEIN_BIN === undefined ? skeinProgram : [process.execPath, process.env.SKEIN_BIN]

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  ms: number
}

export interface Running {
  child: ChildProcess
  /** What it has said on stderr so far. */
  said(): string
  /** When stderr matches; throws when the process ends before, or after half a minute. */
  until(pattern: RegExp): Promise<void>
  ended: Promise<Ended>
}

/** Starts `skein` in a folder. Nothing of our own environment reaches it that says where a database is. */
export function skein(cwd: string, args: readonly string[], options: { detached?: boolean; env?: Record<string, string> } = {}): Running {
  const started = performance.now()
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', ...options.env }
  const child = spawn(program, [...first, ...args], {
    cwd,
    env,
    detached: options.detached ?? false,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr, over] = ['', '', false]
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      over = true
      resolve({ code, signal, stdout, stderr, ms: performance.now() - started })
    })
  })
  const until = async (pattern: RegExp) => {
    await eventually(() => {
      if (pattern.test(stderr)) return true
      if (over) throw new Error(`skein ended before it said ${pattern}:\n${stderr}`)
      return false
    }, `skein says ${pattern}`)
  }
  return { child, said: () => stderr, until, ended }
}

/** `skein up` to its end. */
export function up(cwd: string, ...args: string[]): Promise<Ended> {
  return skein(cwd, ['up', ...args]).ended
}

/** The end of a run as one text, for assertions that should show why. */
export function story(ended: Ended): string {
  return `exit ${ended.code ?? ended.signal}\n${ended.stdout}\n${ended.stderr}`
}

/** Polls until the condition holds; throws after `ms` with what was awaited. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string, ms = 30_000): Promise<void> {
  const until = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`in vain: ${what}`)
    await sleep(10)
  }
}

/**
 * Numbers that look like chance and come again: the seed is printed, and SKEIN_FAULTS_SEED sets it. Gives a function for whole numbers from
 * `from` to `to`, both included. (mulberry32, https://github.com/cprosche/mulberry32)
 */
export function chance(test: string): (from: number, to: number) => number {
  const seed = Number(process.env.SKEIN_FAULTS_SEED ?? randomInt(2 ** 31))
  console.log(`${test}: SKEIN_FAULTS_SEED=${seed}`)
  let state = seed
  return (from, to) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return from + Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (to - from + 1))
  }
}

/** All that a server has logged. */
export function serverLog(server: TestServer): string {
  return readFileSync(join(dirname(server.socketDir), 'server.log'), 'utf8')
}

/** New databases on a server, each with the witness table; their URLs. */
export async function databases(server: TestServer, ...names: string[]): Promise<string[]> {
  await withClient(server.url(), async (client) => {
    for (const name of names) await client.query(`create database ${name} template template0`)
  })
  for (const name of names) await withClient(server.url(name), witness)
  return names.map((name) => server.url(name))
}

/** The table in which each migration says that it ran. No key: a second time must not be an error but a second row. */
export async function witness(client: pg.Client): Promise<void> {
  await client.query('create table public.ran (service text not null, step integer not null, part integer not null default 0)')
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
