/** What a service, an alias and the folder of an included file may be called. A letter first, so that `up wallet 2` can be told apart. */
export const namePattern = /^[A-Za-z][A-Za-z0-9._-]{0,99}$/

/** The rule of {@link namePattern} in words, for messages. */
export const nameRule = 'a name starts with a letter and goes on with at most 99 letters, digits, "-", "_" or "."'

/** Folder names that say what is in them, not whose it is. */
const generic = new Set([
  'migrations',
  'migration',
  'db',
  'database',
  'databases',
  'sql',
  'postgres',
  'postgresql',
  'versions',
  'src',
  'alembic',
])

/** The last part of a path that says whose migrations these are: `services/wallet/migrations` → `wallet`. Undefined when none does. */
export function tellingPart(path: string): string | undefined {
  return path
    .split(/[\\/]+/)
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .findLast((part) => !generic.has(part.toLowerCase()))
}

/** A folder's name made into a service name: other characters become `-`, a start that is no letter goes. `main` when nothing is left. */
export function nameFrom(text: string | undefined): string {
  const cleaned = (text ?? '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .replace(/[-.]+$/, '')
  return cleaned === '' ? 'main' : cleaned.slice(0, 100)
}

/** `name`, or with the first number behind it that makes it different from `taken`. */
export function distinctName(name: string, taken: { has(name: string): boolean }): string {
  if (!taken.has(name)) return name
  for (let count = 2; ; count++) if (!taken.has(`${name}-${count}`)) return `${name}-${count}`
}
