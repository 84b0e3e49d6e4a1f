/**
 * Makes the one-file program: dist-bin/skein, with dist-bin/migrate and dist-bin/migrator as links to it (it goes by the name that it is called by).
 * It needs neither Node nor node_modules. `npm run binary`; `--into FOLDER` makes it there. The compiler is Bun, from npm (test/tools/package).
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { bundleParser, bundleProgram, parserWasm, readByOthers, root } from './bundle.mjs'
import { licensesOf } from './licenses.mjs'

const { values } = parseArgs({ options: { into: { type: 'string' } } })
const target = resolve(values.into ?? join(root, 'dist-bin'))
const links = ['migrate', 'migrator']

const work = mkdtempSync(join(tmpdir(), 'skein-binary-'))
process.on('exit', () => rmSync(work, { recursive: true, force: true }))

// Which command it is, by name; one that is called by any other name is skein.
const contents = `
import { basename } from 'node:path'
const name = basename(process.argv0)
await (name === 'migrate' ? import('./src/doors/migrate.ts') : name === 'migrator' ? import('./src/doors/stamped/main.ts') : import('./src/cli/main.ts'))
`
// Inside the program this folder is where it lies; \`/./\` is how Bun calls a file in it.
const inside = '/$bunfs/root/.'
const program = await bundleProgram(
  { stdin: { contents, resolveDir: root, sourcefile: 'one-file.mjs' }, outfile: join(work, 'program.mjs') },
  { parser: './libpg-query.js' },
)
const parser = await bundleParser(join(work, 'parser.cjs'), inside)
writeFileSync(
  join(work, 'libpg-query.mjs'),
  "import parser from './parser.cjs'\nexport const { loadModule, parseSync, scanSync } = parser\n",
)
copyFileSync(parserWasm, join(work, 'libpg-query.wasm'))
for (const [name, from] of Object.entries(readByOthers)) cpSync(from, join(work, name), { recursive: true })

const embedded = ['libpg-query.wasm', ...Object.keys(readByOthers).flatMap(filesIn)]
const imports = embedded.map((file) => `import ${JSON.stringify(`./${file}`)} with { type: 'file' }\n`)
writeFileSync(join(work, 'skein.mjs'), `${imports.join('')}import './program.mjs'\n`)

compile()
writeFileSync(join(target, 'third-party-licenses.txt'), licensesOf([program, parser]))
for (const link of links) {
  rmSync(join(target, link), { force: true })
  symlinkSync('skein', join(target, link))
}

function filesIn(path) {
  if (!path.endsWith('-child')) return [path]
  return readdirSync(join(work, path)).map((file) => `${path}/${file}`)
}

function compile() {
  mkdirSync(target, { recursive: true })
  // A .env or bunfig.toml of the folder in which it is called is none of its business.
  const own = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig']
  const shape = ['--compile', '--bytecode', '--format=esm', '--root', '.', '--asset-naming=[dir]/[name].[ext]', '--external=pg-native']
  const args = ['build', ...shape, ...own, './skein.mjs', './libpg-query.mjs', '--outfile', join(target, 'skein')]
  const ran = spawnSync(bun(), args, { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] })
  if (ran.status !== 0) throw new Error(`bun build ended with ${ran.status ?? ran.signal}`)
  console.error(`${relative(process.cwd(), join(target, 'skein'))} and its links ${links.join(' and ')}`)
}

/** The compiler for this machine; its package `bun` would fetch it by an install script. */
function bun() {
  const made = spawnSync(process.execPath, [join(root, 'scripts', 'tools.mjs'), 'package'], { stdio: 'inherit' })
  if (made.status !== 0) process.exit(1)
  const arch = process.arch === 'arm64' ? 'aarch64' : process.arch
  const found = join(root, '.tools', 'package', 'node_modules', '@oven', `bun-${process.platform}-${arch}`, 'bin', 'bun')
  if (!existsSync(found)) throw new Error(`there is no Bun for ${process.platform}-${arch} in .tools/package`)
  return found
}
