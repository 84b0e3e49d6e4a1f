import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connect, freshDatabase, temporaryFolder, type TestDatabase } from '../server.ts'
import { mask } from './masks.ts'
import { runMigrate } from './run-migrate.ts'
import { type Act, type Scenario, scenarios } from './scenarios.ts'

/**
 * What golang-migrate v4.19.1 itself said and did, one file for each scenario, made by this test with the real program:
 * GOBIN=/some/bin go install -tags postgres github.com/golang-migrate/migrate/v4/cmd/migrate@v4.19.1
 * SKEIN_RECORD_MIGRATE=/some/bin/migrate npx vitest run test/doors
 */
const fixtures = join(import.meta.dirname, '__fixtures__', 'golang-migrate-4.19.1')
const recorder = process.env.SKEIN_RECORD_MIGRATE
const door = join(import.meta.dirname, '..', '..', 'bin', 'migrate')

describe('migrate says and does what golang-migrate says and does', () => {
  for (const scenario of scenarios) {
    it(scenario.name, async () => {
      const file = join(fixtures, `${scenario.name}.txt`)
      if (recorder !== undefined) {
        mkdirSync(fixtures, { recursive: true })
        writeFileSync(file, transcript(await play(scenario, recorder)))
        return
      }
      const recorded = parse(readFileSync(file, 'utf8'))
      const ours = await play(scenario, door)
      const wanted = recorded.map((answer, at) => ({ ...answer, ...otherwiseOf(scenario, at) }))
      expect(transcript(ours)).toBe(transcript(wanted))
    })
  }
})

interface Answer {
  command: string
  stderr: string
  exit: number
  /** The row of the table, and which tables there are. */
  state: string
}

async function play(scenario: Scenario, program: string): Promise<Answer[]> {
  const folder = temporaryFolder()
  const database = await freshDatabase()
  const files = join(folder, 'migrations')
  mkdirSync(files)
  write(files, scenario.files ?? {})
  const answers: Answer[] = []
  for (const act of scenario.acts) {
    if ('sql' in act) await asked(database, (query) => query(act.sql))
    else if ('write' in act) write(files, act.write)
    else {
      const { code, stdout, stderr } = await runMigrate(program, wordsOf(act, database), { cwd: folder, stdin: act.stdin })
      expect(stdout).toBe('')
      const state = await asked(database, stateOf)
      answers.push({ command: shown(act), stderr: mask(stderr.replaceAll(database.name, 'DATABASE'), folder), exit: code ?? -1, state })
    }
  }
  return answers
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
  for (const table of ['schema_migrations', '"History"', 'apart.done']) {
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

function otherwiseOf(scenario: Scenario, at: number): Partial<Answer> {
  const act = scenario.acts.filter((one) => 'run' in one)[at]
  return act?.otherwise ?? {}
}

function transcript(answers: readonly Answer[]): string {
  return answers.map(({ command, stderr, exit, state }) => `${command}\n${stderr}[exit ${exit}] ${state}\n\n`).join('')
}

function parse(text: string): Answer[] {
  return [...text.matchAll(/^(\$ migrate.*)\n([^]*?)\[exit (\d+)\] (.*)\n\n/gm)].map(([, command = '', stderr = '', exit, state = '']) => ({
    command,
    stderr,
    exit: Number(exit),
    state,
  }))
}
