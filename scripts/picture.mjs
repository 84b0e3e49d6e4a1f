// Draws the pictures of docs/pictures/ from what the real commands print, on an example platform with an embedded server.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'skein-picture-'))
const platform = join(folder, 'link')
/** A migration with a mistake in its second statement. */
const failing = `alter table ai_requests add column price numeric;\nupdate ai_requests set price = tokens * 0.002;\n`
cpSync(join(root, 'examples/link'), platform, { recursive: true, filter: (path) => !path.endsWith('.skein') })

try {
  run(['embedded', 'start'])
  draw('first', [[], ['status', 'ai-svc'], ['help', 'LOCK-TIMEOUT']])
  draw('up', [['plan', '--why', 'chat-svc', '--with-needs'], ['up'], ['status'], ['down', 'chat-svc', '--yes']])
  writeFileSync(join(platform, 'ai-svc/migrations/005_price_requests.up.sql'), failing)
  draw('error', [['up', '--verbose'], ['statsu'], []])
} finally {
  run(['embedded', 'remove'])
  rmSync(folder, { recursive: true, force: true })
}

/** One picture: commands and what each printed. */
function draw(name, commands) {
  const lines = []
  for (const words of commands) {
    lines.push(`\u001b[1m$ skein ${words.join(' ')}\u001b[22m`.replace(' \u001b', '\u001b'))
    lines.push(...shorten(run(words), words[0] === 'status' ? 9 : 12), '')
  }
  writeFileSync(join(root, `docs/pictures/${name}.svg`), svg(lines.slice(0, -1)))
}

function run(words) {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/skein'), ...words], {
    cwd: platform,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '1', CI: undefined, NO_COLOR: undefined, DATABASE_URL: undefined },
  })
  return `${stderr}${stdout}`.trimEnd().split('\n')
}

/** The head and the end of a long output. */
function shorten(output, most) {
  if (output.length <= most) return output
  const head = Math.ceil(most / 2)
  return [...output.slice(0, head), '\u001b[2m…\u001b[22m', ...output.slice(head - most)]
}

function svg(rows) {
  const [size, height, pad] = [13, 19, 18]
  const width = Math.max(...rows.map((row) => stripVTControlCharacters(row).length)) * size * 0.602 + 2 * pad
  const text = rows.map((row, at) => `<text x="${pad}" y="${pad + size + at * height}" xml:space="preserve">${spans(row)}</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${rows.length * height + 2 * pad}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${size}" fill="#d8dee9"><rect width="100%" height="100%" rx="8" fill="#1f2430"/>
${text.join('\n')}
</svg>
`
}

/** SGR colours as tspans: the few that the reports use. */
function spans(row) {
  const styles = {
    1: 'font-weight="bold" fill="#ffffff"',
    2: 'fill="#7b8496"',
    31: 'fill="#ff7a85"',
    32: 'fill="#a6d189"',
    33: 'fill="#e5c890"',
    36: 'fill="#81c8be"',
  }
  const escape = (piece) => piece.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return row
    .split('\u001b[')
    .map((piece, at) => {
      const end = piece.indexOf('m')
      const [code, rest] = at === 0 ? ['', piece] : [piece.slice(0, end), piece.slice(end + 1)]
      if (rest === '') return ''
      return styles[code] === undefined ? escape(rest) : `<tspan ${styles[code]}>${escape(rest)}</tspan>`
    })
    .join('')
}
