import type { Migration } from '../../../model/migration.ts'
import { type Known, meant } from './known.ts'
import type { Entry } from './read-entry.ts'

/** An entry with the migrations it speaks of: more than one only where environments have a file of the same name. */
export interface Matched {
  entry: Entry
  migrations: Migration[]
}

/**
 * Which entry speaks of which migration. `from` is the environment in whose folder the file lies. Says DEPENDENCIES-STRAY, -DUPLICATE, -AMBIGUOUS and
 * -ENVIRONMENT at the entry; such an entry is left out.
 */
export function matchEntries(known: Known, entries: readonly { entry: Entry; from?: string }[]): Matched[] {
  const taken = new Map<Migration, Entry>()
  const spoken = new Set(entries.flatMap(({ entry }) => meant(known, entry.key)))
  const silent = known.all.filter((one) => !spoken.has(one))
  const alike = new Map(silent.flatMap(({ id }) => partsOf(id).map((part) => [part, id] as const)))
  return entries.flatMap(({ entry, from }): Matched[] => {
    const said = entry.meta.environment
    const environment = from ?? (said === 'all' || said === 'base' ? undefined : said)
    const all = meant(known, entry.key)
    if (all.length === 0) return stray(entry, alike)
    const own = all.filter((one) => one.environment === environment)
    const migrations = own.length > 0 ? own : all
    if (disagrees(entry, migrations, from)) return []
    if (new Set(migrations.map((one) => one.id)).size > 1) {
      const ids = migrations.map((one) => `${one.id} (${one.environment ?? 'base'})`).join(' and ')
      entry.reader.say('DEPENDENCIES-AMBIGUOUS', 'error', entry.keyNode, `${entry.key} fits ${ids}`, 'write the id of the one you mean')
      return []
    }
    const other = migrations.map((one) => taken.get(one)).find((one) => one !== undefined)
    if (other !== undefined) {
      // The same key twice is said by the parser.
      if (other.key !== entry.key || other.reader !== entry.reader) {
        const message = `${other.key} (${other.reader.file.file}) and ${entry.key} speak of one migration`
        entry.reader.say('DEPENDENCIES-DUPLICATE', 'error', entry.keyNode, message, 'keep one of them')
      }
      return []
    }
    for (const one of migrations) taken.set(one, entry)
    return [{ entry, migrations }]
  })
}

/** With a number or a title that fits a migration without an entry, it is a typo or was left behind by a new name: what it forbids would hold for nothing. */
function stray(entry: Entry, alike: ReadonlyMap<string, string>): [] {
  const guess = partsOf(entry.key).flatMap((part) => alike.get(part) ?? [])[0]
  const message = `there is no migration ${entry.key}${guess === undefined ? '' : ` (did you mean ${guess}?)`}`
  const remedy =
    guess === undefined ? 'take the entry out, or bring its files back' : 'correct the name: what the entry says holds for nothing'
  entry.reader.say('DEPENDENCIES-STRAY', guess === undefined ? 'warning' : 'error', entry.keyNode, message, remedy)
  return []
}

/** `000001_initial` → `1` and `_initial`. */
function partsOf(id: string): string[] {
  const [, number, title] = /^0*([0-9]+)(?:\D(.+))?$/s.exec(id) ?? []
  return [number === undefined ? [] : [number], title === undefined ? [] : [`_${title}`]].flat()
}

function disagrees(entry: Entry, migrations: readonly Migration[], from: string | undefined): boolean {
  const said = entry.meta.environment
  const folders = [...new Set(migrations.map((one) => one.environment))]
  const where = folders.map((one) => (one === undefined ? 'the base files' : `the folder ${one}`)).join(' and ')
  if (from !== undefined && !folders.includes(from)) {
    const message = `${entry.key} lies in ${where}, and this file speaks of the folder ${from}`
    entry.reader.say('DEPENDENCIES-ENVIRONMENT', 'error', entry.keyNode, message, 'move the entry to the other dependencies.json')
    return true
  }
  if (said === undefined || entry.environmentNode === undefined) return false
  if (folders.some((one) => one === said || (one === undefined && (said === 'all' || said === 'base')))) return false
  const message = `environment of ${entry.key} is ${said}, and its files lie in ${where}`
  const remedy = 'move the files, or correct the entry: where the files lie decides where they run'
  entry.reader.say('DEPENDENCIES-ENVIRONMENT', 'error', entry.environmentNode, message, remedy)
  return true
}
