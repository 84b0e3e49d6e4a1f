// `npm run demo`: five platforms on an embedded PostgreSQL. Plans, migrates, looks, rolls one service back, and checks everything it made.
// --keep leaves server and folder for a look around. Exits 1 with DEMO-DIFFERENT where something is not as it should be.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { expected, without } from './demo-expected.mjs'
import { ask, look } from './demo-look.mjs'
import { installExampleDependencies, isInstalled, linkExampleDependencies } from './example-dependencies.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const skein = join(root, 'bin', 'skein')
const started = performance.now()
const { values: flags } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })

/** Something is not as promised; the lines say what. */
class Different extends Error {}

let folder
let anyUrl
/** Why the service in Python is left out; undefined: it is not. */
let leftOut
// Ctrl-C reaches the running command too; it ends, and then we clean up.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})

try {
  if (!existsSync(join(root, 'dist', 'skein.js'))) build()
  const { python } = installExampleDependencies()
  if (python !== undefined && process.env.CI === 'true') throw new Different(`the service in Python cannot be shown: ${python}`)
  leftOut = python
  folder = copyExamples()
  await demonstrate()
  tell('', proven())
  if (leftOut !== undefined) tell(`Left out: tablium/ai-engine, whose migrations are Python: ${leftOut}.`)
  tell(`Next: cd examples && ../bin/skein plan --why    or, in a folder of yours: skein init && skein status`)
} catch (error) {
  if (!(error instanceof Different)) throw error
  process.stderr.write(`\nDEMO-DIFFERENT: ${error.message}\n`)
  process.exitCode = 1
} finally {
  if (folder !== undefined) end(folder)
  tell(`(${((performance.now() - started) / 1000).toFixed(1)} s)`)
}

async function demonstrate() {
  tell('Five platforms, one embedded PostgreSQL server. The files are a copy of examples/.')
  run(['validate'])
  run(['plan', ...shown()], { shorten: true })
  run(['up', ...shown(), '--quiet'])
  run(['status', ...shown()])
  await sqlLook()
  const made = await compareAll(promised())
  tell(`  checked: ${made}`)

  run(['down', 'link/chat-svc', '1', '--yes', '--quiet'])
  run(['status', 'link/chat-svc'])
  await compare('link', { ...expected.link, ...without })
  tell('  checked: the view unread_messages and its rows in migration_records and schema_versions are gone, nothing else')

  run(
    ['down', 'tablium/ai-engine', 'tablium/auth', '1', '--yes', '--quiet'].filter(
      (word) => leftOut === undefined || word !== 'tablium/ai-engine',
    ),
  )
  run(['up', ...shown(), '--quiet'])
  run(['verify', ...shown()])
  run(['up', ...shown()])
  await compareAll(promised())
  tell('  checked: all as before')
}

/** The services that the demo runs, as words: none for all. */
function shown() {
  if (leftOut === undefined) return []
  const services = JSON.parse(run(['config', '--json'], { silent: true })).services
  return services.map((service) => service.name).filter((name) => name !== 'tablium/ai-engine')
}

/** What must be in the databases. */
function promised() {
  const { ai_engine, ...others } = expected
  return leftOut === undefined ? { ...others, ai_engine } : others
}

/** The last line, counted from what was compared. */
function proven() {
  const { services } = JSON.parse(run(['status', ...shown(), '--json'], { silent: true }))
  const migrations = services.reduce((sum, service) => sum + service.applied, 0)
  const tools = new Set(services.map((service) => service.tool)).size
  const tables = Object.values(promised()).flatMap((database) => Object.keys(database.history)).length
  return `Proven: ${migrations} migrations of ${services.length} services and ${tools} tools ran in one plan; every object and every row of ${tables} history tables is where it belongs.`
}

/** Runs a command of Skein, shows it and its words, and returns its stdout. Throws Different for any exit code but 0. */
function run(words, { shorten = false, silent = false } = {}) {
  if (!silent) tell('', `$ skein ${words.join(' ')}`)
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, [skein, ...words], {
    cwd: folder,
    env: quietEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (!silent) process.stdout.write(shorten ? shortened(stdout) : stdout)
  if (!silent || status !== 0) process.stderr.write(stderr)
  if (status !== 0) throw new Different(`skein ${words.join(' ')} ended with ${status ?? signal ?? error?.message}, and 0 was expected`)
  return stdout
}

/** A long plan with the middle left out. */
function shortened(text) {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => /^\d+ steps in /.test(line))
  if (end < 16) return text
  return [...lines.slice(0, 8), `   … ${end - 12} more …`, ...lines.slice(end - 4)].join('\n')
}

