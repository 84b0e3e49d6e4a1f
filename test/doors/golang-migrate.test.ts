import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { golangMigrate } from '../../src/doors/golang-migrate/index.ts'
import { connect, freshDatabase, temporaryFolder, type TestDatabase } from '../server.ts'
import { tool } from '../tools.ts'
import { commands } from '../under-test.ts'
import { runDoor } from './beside-tool.ts'
import { type Act, type Situation, situations } from './golang-migrate-situations.ts'
import { migrateMask } from './masks.ts'
import { type Ended, type HowToRun, runMigrate } from './run-migrate.ts'

/** A program, given words and surroundings. */
type Run = (words: readonly string[], how: HowToRun) => Promise<Ended>

const real: Run = (words, how) => runMigrate(join(tool('golang-migrate'), 'migrate'), words, how)
const executable: Run = (words, how) => runMigrate(join(commands, 'migrate'), words, how)

/** As `skein as golang-migrate` calls it, without the start of a process. */
const door: Run = async (words, { cwd, env, stdin }) => {
  const bare = { PATH: process.env.PATH, HOME: cwd, TZ: 'UTC', ...env }
  const { exit, stdout, stderr } = await runDoor(golangMigrate, words, { cwd, env: bare, stdin: stdin ?? '' })
  return { code: exit, stdout, stderr }
}

/** The real program, a process, and ours, each in a folder and on a database of its own: what they say, exit with and leave behind. */
describe('migrate says and does what golang-migrate says and does', () => {
  for (const [at, situation] of situations.entries()) {
    const isAsked = situation.acts.some((act) => 'run' in act && act.stdin !== undefined)
    it(situation.name, async () => {
      const ours = await play(situation, isAsked || at % 6 === 0 ? executable : door)
      const theirs = await play(situation, real)
      expect(ours).toEqual(theirs.map((answer, nth) => ({ ...answer, ...otherwiseOf(situation, nth) })))
    })
  }
})

interface Answer {
  command: string
  stdout: string
  stderr: string
  exit: number
  /** The row of the table, and which tables there are. */
  state: string
  /** Names of all files, and what is in them. */
  files: string
}

async function play(situation: Situation, run: Run): Promise<Answer[]> {
  const folder = temporaryFolder()
  const database = await freshDatabase()
  const files = join(folder, 'migrations')
  mkdirSync(files)
  write(files, situation.files ?? {})
  const answers: Answer[] = []
  for (const act of situation.acts) {
    if ('sql' in act) await asked(database, (query) => query(act.sql))
    else if ('write' in act) write(files, act.write)
    else {
      const { code, stdout, stderr } = await run(wordsOf(act, database), { cwd: folder, stdin: act.stdin, env: act.env })
      const hide = (text: string) => migrateMask(text.replaceAll(database.name, 'DATABASE'), folder)
      const state = await asked(database, stateOf)
      answers.push({
        command: shown(act),
        stdout,
        stderr: hide(stderr),
        exit: code ?? -1,
        state,
        files: hide(listed(folder)).split('\n').sort().join('\n'),
      })
    }
  }
  return answers
}

function listed(folder: string): string {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return found
    .map((one) => join(one.parentPath, one.name))
    .map((path) => `${path} ${readFileSync(path, 'utf8').length}`)
    .join('\n')
}

function wordsOf(act: Extract<Act, { run: readonly string[] }>, database: TestDatabase): string[] {
  const url = new URL(database.url)
  url.searchParams.set('sslmode', 'disable')
  const plain = url.href
  const wrong = new URL(plain)
  wrong.password = 'wrong'
  const unknown = plain.replace(database.name, 'no_such_database')
  const words = act.run.map((word) => (word === 'URL' ? plain : word === 'UNKNOWN' ? unknown : word === 'BADPASSWORD' ? wrong.href : word))
  if (act.connected !== true) return words
  return ['-path', 'migrations', '-database', `${plain}${act.query === undefined ? '' : `&${act.query}`}`, ...words]
}

function shown({ run, connected, query, stdin }: Extract<Act, { run: readonly string[] }>): string {
  const words = run.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word}'`))
  const options = connected === true ? ['…', ...(query === undefined ? [] : [`?${query}`])] : []
  return ['$ migrate', ...options, ...words, ...(stdin === undefined ? [] : [`<<< ${JSON.stringify(stdin)}`])].join(' ')
}

/** The row of each history table, and all other tables of the schema public. A table that is not there counts as empty: the tool makes it when it opens a database, this door when it writes. */
async function stateOf(query: (sql: string) => Promise<Record<string, unknown>[]>): Promise<string> {
  const rows: string[] = []
  for (const table of ['schema_migrations', '"History"', 'apart.done', 'apart.schema_migrations']) {
    const [there] = await query(`select to_regclass('${table}') is not null as there`)
    if (there?.['there'] !== true) continue
    for (const row of await query(`select * from ${table}`))
      rows.push(
        `${table === 'schema_migrations' ? '' : `${table} `}version ${String(row['version'])}${row['dirty'] === true ? ' dirty' : ''}`,
      )
  }
  const tables = await query(
    `select c.relname as name from pg_class c where c.relkind in ('r', 'v') and c.relnamespace = 'public'::regnamespace and c.relname not in ('schema_migrations', 'History') order by 1`,
  )
  return `${rows.length === 0 ? 'no version' : rows.join(', ')} | ${tables.map((row) => row['name']).join(', ')}`.trimEnd()
}

async function asked<T>(
  database: TestDatabase,
  work: (query: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<T>,
): Promise<T> {
  const client = await connect(database.url)
  try {
    return await work(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows)
  } finally {
    await client.end()
  }
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

function otherwiseOf(situation: Situation, at: number): Partial<Answer> {
  const act = situation.acts.filter((one) => 'run' in one)[at]
  return act?.otherwise ?? {}
}
