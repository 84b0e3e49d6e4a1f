import { resolve } from 'node:path'
import type { Concluded } from './init-service.ts'
import type { Paper } from './read-papers.ts'

/** Those that may speak of a service: in its migrations folder, or between it and the root. */
export function papersOf(papers: readonly Paper[], root: string, path: string): Paper[] {
  const own = `${resolve(root, path)}/`
  return papers.filter(({ folder }) => own.startsWith(`${folder}/`))
}

/**
 * The name of a golang-migrate table that the papers give: `x-migrations-table=NAME` in what starts it, else the one word NAME_schema_migrations.
 * Undefined when they give none, or several.
 */
export function findTable(papers: readonly Paper[]): Concluded | undefined {
  return (
    single(papers, /x-migrations-table=["']?([A-Za-z0-9_.]+)/g) ??
    single(papers, /(?<![A-Za-z0-9_])([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*_schema_migrations)\b/g)
  )
}

/** The variable that holds the URL of a database: `prefix` is what it must begin with. Undefined when the papers name none, or several. */
export function findVariable(papers: readonly Paper[], prefix = ''): Concluded | undefined {
  return single(papers, new RegExp(`(?<![A-Za-z0-9_])(${prefix}[A-Z0-9_]*DATABASE_URL)\\b`, 'g'))
}

/** What a platform's papers call each tool: its own command or module, or the table that nobody else has. */
const tellTools: Readonly<Record<string, RegExp>> = {
  'golang-migrate': /golang-migrate\b|\bmigrate(?:\/migrate)?\s+-(?:path|source|database)\b/,
  numbered: /\bmigration_records\b/,
}

/** Which of `candidates` the papers speak of; undefined when of none, or of several. */
export function findTool(papers: readonly Paper[], candidates: readonly string[]): Concluded | undefined {
  const found = candidates.flatMap((tool) => {
    const paper = papers.find(({ text }) => tellTools[tool]?.test(text))
    return paper === undefined ? [] : [{ text: tool, because: `${paper.file} speaks of it` }]
  })
  return found.length === 1 ? found[0] : undefined
}

function single(papers: readonly Paper[], pattern: RegExp): Concluded | undefined {
  const found = new Map<string, string>()
  for (const { file, text } of papers) for (const [, word = ''] of text.matchAll(pattern)) if (!found.has(word)) found.set(word, file)
  const [only] = found
  return only === undefined || found.size > 1 ? undefined : { text: only[0], because: `${only[1]} says so` }
}
