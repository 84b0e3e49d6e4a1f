import type { Paper } from './read-papers.ts'

/** An order of services that a guide gives: the tiers in order, each with the words that it uses for its services. */
export interface FoundTiers {
  file: string
  tiers: { name: string; services: { path: string; word: string }[] }[]
}

/**
 * Looks in the guides for a list of tiers: a table with a column `tier` and one of services, or a numbered list `1. **Name**: a, b`. It counts when
 * it puts every service in exactly one tier and has services in two at least: what is said of some of them only may be said of something else.
 */
export function findTiers(papers: readonly Paper[], services: readonly { path: string; folder: string }[]): FoundTiers | undefined {
  for (const { file, text } of papers) {
    if (!file.toLowerCase().endsWith('.md')) continue
    for (const list of [...tables(text), ...numberedLists(text)]) {
      const tiers = list.map(({ name, words }) => ({
        name,
        services: words.flatMap((word) => services.filter((one) => isCalled(one.folder, word)).map(({ path }) => ({ path, word }))),
      }))
      const placed = tiers.flatMap((tier) => tier.services.map(({ path }) => path))
      const isWhole = placed.length === services.length && new Set(placed).size === services.length
      const names = new Set(tiers.map(({ name }) => name))
      if (isWhole && names.size === tiers.length && tiers.filter((tier) => tier.services.length > 0).length > 1) return { file, tiers }
    }
  }
  return undefined
}

/** A folder `tenant_service` is what people call `tenant`. */
function isCalled(folder: string, word: string): boolean {
  return folder === word || folder.replace(/[_-](?:service|svc)$/, '') === word
}

interface Row {
  name: string
  words: string[]
}

function tables(text: string): Row[][] {
  return [...text.matchAll(/(?:^[ \t]*\|.*\|[ \t]*(?:\r?\n|$))+/gm)].flatMap(([block]) => {
    const [head = [], rule, ...rows] = block.trim().split(/\r?\n/).map(cells)
    const at = (pattern: RegExp) => head.findIndex((cell) => pattern.test(cell))
    const [tier, name, services] = [at(/^tiers?$/i), at(/^name$/i), at(/^services?$/i)]
    if (rule === undefined || tier < 0 || services < 0) return []
    return [rows.flatMap((row) => expanded(row[tier] ?? '', row[name < 0 ? tier : name] ?? '', wordsOf(row[services] ?? '')))]
  })
}

function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

/** `3–5 | A, B, C Services | none` is three tiers without services. */
function expanded(number: string, name: string, words: string[]): Row[] {
  const [, from, to] = /^(\d+)\s*[–-]\s*(\d+)$/.exec(number) ?? []
  if (from === undefined || to === undefined) return name === '' ? [] : [{ name, words }]
  const names = name.split(/\s*,\s*/)
  if (names.length !== Number(to) - Number(from) + 1) return [{ name, words }]
  const kind = /\s\S+$/.exec(names.at(-1) ?? '')?.[0] ?? ''
  return names.map((one, at) => ({ name: one.endsWith(kind) ? one : `${one}${kind}`, words: at === 0 ? words : [] }))
}

const numbered = /^[ \t]*\d+[.)][ \t]+\*{0,2}([^*:\n]+?):?\*{0,2}[ \t]*:?[ \t]*([^*:\n]*)$/

function numberedLists(text: string): Row[][] {
  const lists: Row[][] = [[]]
  for (const line of text.split(/\r?\n/)) {
    const [, name, words] = numbered.exec(line) ?? []
    if (name !== undefined) lists.at(-1)?.push({ name: name.trim(), words: wordsOf(words ?? '') })
    else if (line.trim() !== '') lists.push([])
  }
  return lists.filter((list) => list.length > 1)
}

function wordsOf(text: string): string[] {
  return text
    .replace(/\([^)]*\)/g, '')
    .split(/[,;\s]+|\band\b/)
    .map((word) => word.replaceAll('`', '').trim())
    .filter((word) => word !== '')
}
