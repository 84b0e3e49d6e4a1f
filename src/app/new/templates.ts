import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SkeinError } from '../../model/errors.ts'
import type { Body, Draft } from '../../sources/new-files.ts'
import { didYouMean } from '../../util/nearest.ts'
import { builtIn, nothing } from './bodies.ts'
import type { Subject } from './subject.ts'

/** What a body is made for. */
export interface Occasion {
  type: string | undefined
  /** Absolute folders that may have `templates/` in them. */
  folders: readonly string[]
  /** Extensions of a file that is a whole migration. */
  whole: readonly string[]
  subject: Subject
  description: string
  words: readonly string[]
}

/**
 * The content of a new migration: of the service's own `templates/<type>.up.sql` and `.down.sql` (or one file for both), else the built-in one, else
 * a comment. Placeholders are filled from the name. Throws USAGE for a type that nobody knows.
 */
export function bodyOf(occasion: Occasion, draft: Pick<Draft, 'concurrently' | 'label' | 'id' | 'className' | 'version'>): Body {
  const { type, subject, description } = occasion
  if (type === undefined) return { ...nothing, description }
  const own = ownTemplate(occasion)
  if (own !== undefined) {
    const fill = (text: string) => filled(text, occasion, draft)
    if ('whole' in own) return { whole: fill(own.whole) }
    const [up, down] = [fill(own.up), fill(own.down)]
    return { up, down, alone: /\b(?:concurrently|vacuum)\b/i.test(withoutComments(up + down)) }
  }
  const make = builtIn[type]
  if (make !== undefined) return { ...make(subject, draft.concurrently), description }
  const known = [...new Set([...Object.keys(builtIn), ...occasion.folders.flatMap(templatesIn)])].sort()
  throw new SkeinError('USAGE', {
    message: `there is no template ${type}${didYouMean(type, known)}`,
    hint: `types here: ${known.join(', ')}; one of your own is a file templates/${type}.up.sql beside the migrations`,
  })
}

function ownTemplate({ type, folders, whole }: Occasion): { up: string; down: string } | { whole: string } | undefined {
  for (const folder of folders.map((each) => join(each, 'templates'))) {
    const read = (ending: string) => {
      const path = join(folder, `${type}.${ending}`)
      return existsSync(path)
        ? readFileSync(path, 'utf8')
            .replace(/^\ufeff/, '')
            .replaceAll('\r\n', '\n')
        : undefined
    }
    const [up, down] = [read('up.sql'), read('down.sql')]
    if (up !== undefined) return { up, down: down ?? '' }
    const found = whole.map(read).find((text) => text !== undefined)
    if (found !== undefined) return { whole: found }
    const sql = read('sql')
    if (sql !== undefined) return { up: sql, down: down ?? '' }
  }
  return undefined
}

/** `table` of `table.up.sql`. */
function templatesIn(folder: string): string[] {
  const templates = join(folder, 'templates')
  if (!existsSync(templates)) return []
  return readdirSync(templates).flatMap((name) => /^([\w-]+)\.(?:(?:up\.|down\.)?sql|[cm]?[jt]s)$/.exec(name)?.[1] ?? [])
}

/** `table_name`, also within a word, and `{{table}}`; what is no known placeholder stays as it is. */
function filled(text: string, { subject, description, words }: Occasion, draft: Parameters<typeof bodyOf>[1]): string {
  const name = words.join('_')
  const values: Readonly<Record<string, string>> = {
    name,
    title: name,
    version: draft.label,
    number: draft.label,
    id: draft.id,
    description,
    class: draft.className ?? '',
    classname: draft.className ?? '',
    table: subject.bareTable,
    column: subject.column,
    index: subject.index,
    schema: subject.schema,
    tablename: subject.bareTable,
    columnname: subject.column,
    indexname: subject.index,
    schemaname: subject.schema,
  }
  const braced = text.replace(/\{\{\s*\.?(\w+)\s*\}\}/g, (whole, key: string) => values[key.toLowerCase().replaceAll('_', '')] ?? whole)
  // There these are columns.
  if (/\binformation_schema\b/i.test(braced)) return braced
  return braced
    .replace(/\bidx_table_name_column_name\b/g, subject.index)
    .replaceAll('table_name', subject.bareTable)
    .replaceAll('column_name', subject.column)
    .replaceAll('index_name', subject.index)
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '')
}
