// `npm run bench`: Skein beside psql and beside the floor, on fresh databases of a server of its own. See README.md.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { benchOptions } from './options.mjs'
import { contenders } from './contenders.mjs'
import { afterwards } from './afterwards.mjs'
import { check } from './check.mjs'
import { measure, median } from './measure.mjs'
import { writeMigrations } from './migrations.mjs'
import { startServer } from './server.mjs'
import { report } from './report.mjs'

const options = benchOptions(process.argv.slice(2))
await needPsql()
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'skein-bench-')))
const server = await startServer(options.skein, folder)
try {
  const result = { server: server.about, start: await processStart(), sizes: [] }
  await phase(Math.min(...options.sizes), 1)
  for (const size of options.sizes) result.sizes.push(await phase(size, options.rounds))
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : report(result))
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

/**
 * All contenders in turn, round after round (A B C A B C …), each on a new database; then, on Skein's last one, what else people do. Databases stay
 * until the end: removing thousands of files slows the disk for whoever comes next.
 */
async function phase(size, rounds) {
  const set = newSet(size)
  const samples = new Map(contenders.map(({ name }) => [name, []]))
  const last = new Map()
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      const url = await server.database(`${contender.name.replaceAll(/\W+/g, '_')}_${size}_${round}`)
      const sample = await contender.up(set, url, { skein: options.skein, env: server.env })
      await check(url, set, contender)
      samples.get(contender.name).push(sample)
      last.set(contender.name, url)
      tell(`${size} migrations, round ${round}: ${contender.name} ${sample.ms.toFixed(0)} ms`)
      await sleep(300)
    }
    await sleep(1000)
  }
  const more = await afterwards(set, { skein: last.get('skein'), floor: last.get('floor') }, { skein: options.skein, env: server.env })
  await server.dropAll()
  rmSync(set.workspace, { recursive: true })
  await sleep(2000)
  const up = Object.fromEntries(
    [...samples].map(([name, list]) => [
      name,
      {
        ms: median(list.map(({ ms }) => ms)),
        mib: list[0].mib === null ? null : Math.max(...list.map(({ mib }) => mib)),
        samples: list.map(({ ms }) => ms),
      },
    ]),
  )
  return { size, rounds, expected: set.expected, up, ...more }
}

function newSet(size) {
  const workspace = mkdtempSync(join(folder, `set-${size}-`))
  writeFileSync(join(workspace, 'skein.yaml'), 'database: ${DATABASE_URL}\nservices:\n  shop: { path: migrations, tool: golang-migrate }\n')
  return { workspace, ...writeMigrations(join(workspace, 'migrations'), size) }
}

/** What a process costs before it does anything. */
async function processStart() {
  const times = { node: [], version: [] }
  for (let round = 0; round < 7; round++) {
    times.node.push((await measure(process.execPath, ['-e', '0'])).ms)
    times.version.push((await measure(process.execPath, [options.skein, '--version'])).ms)
  }
  return { node: median(times.node), version: median(times.version) }
}

async function needPsql() {
  try {
    await measure('psql', ['--version'])
  } catch {
    process.stderr.write('psql is not in PATH, and the benchmark compares with it: install the PostgreSQL client programs\n')
    process.exit(2)
  }
}

function tell(line) {
  process.stderr.write(`${line}\n`)
}
