import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { relativeLabel } from '../../util/folder.ts'

/** A text beside the migrations in which people say how they are run. */
export interface Paper {
  /** Relative to the workspace. */
  file: string
  /** Absolute folder that it speaks of: the one it stands in, or the one around docs/ and the like. */
  folder: string
  text: string
}

/** Guides, and what starts the tools. A real .env is not among them: it holds secrets. */
const telling =
  /^(?:.*\.md|makefile|justfile|procfile|dockerfile.*|taskfile\.ya?ml|(?:docker-)?compose.*\.ya?ml|\.env\.(?:example|sample|template|dist)|.*\.mk|.*\.sh|package\.json|go\.mod)$/i

const inside = ['docs', 'doc', 'scripts', 'deploy', 'cmd', '.github']
const largest = 256 * 1024
const most = 400

/** The papers of the workspace and of each folder between it and a migrations folder, nearest to the root first. What cannot be read is passed over. */
export function readPapers(root: string, paths: readonly string[]): Paper[] {
  const folders = new Set([resolve(root)])
  for (const path of paths) {
    const chain: string[] = []
    for (let at = resolve(root, path); at.startsWith(resolve(root)) && at !== resolve(root); at = dirname(at)) chain.unshift(at)
    for (const folder of chain) folders.add(folder)
  }
  const papers: Paper[] = []
  for (const folder of folders)
    for (const place of [folder, ...inside.map((name) => join(folder, name))])
      papers.push(...papersIn(place, folder, root, most - papers.length))
  return papers
}

function papersIn(place: string, folder: string, root: string, limit: number): Paper[] {
  return entriesOf(place)
    .filter((entry) => entry.isFile() && telling.test(entry.name))
    .slice(0, Math.max(0, limit))
    .flatMap((entry) => {
      const path = join(place, entry.name)
      try {
        return statSync(path).size > largest ? [] : [{ file: relativeLabel(path, root), folder, text: readFileSync(path, 'utf8') }]
      } catch {
        return []
      }
    })
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}
