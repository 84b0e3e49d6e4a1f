import { SkeinError } from '../model/errors.ts'
import type { Migration } from '../model/migration.ts'
import { didYouMean } from '../util/nearest.ts'
import type { Source } from './source.ts'

/**
 * The migration that a person means by `text`, in this order: its version as the tool writes it or any spelling the tool reads (`000001` for `1`),
 * its id, the name of one of its files, its number with its title (`1_create_users`), a prefix of id or version or the 13 digits of a timestamp
 * at its end that fit one migration only.
 * `head` is the one that nothing stands on, where migrations are a graph. Fewer than eight digits are a number, never a prefix: `2` does not mean `20240101120000`.
 * Throws VERSION-UNKNOWN, naming the candidates (`data.candidates`) where several fit, and the nearest where none does.
 */
export function findMigration(source: Source, migrations: readonly Migration[], text: string): Migration {
  const wanted = withoutDirection(text.trim())
  const version = source.parseVersion(wanted)
  const exact =
    migrations.find((migration) => migration.version === version) ??
    migrations.find((migration) => migration.id === wanted) ??
    migrations.find((migration) => isNumberWithTitle(source, migration, wanted)) ??
    onlyHead(migrations, wanted, text)
  if (exact !== undefined) return exact
  const candidates = isPrefix(wanted) ? migrations.filter((migration) => isMeant(migration, wanted)) : []
  const [only, ...more] = candidates
  if (only !== undefined && more.length === 0) return only
  throw only === undefined ? unknown(text, migrations) : ambiguous(text, candidates)
}

/** `000001_users.up.sql`, `001_users_down.sql` and `2024_x/up.sql` are called by their file. */
function withoutDirection(text: string): string {
  return text.replace(/(?:\/(?:up|down)\.sql|[._](?:up|down)\.sql|\/)$/, '')
}

function isNumberWithTitle(source: Source, migration: Migration, wanted: string): boolean {
  const [, number = '', title] = /^([0-9][0-9-]*)_(.+)$/s.exec(wanted) ?? []
  return title === migration.name && source.parseVersion(number) === migration.version
}

/** Starts with it, ends in it as a TypeORM name does in its timestamp, or is in the file of code that is called so, with or without extension. */
function isMeant({ id, version, up }: Migration, wanted: string): boolean {
  if (id.startsWith(wanted) || version.startsWith(wanted)) return true
  if (/^[0-9]{13}$/.test(wanted) && version.endsWith(wanted)) return true
  const file = up?.kind === 'code' ? up.file.slice(up.file.lastIndexOf('/') + 1) : ''
  return file === wanted || file.replace(/\.[^.]+$/, '') === wanted
}

function onlyHead(migrations: readonly Migration[], wanted: string, text: string): Migration | undefined {
  if (wanted !== 'head' || !migrations.some((migration) => migration.parents !== undefined)) return undefined
  const below = new Set(migrations.flatMap((migration) => migration.parents ?? []))
  const heads = migrations.filter((migration) => !below.has(migration.version))
  if (heads.length > 1) throw ambiguous(text, heads)
  return heads[0]
}

function isPrefix(wanted: string): boolean {
  return wanted !== '' && !/^[0-9]{1,7}$/.test(wanted)
}

function ambiguous(text: string, candidates: readonly Migration[]): SkeinError {
  const ids = candidates.map((migration) => migration.id)
  return new SkeinError('VERSION-UNKNOWN', {
    message: `${text} fits ${ids.length} migrations: ${shortened(ids)}`,
    hint: 'write more of the one you mean',
    version: text,
    data: { candidates: ids },
  })
}

function unknown(text: string, migrations: readonly Migration[]): SkeinError {
  const ids = migrations.map((migration) => migration.id)
  const [first, last] = [ids[0], ids.at(-1)]
  const there = first === undefined ? 'there are no migrations' : `there are ${ids.length}, from ${first} to ${last}`
  return new SkeinError('VERSION-UNKNOWN', {
    message: `no migration is called ${text === '' ? '""' : text}${didYouMean(text, [...ids, ...migrations.map((migration) => migration.version)])}`,
    hint: `${there}; skein status lists them`,
    version: text,
  })
}

function shortened(ids: readonly string[]): string {
  return ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ')
}
