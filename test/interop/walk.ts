/** Both engines in turns on one database, beside a second one that only the real tool has seen: after each step nobody can tell them apart. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { sql } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { everything, expectSame } from './everything.ts'
import type { Place, ToolInTests } from './real-tools.ts'
import { type Tree, tree } from './trees.ts'

/** One thing to do, and who does it to the shared database. */
export interface Move {
  by: 'skein' | 'tool'
  what: 'up' | 'up all' | 'down' | 'goto' | 'redo' | 'claim' | 'add' | 'late'
  /** Which, or how many: taken modulo what there is. */
  n: number
}

export const moves = (what: readonly Move['what'][], length: number): fc.Arbitrary<Move[]> =>
  fc.array(fc.record({ by: fc.constantFrom('skein' as const, 'tool' as const), what: fc.constantFrom(...what), n: fc.nat(11) }), {
    minLength: length,
    maxLength: length,
  })

/** What one tool can do besides ups and downs; each leaves the twin as the shared database is to be. */
export interface Special {
  /** Up or down to the nth migration; nothing where the tool has no such thing. */
  goto?: (at: Place, walk: Walk, n: number) => Promise<unknown>
  redo?: (at: Place, walk: Walk) => Promise<unknown>
  /** Says without running anything that all up to the nth are applied, or `current` are. */
  claim?: (at: Place, walk: Walk, n: number) => Promise<unknown>
}

export interface Walk {
  tree: Tree
  /** The migrations that have a file, in order. */
  files: number[]
  /** Those that are applied, in order, as far as the tool's table says. */
  applied: number[]
}

