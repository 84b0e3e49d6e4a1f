import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

/**
 * A fenced block of a page, tagged in the line that opens it: ```sh run, or ```sh not-run-here. Only what a machine could take is tagged; output (no language, or
 * `text`) and pictures (`mermaid`) are not. `folder` is what the nearest `<!-- folder: … -->` above it says, in which it runs.
 */
export interface Block {
  page: string
  line: number
  language: string
  tag: string | undefined
  folder: string | undefined
  text: string
}

/** The README and every page of docs/. */
export function pages(): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'))
  return ['README.md', ...docs.map((path) => `docs/${path}`)].sort()
}

export function blocksOf(page: string): Block[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n')
  const blocks: Block[] = []
  let folder: string | undefined
  for (let at = 0; at < lines.length; at += 1) {
    folder = /^<!-- folder: (.+) -->$/.exec(lines[at] as string)?.[1] ?? folder
    const opened = /^(\s*)```(\S*)(?: +(\S+))?\s*$/.exec(lines[at] as string)
    if (opened === null) continue
    const end = lines.findIndex((line, from) => from > at && line.trim() === '```')
    if (end === -1) throw new Error(`${page}:${at + 1}: a block that is not closed`)
    const [, indent = '', language = '', tag] = opened
    const text = lines.slice(at + 1, end).map((line) => line.slice(indent.length))
    blocks.push({ page, line: at + 1, language, tag, folder, text: text.join('\n') })
    at = end
  }
  return blocks
}

/** Has this block to say whether it is run? */
export function isCode({ language }: Block): boolean {
  return !['', 'text', 'mermaid'].includes(language)
}
