import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type pg from 'pg'
import { mark } from '../../src/app/mark.ts'
import { run } from '../../src/app/run.ts'
import { status } from '../../src/app/status.ts'
import { SkeinError } from '../../src/model/errors.ts'
import type { Ports } from '../../src/model/ports.ts'
import type { RunEvent } from '../../src/model/run.ts'
import type { RunResult, StepResult } from '../../src/model/run.ts'
import { connect, freshDatabase, temporaryFolder, type TestDatabase } from '../server.ts'
import { skeinProgram } from '../under-test.ts'

type RunRequest = Parameters<typeof run>[0]

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A workspace in a folder of its own with a database of its own, and the ways to use it. */
export interface Workspace {
  folder: string
  database: TestDatabase
  /** A connection of the superuser, to look and to stand in the way; the workspace ends it. */
  client: pg.Client
  /** What the library told, over all runs. */
  events: RunEvent[]
  write(files: Record<string, string | Buffer | null>): void
  /** Runs the library in this process. */
  run(request?: Partial<RunRequest>, ports?: Partial<Ports>): ReturnType<typeof run>
  /** As `run`, and the steps as `id outcome` words; a refusal is its code. */
  outcome(request?: Partial<RunRequest>): Promise<string[]>
  mark(service: string, version: string, as: 'applied' | 'not-applied'): ReturnType<typeof mark>
  status(): ReturnType<typeof status>
  /** Runs `skein` to its end. */
  skein(...args: string[]): Promise<Ended>
  /** Starts `skein`; `ended` resolves with its end. */
  start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> }
  /** All rows of a query. */
  rows<Row = Record<string, unknown>>(sql: string): Promise<Row[]>
  /** Another connection, ended with the workspace. */
  connect(url?: string): Promise<pg.Client>
  end(): Promise<void>
}

/** Makes a workspace of `files` (path → content; skein.yaml is one of them or none) on a new database of a major version. */
export async function workspace(major: number, files: Record<string, string | Buffer | null>): Promise<Workspace> {
  const folder = temporaryFolder()
  const database = await freshDatabase(major)
  const client = await connect(database.url)
  const clients = [client]
  const events: RunEvent[] = []
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url }
  const ports: Ports = {
    cwd: folder,
    env,
    now: () => performance.now(),
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    program: 'skein/test',
    osUser: 'tester',
    host: 'here',
  }
  const request = { verb: 'up' as const, services: [] }
  const write = (more: Record<string, string | Buffer | null>) => {
    for (const [path, content] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      if (content === null) rmSync(join(folder, path))
      else writeFileSync(join(folder, path), content)
    }
  }
  const start = (...args: string[]) => {
    const [program, ...first] = skeinProgram
    const child = spawn(program, [...first, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    return { child, ended: theEnd(child) }
  }
  write(files)
  return {
    folder,
    database,
    client,
    events,
    write,
    run: (more = {}, others = {}) => run({ ...request, ...more }, { ...ports, ...others }),
    async outcome(more = {}) {
      try {
        const report = await run({ ...request, ...more }, ports)
        return words(report.run)
      } catch (error) {
        if (error instanceof SkeinError) return [error.code]
        throw error
      }
    },
    mark: (service, version, as) => mark({ services: [service], version, as, because: 'a test says so' }, ports),
    status: () => status({ services: [] }, ports),
    skein: (...args) => start(...args).ended,
    start,
    rows: async <Row>(sql: string) => (await client.query(sql)).rows as Row[],
    async connect(url = database.url) {
      const another = await connect(url)
      clients.push(another)
      return another
    },
    async end() {
      await Promise.all(clients.map((one) => one.end().catch(() => undefined)))
    },
  }
}

/** `service@version outcome`, with the code of a failure. */
export function words(result: RunResult | undefined): string[] {
  return (result?.steps ?? []).map((one) => `${one.step.id} ${one.outcome}${one.error === undefined ? '' : ` ${one.error.code}`}`)
}

/** The step that failed. */
export function failed(report: { run?: RunResult }): StepResult & { error: NonNullable<StepResult['error']> } {
  const step = report.run?.steps.find((one) => one.error !== undefined)
  if (step?.error === undefined) throw new Error(`no step failed: ${words(report.run).join(', ')}`)
  return { ...step, error: step.error }
}

/** Files of a golang-migrate service in `folder`, one up for each text and a down that is not hollow. */
export function golang(folder: string, ups: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ups).flatMap(([version, sql]) => [
      ...(sql === null ? [] : [[`${folder}/${version}_m${version}.up.sql`, sql]]),
      [`${folder}/${version}_m${version}.down.sql`, 'select 1;'],
    ]),
  )
}

/** Files of a numbered service. */
export function numbered(folder: string, ups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ups).flatMap(([version, sql]) => [
      [`${folder}/${version}_m${version}.up.sql`, sql],
      [`${folder}/${version}_m${version}.down.sql`, 'select 1;'],
    ]),
  )
}

/** Waits until `condition` holds; fails after `patienceMs`. */
export async function until(condition: () => Promise<boolean>, what: string, patienceMs = 20_000): Promise<void> {
  const end = performance.now() + patienceMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what} did not come about within ${patienceMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function theEnd(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => (stdout += chunk))
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}
