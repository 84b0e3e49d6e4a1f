/** What is known of a walk: its files, and what two databases say of them. */
import { copyFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from '../../cli/kit.ts'
import { freshDatabase, type TestDatabase, temporaryFolder } from '../../server.ts'
import { tool as toolFolder } from '../../tools.ts'
import type { Place, ToolInTests } from '../real-tools.ts'
import { type Tree, tree } from '../trees.ts'
import { againBody, ground } from './bodies.ts'
import { rowsByHand } from './by-hand.ts'
import type { State } from './moves.ts'

export interface World {
  name: ToolInTests
  tree: Tree
  /** Numbers of the migrations that have a file, ascending. */
  files: number[]
  /** What kind each is, and which edition its file says now. */
  kinds: Map<number, number>
  editions: Map<number, number>
  /** Both engines work here. */
  ours: Place
  /** Only the real tool has been here, apart from what it has no command for. */
  twin: Place
  /** What the tool's table says is applied, in the order in which the tool reads it. */
  applied: number[]
  /** The edition that each applied one was when it ran, or was claimed. */
  ran: Map<number, number>
  /** What Skein's ledger has in force, with the edition that it recorded; undefined where it has no text. */
  ledger: Map<number, number | undefined>
  /** The editions by rows of the ledger. */
  rows: Map<string, number | undefined>
  /** Those of which somebody claimed what nobody did. */
  claimed: Set<number>
}

/** One walk after the other has these two, emptied: to make a database takes longer than to walk in it. */
let pair: [TestDatabase, TestDatabase] | undefined

/** A walk's beginning: four files with room between them, nothing applied. */
export async function newWorld(name: ToolInTests): Promise<World> {
  const files = [10, 20, 30, 40]
  const kinds = new Map(files.map((n, at) => [n, at]))
  const editions = new Map(files.map((n) => [n, 1]))
  const made = tree(name, 0, files, (n) => againBody(n, kinds.get(n) ?? 0, editions.get(n) ?? 1))
  if (name === 'alembic') copyFileSync(mako(), join(made.folder, 'script.py.mako'))
  pair ??= await Promise.all([freshDatabase(), freshDatabase()])
  const [ours, twin] = pair
  await Promise.all(
    pair.map(({ url }) => sql(url, `drop schema if exists skein cascade; drop schema public cascade; create schema public; ${ground}`)),
  )
  const place = ({ url }: TestDatabase): Place => ({ folder: made.folder, service: made.service, url })
  const known = { applied: [], ran: new Map(), ledger: new Map(), rows: new Map(), claimed: new Set<number>() }
  const world: World = { name, tree: made, files, kinds, editions, ours: place(ours), twin: place(twin), ...known }
  policies(world)
  return world
}

function mako(): string {
  const lib = join(toolFolder('alembic'), 'lib')
  const python = readdirSync(lib).find((one) => one.startsWith('python')) ?? ''
  return join(lib, python, 'site-packages', 'alembic', 'templates', 'generic', 'script.py.mako')
}

/** Writes skein.yaml: as it is by default, or with these policies. */
export function policies({ name, tree: { root } }: World, lines: readonly string[] = []): void {
  const path = { 'golang-migrate': 'app', goose: 'app', dbmate: 'app', diesel: 'app/migrations' }[name as string]
  const code = name === 'typeorm' ? 'app/src/migrations' : 'app/alembic'
  const runtime = name === 'alembic' ? [`runtime: { python: ${JSON.stringify(join(toolFolder('alembic'), 'bin', 'python'))} }`] : []
  const all = [`path: ${path ?? code}`, `tool: ${name}`, ...runtime, ...lines]
  writeFileSync(join(root, 'skein.yaml'), `services:\n  app:\n${all.map((line) => `    ${line}\n`).join('')}`)
}

/** The next file, or one between others. */
export function addFile(world: World, n: number): void {
  world.kinds.set(n, world.kinds.size)
  world.editions.set(n, 1)
  world.files = [...world.files, n].sort((a, b) => a - b)
  world.tree.add(n)
}

/** What the tool itself would say, read from its table. */
export async function readTable({ name, tree: of, files }: World, url: string): Promise<number[]> {
  const [{ there } = { there: false }] = await sql<{ there: boolean }>(
    url,
    `select to_regclass('public.${of.tool.table}') is not null as there`,
  )
  if (!there) return []
  if (name === 'golang-migrate' || name === 'alembic') {
    const column = name === 'alembic' ? 'version_num' : 'version'
    const [row] = await sql<{ version: string }>(url, `select ${column}::text as version from ${of.tool.table}`)
    const last = files.find((n) => of.version(n) === row?.version)
    if (row !== undefined && last === undefined) throw new Error(`${of.tool.table} says ${row.version}, which no file is`)
    return last === undefined ? [] : files.filter((n) => n <= last)
  }
  const rows = await sql<{ version: string }>(url, rowsByHand[name].list)
  return rows.map(({ version }) => {
    const n = files.find((one) => of.version(one) === version)
    if (n === undefined) throw new Error(`${of.tool.table} says ${version}, which no file is`)
    return n
  })
}

/** Reads the ledger; a row that was not there before is taken to speak of the file as it is now. */
export async function readLedger(world: World): Promise<void> {
  const url = world.ours.url
  const [{ there } = { there: false }] = await sql<{ there: boolean }>(url, "select to_regclass('skein.applied') is not null as there")
  if (!there) return
  const rows = await sql<{ seq: string; version: string; hashed: boolean }>(
    url,
    'select seq::text, version, hash is not null as hashed from skein.applied where undone_at is null order by seq',
  )
  world.ledger = new Map()
  for (const { seq, version, hashed } of rows) {
    const n = world.files.find((one) => world.tree.version(one) === version)
    if (n === undefined) throw new Error(`the ledger says ${version}, which no file is`)
    if (!world.rows.has(seq)) world.rows.set(seq, hashed ? world.editions.get(n) : undefined)
    world.ledger.set(n, world.rows.get(seq))
  }
}

/** What Skein takes for applied: a table of one row says nothing of a file that came below what the ledger has seen. */
export function skeinView({ name, applied, ledger }: World): number[] {
  if (name !== 'golang-migrate') return applied.toSorted((a, b) => a - b)
  const mark = Math.max(-1, ...applied)
  const newest = Math.max(-1, ...ledger.keys())
  return applied.filter((n) => ledger.has(n) || n === mark || n > newest)
}

/** In the ledger, and gone from the tool's table. */
export function lost({ applied, ledger }: World): number[] {
  return [...ledger.keys()].filter((n) => !applied.includes(n))
}

/** Applied files that say something else than what the ledger keeps. */
export function changed(world: World): number[] {
  return skeinView(world).filter((n) => {
    const recorded = world.ledger.get(n)
    return recorded !== undefined && recorded !== world.editions.get(n)
  })
}

/** Pending below something applied. Revisions of Alembic have no order but their own. */
export function late(world: World): number[] {
  const view = skeinView(world)
  return world.files.filter((n) => !view.includes(n) && n < Math.max(...view))
}

export function stateOf(world: World): State {
  const { files, applied, editions, ran, claimed } = world
  if (applied.some((n) => ran.get(n) !== editions.get(n))) return 'edited'
  if (late(world).length > 0) return 'late pending'
  if (claimed.size > 0) return 'forced'
  if (applied.length === 0) return 'empty'
  return applied.length === files.length ? 'all applied' : 'some applied'
}

/** Does `what` while these have no files. */
export async function without<T>({ tree: of }: World, hidden: readonly number[], what: () => Promise<T>): Promise<T> {
  const away = temporaryFolder()
  const names = [...new Set(hidden.flatMap((n) => Object.keys(of.render(n)).map((file) => file.split('/')[0] ?? file)))]
  for (const name of names) renameSync(join(of.folder, name), join(away, name))
  try {
    return await what()
  } finally {
    for (const name of names) renameSync(join(away, name), join(of.folder, name))
  }
}
