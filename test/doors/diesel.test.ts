import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { connect, freshDatabase, type TestDatabase, temporaryFolder } from '../server.ts'
import { tool } from '../tools.ts'
import { skeinProgram } from '../under-test.ts'
import { type Act, type Situation, situations } from './diesel-situations.ts'
import { dieselMask } from './masks.ts'

/** One side of a comparison: a database and a folder of its own. */
interface Side {
  folder: string
  database: TestDatabase
  run: (words: readonly string[], env: NodeJS.ProcessEnv, cwd: string) => Promise<Ended>
}

interface Ended {
  exit: number | null
  stdout: string
  stderr: string
}

/** The real diesel_cli and `skein as diesel`, each with the same words in the same situation, after each command: output, exit code, files, tables. */
describe('skein as diesel does as diesel does:', () => {
  for (const [at, situation] of situations.entries())
    it(situation.name, async () => {
      const [theirs, ours] = await Promise.all([played(situation, real), played(situation, at % 10 === 0 ? executable : door)])
      for (const [nth, act] of situation.acts.entries()) expect({ $: act.words, ...ours[nth] }).toEqual({ $: act.words, ...theirs[nth] })
    })
})

const real: Side['run'] = (words, env, cwd) => runTool(join(tool('diesel'), 'bin', 'diesel'), words, env, cwd)

const executable: Side['run'] = (words, env, cwd) => {
  const [program, ...first] = skeinProgram
  return runTool(program, [...first, 'as', 'diesel', ...words], env, cwd)
}

/** Without the start of a process. */
const door: Side['run'] = async (words, env, cwd) => {
  const { code, stdout, stderr } = await inProcess(cwd, ['as', 'diesel', ...words], { env })
  return { exit: code, stdout, stderr }
}

async function played(situation: Situation, run: Side['run']): Promise<Record<string, unknown>[]> {
  const database = await freshDatabase()
  const folder = temporaryFolder()
  const side = { folder, database, run }
  const fill = (text: string) => text.replaceAll('U', database.url)
  write(folder, situation.files ?? {}, (path, text) => (path.startsWith('.env') ? text.replace(/(["'])U\1/, `$1${database.url}$1`) : text))
  const answers: Record<string, unknown>[] = []
  for (const act of situation.acts) answers.push(await performed(act, side, fill))
  return answers
}

async function performed(act: Act, { folder, database, run }: Side, fill: (text: string) => string): Promise<Record<string, unknown>> {
  write(folder, act.write ?? {})
  const url = act.database === undefined ? database.url : database.url.replace(database.name, act.database)
  const client = await connect(database.url)
  try {
    if (act.sql !== undefined) await client.query(act.sql)
    const env = { PATH: process.env.PATH, HOME: folder, NO_COLOR: '', ...(act.without === true ? {} : { DATABASE_URL: url }), ...act.env }
    const words = act.words.split(' ').filter((word) => word !== '')
    const ended = await run(
      words.map((word) => (word === 'U' ? fill(word) : word)),
      env,
      join(folder, act.cwd ?? ''),
    )
    const hide = (text: string) => dieselMask(text, { folder, database: database.name, port: String(database.server.port) })
    const history = await client.query("select to_regclass('__diesel_schema_migrations') is not null as there")
    const rows = history.rows[0]?.there === true ? (await client.query(versions)).rows : []
    const tables = (await client.query(others)).rows
    return { exit: ended.exit, stdout: hide(ended.stdout), stderr: hide(ended.stderr), rows, tables, files: hide(listed(folder)) }
  } finally {
    await client.end()
  }
}

/** Newer than a minute by the clock in UTC: both sides wrote it in the same time zone. */
const versions =
  "select version, abs(extract(epoch from run_on - (now() at time zone 'UTC'))) < 600 as now from __diesel_schema_migrations order by version"

/** A table that is not there counts as empty: the tool makes it when it looks, the door when it writes. */
const others =
  "select relname, relkind::text, obj_description(oid) from pg_class where relnamespace = 'public'::regnamespace and relname not like '\\_\\_diesel%' order by 1"

function listed(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return paths
    .sort()
    .map((path) => `${path}: ${path.endsWith('.env') ? '' : readFileSync(path, 'utf8')}`)
    .join('\n')
}

function write(folder: string, files: Readonly<Record<string, string | undefined>>, put = (_: string, text: string) => text): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    if (text === undefined) rmSync(file)
    else {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, put(path, text))
    }
  }
}

async function runTool(program: string, words: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<Ended> {
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { exit, stdout, stderr }
}
