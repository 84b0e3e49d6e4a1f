/**
 * Makes real-tool.json beside this file: the names that TypeORM itself reads from `tree`, in its own order. Left out are the two files on which
 * it stops. Needs the tools that `node scripts/tools.mjs` installs, and no database.
 *
 *   node make.mjs
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const here = import.meta.dirname
const ask = `const { DataSource, MigrationExecutor } = require('typeorm')
const dataSource = new DataSource({ type: 'postgres', migrations: ['tree/*.{ts,mts,cts,js,mjs,cjs}'] })
dataSource.buildMetadatas().then(() => {
  const names = new MigrationExecutor(dataSource).getMigrations().map(({ name }) => name)
  process.stdout.write(JSON.stringify(names))
})
`
const names = {}
for (const tool of ['typeorm-0.3', 'typeorm-1']) {
  const modules = join(here, '../../../../.tools', tool, 'node_modules')
  const { version } = JSON.parse(readFileSync(join(modules, 'typeorm/package.json'), 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'skein-fixtures-'))
  try {
    cpSync(join(here, 'tree'), join(folder, 'tree'), { recursive: true })
    for (const stops of ['index.ts', 'helpers.ts']) rmSync(join(folder, 'tree', stops))
    symlinkSync(modules, join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{}')
    writeFileSync(join(folder, 'ask.cjs'), ask)
    const { stdout, stderr, status } = spawnSync(join(modules, '.bin/tsx'), ['ask.cjs'], { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    names[version] = JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
writeFileSync(join(here, 'real-tool.json'), `${JSON.stringify(names, null, 2)}\n`)