/** Walks a new tree. Fails with what was done so far. */
export async function walkOf(name: ToolInTests, list: readonly Move[], special: Special): Promise<void> {
  // Even numbers: a late file has its place between two others.
  const files = [1, 2, 4, 6]
  const shared = tree(name, 0, files)
  const walk: Walk = { tree: shared, files, applied: [] }
  const [ours, twin] = [await freshDatabase(), await freshDatabase()]
  const place = (url: string): Place => ({ folder: shared.folder, service: shared.service, url })
  const once = (words: readonly string[]) => inProcess(shared.root, words, { env: { PATH: process.env.PATH, DATABASE_URL: ours.url } })
  const skein = async (...words: string[]) => {
    let ran = await once(words)
    // The tool took back what may have gone half-way, or did several things since our last look: somebody has to say whom to believe,
    // with the command that is printed.
    const way = ran.code === 7 ? /^(?:REVERTED|MIXED):[^]*skein (adopt app) takes the word/.exec(ran.stderr) : null
    if (way?.[1] !== undefined) {
      const adopted = await once([...way[1].split(' '), '--yes'])
      expect(adopted.code, adopted.stderr).toBe(0)
      ran = await once(words)
    }
    if (ran.code !== 0) throw new Error(`skein ${words.join(' ')} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`)
    return ran.stdout
  }
  const told: string[] = []
  try {
    for (const move of list) {
      const done = await step(walk, move, special, { ours: place(ours.url), twin: place(twin.url), skein })
      if (done === undefined) continue
      told.push(done)
      const said = await shared.tool.status(place(ours.url))
      expect(said, done).toEqual(await shared.tool.status(place(twin.url)))
      expectSame(await everything(ours.url, shared.tool), await everything(twin.url, shared.tool), done)
      expect(said, done).toEqual({ applied: walk.applied.length, pending: walk.files.length - walk.applied.length })
      const { services } = JSON.parse(await skein('status', '--json')) as { services: { pending: number }[] }
      expect(services[0]?.pending, `${done}: pending in skein status`).toBe(said.pending)
      if (done.startsWith('skein')) await ledgerAgrees(ours.url, walk, done)
    }
  } catch (error) {
    throw new Error(`${name}: ${told.join(' · ')}\n${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

interface Hands {
  ours: Place
  twin: Place
  skein: (...words: string[]) => Promise<string>
}

/** Does it to both databases, and says what was done; undefined where there is nothing to do. */
async function step(walk: Walk, { by, what, n }: Move, special: Special, { ours, twin, skein }: Hands): Promise<string | undefined> {
  const { tree: of, files, applied } = walk
  const pending = files.filter((one) => !applied.includes(one))
  const both = async (words: string[], real: (at: Place) => Promise<unknown>) => {
    if (by === 'skein') await skein(...words)
    else await real(ours)
    await real(twin)
    return words[0] === 'up' && pending.length === 0 ? `nothing to do for ${by}` : `${by} ${words.join(' ')}`
  }
  if (what === 'add' || what === 'late') {
    const late = files.map((one) => one + 1).find((one) => !files.includes(one) && one < Math.max(...files))
    const version = what === 'add' ? Math.max(...files) + 2 : late
    if (version === undefined) return undefined
    of.add(version)
    walk.files = [...files, version].sort((a, b) => a - b)
    return `file ${version}`
  }
  if (what === 'up' || what === 'up all') {
    const count = what === 'up all' ? undefined : Math.min((n % 3) + 1, pending.length)
    if (pending.length === 0 && count !== undefined) return undefined
    walk.applied = [...applied, ...pending.slice(0, count)]
    return both(['up', ...(count === undefined ? [] : [String(count)])], (at) => of.tool.up(at, count))
  }
  // goose takes the last one that ran for the greatest.
  const late = applied.some((one, at) => one < (applied[at - 1] ?? 0)) || pending.some((one) => applied.some((other) => other > one))
  // goose and TypeORM take back first what ran last, Skein what has the greatest version.
  const ranLate = ['goose', 'typeorm'].includes(of.tool.name) && applied.some((one, at) => one < (applied[at - 1] ?? 0))
  if (what === 'down') {
    if (ranLate) return undefined
    const count = Math.min((n % 3) + 1, applied.length)
    if (count === 0) return undefined
    const done = await both(['down', String(count), '--yes'], (at) => of.tool.down(at, count))
    walk.applied = await byTool(of, twin, applied, count)
    return done
  }
  if (late) return undefined
  const sorted = applied.toSorted((a, b) => a - b)
  if (what === 'redo') {
    const { redo } = special
    if (applied.length === 0 || redo === undefined) return undefined
    return both(['redo', '1', '--yes'], (at) => redo(at, { ...walk, applied: sorted }))
  }
  const target = files[n % files.length] as number
  if (what === 'goto') {
    const { goto } = special
    if (goto === undefined || applied.length === 0 || sorted.at(-1) === target) return undefined
    const done = await both(['goto', of.version(target), '--yes'], (at) => goto(at, { ...walk, applied: sorted }, target))
    walk.applied = files.filter((one) => one <= target)
    return done
  }
  const { claim } = special
  const current = sorted.at(-1)
  if (claim === undefined || current === undefined) return undefined
  // There by one, and back by the other: what runs next must find the schema that the table speaks of.
  const words = (version: number) => ['force', of.version(version), '--because', 'a walk', '--yes']
  if (by === 'skein') {
    await skein(...words(target))
    await claim(ours, walk, current)
    return `first skein claims ${target}, then the tool ${current} again`
  }
  await claim(ours, walk, target)
  await skein(...words(current))
  return `skein claims ${current} again after the tool's ${target}`
}

/** Tools differ in what they take back first; all that is known here is how many are left, and the table of the twin says which. */
async function byTool(of: Tree, twin: Place, applied: readonly number[], count: number): Promise<number[]> {
  if (of.tool.name === 'golang-migrate' || of.tool.name === 'alembic') return applied.slice(0, -count)
  const column = { goose: 'version_id', dbmate: 'version', diesel: 'version', typeorm: 'name' }[of.tool.name]
  const rows = await sql<{ version: string }>(twin.url, `select ${column}::text as version from public.${of.tool.table} order by 1`)
  const left = new Set(rows.map((row) => row.version))
  return applied.filter((one) => left.has(of.version(one)))
}

async function ledgerAgrees(url: string, { applied, tree: of }: Walk, done: string): Promise<void> {
  const rows = await sql<{ version: string }>(url, 'select version from skein.applied where undone_at is null')
  expect(new Set(rows.map((row) => row.version)), `${done}: ledger`).toEqual(new Set(applied.map((one) => of.version(one))))
}

/** Walks as often as SKEIN_WALKS says, times the usual number. */
export async function walks(
  name: ToolInTests,
  what: readonly Move['what'][],
  special: Special,
  runs: number,
  length: number,
): Promise<void> {
  const property = fc.asyncProperty(moves(what, length), (list) => walkOf(name, list, special))
  await fc.assert(property, { seed, numRuns: runs * Number(process.env.SKEIN_WALKS ?? 1), endOnFailure: true })
}

/** Other walks: SKEIN_WALK_SEED=7. */
export const seed = Number(process.env.SKEIN_WALK_SEED ?? 20261125)
