/** The commands of docs/guides/adopt.md and leave.md, as they are printed, with each tool itself: come on Monday, work side by side, leave on Friday. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sql } from '../cli/kit.ts'
import { shell } from '../docs/shell.ts'
import { pgBin } from '../pg-client.ts'
import { freshDatabase, temporaryFolder } from '../server.ts'
import { tool } from '../tools.ts'
import { plain } from './real-tools.ts'
import { body, tree } from './trees.ts'

/** A repository of a team that never heard of Skein, in which migrations can be added. */
interface Repository {
  root: string
  add: (n: number) => void
  /** The tool's table, and what of it is a time. */
  table: string
  times: readonly string[]
}

/** The tools by the headings of the guides. */
const teams: Readonly<Record<string, () => Repository>> = {
  'golang-migrate': () => ofTool('golang-migrate'),
  Diesel: () => ofTool('diesel'),
  TypeORM: () => ofTool('typeorm'),
  Alembic: () => ofTool('alembic'),
  goose: () => ofTool('goose'),
  dbmate: () => ofTool('dbmate'),
  'A runner for NNN_name.up.sql': () =>
    homeMade('migration_records', (n) => `app/migrations/${String(n).padStart(3, '0')}_step${n % 2 === 0 ? '_' : '.'}`),
  'A runner for YYYYMMDDHHMMSS_xxxxxxxx_name.up.sql': () =>
    homeMade('schema_migrations', (n) => `database/migrations/app_service/2024010100000${n}_a1b2c3d${n}_step.`),
}

describe.concurrent('adopt.md and leave.md, with the tool itself:', () => {
  const [adopt, leave] = [sections('adopt.md'), sections('leave.md')]

  it('each tool has its section in both', () => {
    for (const page of [adopt, leave]) expect([...page.keys()].filter((heading) => heading in teams)).toEqual(Object.keys(teams))
  })

  it.each(Object.keys(teams))('%s', { timeout: 240_000 }, async (name) => {
    const { root, add, table, times } = (teams[name] as () => Repository)()
    const [database, alone] = [await freshDatabase(), await freshDatabase()]
    const path = commandsOnPath()
    const transcript: string[] = []
    const run = async (block: string | undefined, url = database.url): Promise<string> => {
      expect(block, `${name}: a block that the guides have`).toBeDefined()
      let said = ''
      for (const line of (block as string).trim().split('\n')) {
        const { code, output } = await shell(line, root, { DATABASE_URL: plain(url), PATH: `${path}:${process.env['PATH']}` })
        transcript.push(`$ ${line}\n${output}`)
        expect(code, `${name}: ${line}\n${transcript.join('\n')}`).toBe(0)
        said += output
      }
      return said
    }
    const [own, look] = adopt.get(name) ?? []
    const [monday] = adopt.get('Monday') ?? []
    const [byUs, seen] = adopt.get('Side by side') ?? []
    const [keep, friday] = leave.get('Friday') ?? []
    const [next] = leave.get(name) ?? []

    // As it was: two migrations, run by the tool.
    add(1)
    add(2)
    await run(own)
    const adopting = await run(monday)
    expect(adopting).toMatch(/wrote skein\.yaml: app/)
    expect(adopting).toMatch(/ {2}applied {2}2 of 2 files/)
    expect(adopting).toMatch(/ {2}there {4}2 of 2 tables/)
    expect(adopting).not.toContain('doubt')
    // One by Skein, and the tool has nothing to do; one by the tool, and Skein knows.
    add(3)
    expect(await run(byUs)).toContain('1 migration applied')
    const before = await rows(database.url, table, times)
    await run(own)
    expect(await rows(database.url, table, times)).toEqual(before)
    add(4)
    await run(own)
    expect(await run(seen)).toMatch(/4 applied/)
    await run(look)
    add(5)
    expect(await run(byUs)).toContain('1 migration applied')
    // And back.
    await run(keep)
    expect(readFileSync(join(root, 'skein-ledger.sql'), 'utf8')).toContain('CREATE TABLE skein.applied')
    await run(friday)
    expect(existsSync(join(root, 'skein.yaml')) || existsSync(join(root, '.skein'))).toBe(false)
    expect(await sql(database.url, "select 1 from pg_namespace where nspname = 'skein'")).toEqual([])
    add(6)
    await run(next)

    // In another database the tool did it all alone: the same tables, and the same rows in its own.
    await run(own, alone.url)
    await run(next, alone.url)
    expect(await rows(database.url, table, times)).toEqual(await rows(alone.url, table, times))
    expect(await relations(database.url)).toEqual(await relations(alone.url))
  })
})

/** Blocks of shell by the heading that they stand under. */
function sections(page: string): Map<string, string[]> {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'guides', page), 'utf8')
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => [
        section.slice(0, section.indexOf('\n')),
        [...section.matchAll(/^```sh [^\n]*\n(.*?)^```/gms)].map(([, block = '']) => block),
      ]),
  )
}

/** A folder with the tools under the names that people know them by, before anything else: `migrate` is golang-migrate's own here. */
function commandsOnPath(): string {
  const folder = join(temporaryFolder(), 'bin')
  mkdirSync(folder)
  const packages = join(tool('dbmate'), 'node_modules', '@dbmate')
  const programs = {
    migrate: join(tool('golang-migrate'), 'migrate'),
    diesel: join(tool('diesel'), 'bin', 'diesel'),
    alembic: join(tool('alembic'), 'bin', 'alembic'),
    goose: join(tool('goose'), 'goose'),
    dbmate: join(packages, readdirSync(packages)[0] ?? '', 'bin', 'dbmate'),
    psql: join(pgBin(18), 'psql'),
    pg_dump: join(pgBin(18), 'pg_dump'),
    go: join(import.meta.dirname, 'home-made', 'go.mjs'),
    skein: join(import.meta.dirname, '..', '..', 'bin', 'skein'),
  }
  for (const [name, program] of Object.entries(programs)) {
    const words = /\.mjs$|skein$/.test(program) ? [process.execPath, program] : [program]
    writeFileSync(join(folder, name), `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`)
    chmodSync(join(folder, name), 0o755)
  }
  return folder
}

function ofTool(name: Parameters<typeof tree>[0]): Repository {
  const made = tree(name, 0)
  rmSync(join(made.root, 'skein.yaml'))
  if (name === 'alembic') symlinkSync(tool('alembic'), join(made.service, '.venv'), 'dir')
  return { root: made.root, add: (n) => made.add(n), table: made.tool.table, times: [...made.tool.times, 'tstamp', 'run_on'] }
}

/** Files of a home-made runner; what cannot be in a transaction it cannot run, so an index is built as an ordinary one. */
function homeMade(table: string, start: (n: number) => string): Repository {
  const root = temporaryFolder()
  return {
    root,
    table,
    times: ['applied_at'],
    add(n) {
      const { up, down } = body(n)
      for (const [direction, statements] of [
        ['up', up],
        ['down', down],
      ] as const) {
        const path = join(root, `${start(n)}${direction}.sql`)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, statements.map((one) => `${one.replace(' concurrently', '')};\n`).join(''))
      }
    },
  }
}

async function rows(url: string, table: string, times: readonly string[]): Promise<unknown[]> {
  const all = await sql<Record<string, unknown>>(url, `select * from ${table} order by 1`)
  return all.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !times.includes(column))))
}

async function relations(url: string): Promise<unknown[]> {
  return sql(
    url,
    "select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1, 2",
  )
}
