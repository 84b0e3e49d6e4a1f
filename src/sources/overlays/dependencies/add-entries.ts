import type { Node } from 'jsonc-parser'
import { members, parseJson } from './parse-json.ts'

/** An entry to be added, in the keys of the file. */
export type NewEntry = Readonly<Record<string, string | boolean | readonly string[]>>

/** An entry and its key. */
export interface Addition {
  key: string
  entry: NewEntry
}

/** A new file, for a service that has none. */
export const emptyDependencies = '{\n  "migrations": {}\n}\n'

/**
 * The text with entries added, all else untouched: order, comments, BOM, line ends, final newline. Each stands behind its nearest neighbour by `order`
 * (all ids of the service). Indents and lists are written as the file writes them. Undefined when the text cannot be parsed.
 */
export function addEntries(file: string, text: string, additions: readonly Addition[], order: readonly string[]): string | undefined {
  const json = parseJson(file, Buffer.from(text))
  if (json.root === undefined) return undefined
  const style = styleOf(json.text)
  const parts = additions.map(({ key, entry }) => ({ name: key, value: entryText(entry, style, 2) }))
  const home = members(json.root).find((member) => member.name === 'migrations')?.value
  if (home !== undefined && home.type !== 'object') return undefined
  const edits =
    home === undefined
      ? insertions(json.text, json.root, [{ name: 'migrations', value: objectText(parts, style, 1) }], style, 1, [])
      : insertions(json.text, home, parts, style, 2, order)
  let now = json.text
  for (const { at, text: added } of edits.toSorted((a, b) => b.at - a.at)) now = now.slice(0, at) + added + now.slice(at)
  return `${json.bom ? '\ufeff' : ''}${now}`
}

interface Style {
  /** Empty: everything stands in one line. */
  eol: string
  indent: string
  /** Lists stand in one line. */
  inline: boolean
}

function styleOf(text: string): Style {
  const eol = /\r?\n/.exec(text)?.[0] ?? ''
  const broken = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  '
  const lists = text.match(/\[\s*"[^\]]*\]/g) ?? []
  return { eol, indent: broken, inline: lists.length === 0 || lists.some((list) => !/[\r\n]/.test(list)) }
}

interface Part {
  name: string
  value: string
}

interface Insertion {
  at: number
  text: string
}

/** Where the parts go: behind the last member that comes before them, else before the first one, else into the empty object. */
function insertions(text: string, home: Node, parts: readonly Part[], style: Style, level: number, order: readonly string[]): Insertion[] {
  const all = members(home)
  const line = (each: Part) => `${lineStart(style, level)}${JSON.stringify(each.name)}:${style.eol === '' ? '' : ' '}${each.value}`
  const [first] = all
  if (first === undefined) {
    // What stands in an empty object is blanks, or a comment.
    const [start, end] = [home.offset + 1, home.offset + home.length - 1]
    const at = start + text.slice(start, end).trimEnd().length
    const lineBreak = /[\r\n]/.test(text.slice(at, end)) ? '' : lineStart(style, level - 1)
    return [{ at, text: parts.map(line).join(',') + lineBreak }]
  }
  const rank = new Map(order.map((id, index) => [id, index]))
  const groups = new Map<number, Part[]>()
  for (const part of parts) {
    const own = rank.get(part.name) ?? Infinity
    const anchor = all.findLastIndex(({ name }) => (rank.get(name) ?? Infinity) < own)
    groups.set(anchor, [...(groups.get(anchor) ?? []), part])
  }
  return [...groups].flatMap(([anchor, group]): Insertion[] => {
    const lines = group.map(line).join(',')
    const member = all[anchor]
    if (member === undefined) return [{ at: first.key.offset, text: `${lines.trimStart()},${lineStart(style, level)}` }]
    const at = member.value.offset + member.value.length
    // A comment behind an entry stays with it.
    const [behind = '', comma = ''] = /^[ \t]*(,?)[ \t]*\/(?:\/[^\r\n]*|\*[^\r\n]*?\*\/[ \t]*(?=[\r\n]))/.exec(text.slice(at)) ?? []
    if (behind === '') return [{ at, text: `,${lines}` }]
    const rest = { at: at + behind.length, text: comma === '' ? lines : `${lines},` }
    return comma === '' ? [{ at, text: ',' }, rest] : [rest]
  })
}

function lineStart(style: Style, level: number): string {
  return style.eol === '' ? '' : style.eol + style.indent.repeat(level)
}

function entryText(entry: NewEntry, style: Style, level: number): string {
  return objectText(
    Object.entries(entry).map(([name, value]) => ({
      name,
      value: typeof value === 'object' ? listText(value, style, level + 1) : JSON.stringify(value),
    })),
    style,
    level,
  )
}

function objectText(parts: readonly { name: string; value: string }[], style: Style, level: number): string {
  if (style.eol === '') return `{${parts.map(({ name, value }) => `${JSON.stringify(name)}:${value}`).join(',')}}`
  const inner = style.eol + style.indent.repeat(level + 1)
  return `{${parts.map(({ name, value }) => `${inner}${JSON.stringify(name)}: ${value}`).join(',')}${style.eol}${style.indent.repeat(level)}}`
}

function listText(items: readonly string[], style: Style, level: number): string {
  const texts = items.map((item) => JSON.stringify(item))
  if (texts.length === 0 || style.inline || style.eol === '') return `[${texts.join(style.eol === '' ? ',' : ', ')}]`
  const inner = style.eol + style.indent.repeat(level + 1)
  return `[${texts.map((item) => inner + item).join(',')}${style.eol}${style.indent.repeat(level)}]`
}
