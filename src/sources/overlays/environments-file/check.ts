import type { Migration } from '../../../model/migration.ts'
import { didYouMean } from '../../../util/nearest.ts'
import { type Known, meant, seenFrom } from '../dependencies/known.ts'
import type { EnvironmentEntry } from './read-entry.ts'

/** What an entry is checked against. */
export interface Against {
  known: Known
  /** Environments that have a folder, or that the workspace file names, and the usual ones. */
  environments: readonly string[]
  /** The one in force. */
  environment?: string
}

/**
 * Checks one environment of environments.json against the files. The list of migrations decides nothing (folders do), so it has to agree with the
 * folders: what does not exist, lies in another environment's folder, or is left out although it runs, is said.
 */
export function checkEntry(entry: EnvironmentEntry, against: Against): void {
  const { reader, name, keyNode, folder, seeds } = entry
  if (!against.environments.includes(name)) {
    const message = `there is no environment ${name}${didYouMean(name, against.environments)}`
    const remedy = `make the folder ${name}, or name it under environments: in skein.yaml; known: ${against.environments.join(', ')}`
    reader.say('ENVIRONMENTS-UNKNOWN', 'error', keyNode, message, remedy)
  }
  if (folder !== undefined && folder.text.replace(/^\.\/|\/$/g, '') !== name) {
    const message = `migrations of ${name} are said to be in ${folder.text}, and only the folder called ${name} is taken`
    reader.say('ENVIRONMENTS-ELSEWHERE', 'error', folder.node, message, `call the folder ${name}`)
  }
  const [first] = seeds
  if (first !== undefined)
    reader.say('ENVIRONMENTS-SEEDS', 'note', first.node, `seeds of ${name} are listed: skein seed --env ${name} runs these and no others`)
  if (entry.migrations !== undefined) checkMigrations(entry, entry.migrations, against)
}

function checkMigrations(
  entry: EnvironmentEntry,
  items: NonNullable<EnvironmentEntry['migrations']>,
  { known, environment }: Against,
): void {
  const { reader, name } = entry
  const listed = new Set<Migration>()
  for (const { text, node } of items) {
    const all = named(known, text, name)
    const seen = seenFrom(all, name)
    for (const one of seen) listed.add(one)
    if (seen.length > 0) continue
    const [other] = all
    if (other === undefined) {
      const guess = didYouMean(
        text,
        seenFrom(known.all, name).map((one) => one.id),
      )
      reader.say(
        'ENVIRONMENTS-MIGRATION',
        'error',
        node,
        `migrations of ${name}: there is no ${text}${guess}`,
        'write ids, versions or globs',
      )
    } else {
      const message = `migrations of ${name}: ${other.id} lies in ${other.environment}/ and runs there only`
      reader.say(
        'ENVIRONMENTS-ELSEWHERE',
        'error',
        node,
        message,
        `move its files to ${name}/, or beside the base files, or take it off the list`,
      )
    }
  }
  // A list without any base file is about the environment's own folder.
  const isWhole = [...listed].some((one) => one.environment === undefined)
  const unlisted = seenFrom(known.all, name).filter((one) => !listed.has(one) && (isWhole || one.environment === name))
  if (unlisted.length === 0) return
  const message = `migrations of ${name} leave out ${unlisted.map((one) => one.id).join(', ')}, which ${unlisted.length === 1 ? 'runs' : 'run'} there`
  const remedy = 'folders decide what runs where: add it to the list, or move it into the folder of its environment'
  reader.say('ENVIRONMENTS-UNLISTED', name === environment ? 'error' : 'warning', items[0]?.node ?? entry.keyNode, message, remedy)
}

/** An id, a version, a file or a glob (`*`, `?`), with or without the folder of the environment. */
function named(known: Known, text: string, environment: string): Migration[] {
  const word = text.replace(new RegExp(`^(?:\\./)?(?:${escaped(environment)}/)?`), '').replace(/(?:[._](?:up|down))?\.sql$/, '')
  if (!/[*?]/.test(word)) return meant(known, word)
  const pattern = new RegExp(
    `^${word
      .replace(/[^*?]+/g, escaped)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  )
  return known.all.filter((one) => pattern.test(one.id))
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
