import type { Node } from 'jsonc-parser'
import { members, parseJson } from './parse-json.ts'

/** An entry to be added, in the keys of the file. */
export type NewEntry = Readonly<Record<string, string | boolean | readonly string[]>>

/** An entry and the key that it stands behind; undefined: at the end. */
export interface Addition {
  key: string
  after?: string
  entry: NewEntry
}

/** A new file, for a service that has none. */
export const emptyDependencies = '{\n  "migrations": {}\n}\n'

/**
 * The text with entries added, all else untouched: order, comments, BOM, line ends, final newline. Indents and lists are written as the file writes them.
 * Undefined when the text cannot be parsed.
 */
export function addEntries(file: string, text: string, additions: readonly Addition[]): string | undefined {
  let now = text
  for (const { key, after, entry } of additions) {
    const json = parseJson(file, Buffer.from(now))
    if (json.root === undefined) return undefined
    const style = styleOf(json.text)
    const home = members(json.root).find((member) => member.name === 'migrations')?.value
    const own = { name: key, value: entryText(entry, style, 2) }
    const added =
      home === undefined
        ? insert(json.text, json.root, undefined, { name: 'migrations', value: objectText([own], style, 1) }, style, 1)
        : home.type === 'object'
          ? insert(json.text, home, after, own, style, 2)
          : undefined
    if (added === undefined) return undefined
    now = `${json.bom ? '\ufeff' : ''}${added}`
  }
  return now
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

function insert(
  text: string,
  home: Node,
  after: string | undefined,
  { name, value }: { name: string; value: string },
  style: Style,
  level: number,
): string {
  const all = members(home)
  const before = all.findLast((member) => member.name === after) ?? all.at(-1)
  const line = `${style.eol}${style.eol === '' ? '' : style.indent.repeat(level)}${JSON.stringify(name)}:${style.eol === '' ? '' : ' '}${value}`
  if (before !== undefined) {
    const at = before.value.offset + before.value.length
    return `${text.slice(0, at)},${line}${text.slice(at)}`
  }
  // What stands in an empty object is blanks, or a comment.
  const [at, end] = [home.offset + 1, home.offset + home.length - 1]
  const inside = text.slice(at, end).trimEnd()
  return `${text.slice(0, at)}${inside}${line}${style.eol}${style.eol === '' ? '' : style.indent.repeat(level - 1)}${text.slice(end)}`
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
