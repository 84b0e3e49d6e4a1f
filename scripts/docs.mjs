// Writes the generated pages of docs/ from the code itself; with --check it only compares and exits 1 on a difference.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { mayImport, purpose } from '../arrows.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')
const code = await loadSource(`
  export { errorCodes } from './src/model/errors.ts'
  export { sourceRules } from './src/sources/rules.ts'
  export { workspaceJsonSchema } from './src/workspace/json-schema.ts'
  export { program } from './src/cli/program.ts'
  export { topics } from './src/cli/help/topics/index.ts'
  export { sources } from './src/sources/index.ts'
  export { histories } from './src/histories/index.ts'
  export { tools } from './src/workspace/tools.ts'
`)

const pages = {
  'docs/architecture.md': between(read('docs/architecture.md'), 'arrows', architecture()),
  'docs/reference/errors.md': errors(),
  'docs/reference/findings.md': findings(),
  'docs/reference/topics.md': topics(),
  'docs/reference/cli.md': cli(),
  'docs/reference/tools.md': toolsPage(),
  'docs/reference/skein.schema.json': `${JSON.stringify(await code.workspaceJsonSchema(), null, 2)}\n`,
}

const stale = Object.entries(pages).filter(([path, text]) => !existsSync(root + path) || read(path) !== text)
if (check && stale.length > 0) {
  console.error(`not fresh, run \`npm run docs\`: ${stale.map(([path]) => path).join(', ')}`)
  process.exit(1)
}
if (!check) {
  for (const [path, text] of stale) {
    mkdirSync(dirname(root + path), { recursive: true })
    writeFileSync(root + path, text)
    console.log(`wrote ${path}`)
  }
}

function read(path) {
  return readFileSync(root + path, 'utf8')
}

/** The sources are TypeScript: bundled for this moment into a file that lies where node_modules can be found. */
async function loadSource(contents) {
  const folder = mkdtempSync(join(root, 'node_modules/.skein-docs-'))
  try {
    const outfile = join(folder, 'code.mjs')
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      outfile,
      logLevel: 'error',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function between(text, name, inside) {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`]
  const from = text.indexOf(start) + start.length
  return `${text.slice(0, from)}\n${inside}\n${text.slice(text.indexOf(end))}`
}

function architecture() {
  const rows = Object.entries(mayImport).map(([folder, allowed]) => {
    const others = allowed.filter((one) => one !== 'model' && one !== 'util')
    return `| \`${folder}/\` | ${purpose[folder]} | ${others.length === 0 ? (allowed.length === 0 ? 'nothing' : '–') : others.join(', ')} |`
  })
  const edges = Object.entries(mayImport)
    .filter(([folder]) => folder !== 'app')
    .flatMap(([folder, allowed]) => allowed.filter((one) => one !== 'model' && one !== 'util').map((one) => `  ${folder} --> ${one}`))
  return `
| folder | what it is for | may import, besides model and util |
|---|---|---|
${rows.join('\n')}

\`\`\`mermaid
flowchart TD
  app --> everything[everything below but report]
${edges.join('\n')}
\`\`\`
`
}

function errors() {
  const rows = Object.entries(code.errorCodes).map(
    ([name, { exit, means, remedy }]) => `| \`${name}\` | ${exit} | ${means} | ${remedy.replaceAll('|', '\\|')} |`,
  )
  return `# Error codes\n\nGenerated from src/model/errors.ts. A code is never reused; the exit code is the one of the command line. \`skein help CODE\` says the same, and the message of an error says what to do in its own case.\n\n| code | exit | means | what to do |\n|---|---|---|---|\n${rows.join('\n')}\n`
}

function findings() {
  const rows = Object.entries(code.sourceRules).map(([name, means]) => `| \`${name}\` | ${means} |`)
  return `# Findings about files\n\nGenerated from src/sources/rules.ts: what \`skein validate\` may say of names and layouts. What it says of the text of a file carries an [error code](errors.md) or one of \`LINE-ENDS\`, \`HOLLOW-DOWN\`, \`TRAP-IMPLICIT-TRANSACTION\`, \`TRAP-TRANSACTION\`, \`NOT-ATOMIC\`, \`SESSION\`.\n\n| rule | means |\n|---|---|\n${rows.join('\n')}\n`
}

function topics() {
  const parts = code.topics.map(({ name, about, text, more }) => {
    const links = more.map((page) => `[${page}](../${page})`).join(', ')
    return `## ${name}\n\n${about[0].toUpperCase()}${about.slice(1)}.\n\n\`\`\`text\n${text}\n\`\`\`\n${links === '' ? '' : `\nMore: ${links}\n`}`
  })
  return `# Topics\n\nGenerated from src/cli/help/topics/: what \`skein help TOPIC\` prints.\n\n${parts.join('\n')}`
}

function cli() {
  const context = { stdout: { write() {} }, stderr: { write() {} }, env: {}, version: '' }
  const root = code.program(context, { exit: 0 })
  const help = (command) =>
    command
      .helpInformation()
      .replace(/^Usage: (skein )?/, 'Usage: skein ')
      .trim()
  const parts = root.commands
    .filter((command) => !['standing', 'complete'].includes(command.name()))
    .map(
      (command) =>
        `## ${command.name()}\n\n\`\`\`text\n${help(command)}\n\`\`\`\n${command.commands.map((child) => `\n\`\`\`text\n${child.helpInformation().trim()}\n\`\`\`\n`).join('')}`,
    )
  return `# The command line\n\nGenerated from src/cli/. Data goes to stdout, words to stderr; every verb has \`--json\`.\n\n${parts.join('\n')}`
}

function toolsPage() {
  const rows = [...code.tools.values()].map((tool) => {
    const history = code.histories.find((one) => one.name === tool.history)
    const layout = tool.kind === 'code' ? `${tool.source} (code, run in a child process)` : tool.source
    return `| ${tool.name} | ${layout} | \`${history.defaultTable('SERVICE')}\`${history.furtherTables.length === 0 ? '' : ` and \`${history.furtherTables.join('`, `')}\``} | ${history.keeps}${history.marksDirty ? ', marks dirty' : ''}${history.sharesTable ? ', many services in one table' : ''} |`
  })
  return `# Tools\n\nGenerated from src/workspace/tools.ts and src/histories/.\n\n| \`tool:\` | layout of the files | table | what the table keeps |\n|---|---|---|---|\n${rows.join('\n')}\n`
}
