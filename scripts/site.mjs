// Builds docs/ into a site, site/.vitepress/dist; `node scripts/site.mjs dev` serves it. Installs what it needs at pinned versions, once.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const site = fileURLToPath(new URL('../site', import.meta.url))
const vitepress = join(site, 'node_modules', 'vitepress', 'bin', 'vitepress.js')
// VitePress finds its own packages only from pages that lie beside them.
rmSync(join(site, 'pages'), { recursive: true, force: true })
cpSync(join(site, '..', 'docs'), join(site, 'pages'), { recursive: true })
if (!existsSync(vitepress)) run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], site)
run(process.execPath, [vitepress, process.argv[2] === 'dev' ? 'dev' : 'build', '.'], site)

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