/** One database by SQL, as anybody's client would see it. */
async function sqlLook() {
  tell('', '$ psql "$(skein embedded url link)"')
  const rows = await ask(
    urlOf('link'),
    `
    select 'table' as kind, c.relname as name, (select count(*) || ' columns' from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as more
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname ~ '^(chat|message|room|user)'
    union all
    select 'enum', t.typname, string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname
    union all
    select 'index', c.relname, case when i.indisvalid then 'valid, built concurrently' else 'INVALID' end
      from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname in ('idx_user_availability_available', 'idx_ai_requests_open')
    order by 1 desc, 2`,
  )
  for (const { kind, name, more } of rows) tell(`  ${kind.padEnd(6)} ${name.padEnd(32)} ${more}`)
}

async function compareAll(wanted) {
  const counts = { tables: 0, enums: 0, functions: 0, indexes: 0, rows: 0 }
  const differences = []
  for (const [database, objects] of Object.entries(wanted)) {
    differences.push(...(await differencesOf(database, objects)))
    for (const kind of ['tables', 'enums', 'functions']) counts[kind] += objects[kind].split(' ').filter((name) => name !== '').length
    counts.indexes += objects.indexes
    counts.rows += Object.values(objects.history).flat().length
  }
  if (differences.length > 0) throw new Different(differences.join('\n  '))
  return `${counts.tables} tables, ${counts.enums} enums, ${counts.functions} functions, ${counts.indexes} valid indexes, ${counts.rows} rows of the tools' own tables`
}

async function compare(database, objects) {
  const differences = await differencesOf(database, objects)
  if (differences.length > 0) throw new Different(differences.join('\n  '))
}

async function differencesOf(database, objects) {
  const found = await look(urlOf(database))
  const differences = []
  const differ = (what, is, wanted) => {
    if (is !== wanted) differences.push(`${database}: ${what}: expected ${wanted || 'none'}; found ${is || 'none'}`)
  }
  for (const kind of ['tables', 'views', 'enums', 'functions']) differ(kind, found[kind], objects[kind])
  differ('valid indexes', String(found.indexes), String(objects.indexes))
  differ('INVALID indexes', found.invalid, '')
  for (const table of new Set([...Object.keys(found.history), ...Object.keys(objects.history)]))
    differ(`rows of ${table}`, found.history[table]?.join(', '), objects.history[table]?.join(', '))
  return differences
}

/** The URL of one of the server's databases; asked for once, since they differ in the name only. */
function urlOf(database) {
  anyUrl ??= run(['embedded', 'url', 'link'], { silent: true }).trim()
  const url = new URL(anyUrl)
  url.pathname = `/${database}`
  return url.href
}

/** The demo uses its own server and nobody's database: what names one in the environment is left out. */
function quietEnvironment() {
  const foreign = /^(?:PG|DB_|SKEIN_|MIGRATION_)|DATABASE_URL$/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}

function copyExamples() {
  const copy = join(realpathSync(mkdtempSync(join(tmpdir(), 'skein-demo-'))), 'examples')
  cpSync(join(root, 'examples'), copy, { recursive: true, filter: (path) => !isInstalled(path) })
  linkExampleDependencies(copy)
  return copy
}

function build() {
  tell('dist/ is missing: building it first')
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' })
  if (status !== 0) throw new Different('the build failed')
}

function end(copy) {
  if (flags.keep) {
    tell(
      '',
      `Kept: cd '${copy}'`,
      `  psql "$('${skein}' embedded url link)"`,
      `  '${skein}' status`,
      `  '${skein}' embedded remove    (when done; then delete the folder)`,
    )
    return
  }
  spawnSync(process.execPath, [skein, 'embedded', 'remove'], { cwd: copy, env: quietEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] })
  rmSync(join(copy, '..'), { recursive: true, force: true })
}

function tell(...lines) {
  process.stdout.write(`${lines.join('\n')}\n`)
}
