/** The licences of what is bundled: whoever gives a bundle away gives these along. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bundle.mjs'

/**
 * One text for each licence in other words, under the packages that the bundles of these esbuild results hold and whose it is, with their copyright
 * lines. Throws for a package that does not say its licence.
 */
export function licensesOf(results) {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs))
  const names = new Set(inputs.flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []))
  const texts = new Map()
  for (const name of [...names].sort((a, b) => (a < b ? -1 : 1))) {
    const { heading, words } = licenseOf(name)
    texts.set(words, [...(texts.get(words) ?? []), heading])
  }
  return [...texts].map(([words, headings]) => `${headings.join('\n')}\n\n${words}\n`).join(`\n${'-'.repeat(80)}\n\n`)
}

function licenseOf(name) {
  const folder = join(root, 'node_modules', name)
  const { version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (license === undefined && file === undefined) throw new Error(`${name} does not say its licence`)
  const lines = file === undefined ? [] : readFileSync(join(folder, file), 'utf8').split(/\r?\n/)
  const isWhose = (line) => /^\W*copyright\b.*(\d{4}|\(c\)|©)/i.test(line)
  const whose = lines.filter(isWhose).map((line) => line.trim())
  const by = typeof author === 'string' ? author : (author?.name ?? '')
  const words = lines
    .filter((line) => !isWhose(line))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^ ?(\(?(The )?MIT( License)?( \(MIT\))?\)?|ISC License|License) /i, '')
    .trim()
  return {
    heading: `${name} ${version} (${license ?? 'see below'})${[...whose, ...(file === undefined ? [by] : [])].map((line) => `\n  ${line}`).join('')}`,
    words: words === '' ? `The package has no text of its licence, ${license}.` : words,
  }
}
