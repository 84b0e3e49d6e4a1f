import type { Migration } from '../model/migration.ts'
import type { NewEntry } from '../sources/overlays/dependencies/add-entries.ts'
import { effectsOf } from '../sql/effects.ts'
import { isHollow } from '../sql/hollow.ts'

/**
 * An entry of dependencies.json for a migration, read from its files: description from the comment at the top or the name, tables and risk by the
 * parser, no way back where data is dropped or the down is missing. `before`: ids that it stands on; `schema`: of tables that are named without one.
 */
export async function describeMigration(migration: Migration, before: readonly string[], schema: string | undefined): Promise<NewEntry> {
  const up = migration.up?.kind === 'sql' ? migration.up.text() : undefined
  const effects = up === undefined ? undefined : await effectsOf(up)
  if (migration.up?.kind === 'sql') migration.up.forget()
  const qualified = (table: string) => (table.includes('.') || schema === undefined ? table : `${schema}.${table}`)
  return {
    description: header(up ?? '') ?? inWords(migration.name),
    depends_on: before,
    affects_tables: [...new Set((effects?.tables ?? []).map(qualified))],
    estimated_duration: '30s',
    // What nobody could look into may do anything.
    risk_level: effects?.risk ?? 'medium',
    rollback_safe: effects?.loses !== true && hasDown(migration),
  }
}

function hasDown({ down }: Migration): boolean {
  if (down === null) return false
  if (down.kind === 'code') return down.hollow !== true
  const hollow = isHollow(down.text())
  down.forget()
  return !hollow
}

/** The first sentence of the comment that a file begins with; not what a generator or a switch of a tool says. */
function header(text: string): string | undefined {
  const lines = /^\ufeff?\s*((?:--[^\n]*(?:\n|$))+)/.exec(text)?.[1]?.split('\n') ?? []
  const words = lines
    .map((line) => line.replace(/^--+/, '').trim())
    .filter((line) => !/^(?:Your SQL goes here|[+@]|migrate:|skein:|[-=*#]*$)/i.test(line))
    .join(' ')
  const sentence = /^.*?[.!?](?=\s|$)/.exec(words)?.[0] ?? words
  const plain = sentence.replace(/[.:]$/, '').trim()
  return plain === '' || /^TODO\b/.test(plain) ? undefined : /^.{0,200}/su.exec(plain)?.[0]
}

function inWords(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim()
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}
