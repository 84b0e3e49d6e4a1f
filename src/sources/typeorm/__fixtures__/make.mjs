/**
 * Makes real-tool.json beside this file: for each release of TypeORM the names that it reads from `tree`, in its own order (left out are the two
 * files on which it stops), and what it says to each file of `bad`. Needs the tools that `node scripts/tools.mjs` installs, and no database.
 *
 *   node make.mjs
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const here = import.meta.dirname
const ask = `const { DataSource, MigrationExecutor } = require('typeorm')
const dataSource = new DataSource({ type: 'postgres', migrations: [process.argv[2]] })
dataSource
  .buildMetadatas()
  .then(() => new MigrationExecutor(dataSource).getMigrations().map(({ name }) => name))
  .catch((error) => String(error.message).split('\\n')[0].replaceAll(__dirname, ''))
  .then((answer) => process.stdout.write(JSON.stringify(answer)))
`
const releases = {}
for (const tool of ['typeorm-0.3', 'typeorm-1']) {
  const modules = join(here, '../../../../.tools', tool, 'node_modules')
  const { version } = JSON.parse(readFileSync(join(modules, 'typeorm/package.json'), 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'skein-fixtures-'))
  const answer = (glob) => {
    const { stdout, stderr, status } = spawnSync(join(modules, '.bin/tsx'), ['ask.cjs', glob], { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout)
  }
  try {
    for (const files of ['tree', 'bad']) cpSync(join(here, files), join(folder, files), { recursive: true })
    for (const stops of ['index.ts', 'helpers.ts']) rmSync(join(folder, 'tree', stops))
    symlinkSync(modules, join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{}')
    writeFileSync(join(folder, 'ask.cjs'), ask)
    const bad = readdirSync(join(folder, 'bad')).sort().map((name) => [name, answer(`bad/${name}`)])
    releases[version] = { tree: answer('tree/*.{ts,mts,cts,js,mjs,cjs}'), bad: Object.fromEntries(bad) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
writeFileSync(join(here, 'real-tool.json'), `${JSON.stringify(releases, null, 2)}\n`)
