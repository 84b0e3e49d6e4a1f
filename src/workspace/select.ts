import { SkeinError } from '../model/errors.ts'
import type { Service } from '../model/service.ts'
import { nearest } from '../util/nearest.ts'

/**
 * The services that `words` mean, in the order of `services`; all of them for no words. A word is a full name (`link/ai-svc`), an alias, the end of one
 * behind a `/` where that is unique (`ai-svc`), or a glob over any of these (`*` and `?` stop at `/`, `**` does not).
 * Throws SERVICE-UNKNOWN with the nearest name, SERVICE-AMBIGUOUS with all that fit.
 */
export function selectServices(services: readonly Service[], words: readonly string[]): Service[] {
  if (words.length === 0) return [...services]
  const chosen = new Set(words.flatMap((word) => meant(services, word)))
  return services.filter((service) => chosen.has(service))
}

/** The services that one word means; more than one only for a glob. Empty when it means none. Throws SERVICE-AMBIGUOUS. */
export function matchServices(services: readonly Service[], word: string): Service[] {
  if (/[*?]/.test(word)) {
    const pattern = globPattern(word)
    return services.filter((service) => names(service).some((name) => ends(name).some((end) => pattern.test(end))))
  }
  const exact = services.filter((service) => service.name === word)
  if (exact.length > 0) return exact
  const aliased = services.filter((service) => service.aliases.includes(word))
  const found = aliased.length > 0 ? aliased : services.filter((service) => names(service).some((name) => name.endsWith(`/${word}`)))
  if (found.length < 2) return found
  throw new SkeinError('SERVICE-AMBIGUOUS', {
    message: `${word} fits ${found.length} services: ${found.map((service) => service.name).join(', ')}`,
    hint: 'write one of these names in full',
    data: { services: found.map((service) => service.name) },
  })
}

function meant(services: readonly Service[], word: string): Service[] {
  const found = matchServices(services, word)
  if (found.length > 0) return found
  const known = services.flatMap((service) => names(service).flatMap(ends))
  const guess = nearest(word, known)
  throw new SkeinError('SERVICE-UNKNOWN', {
    message: `there is no service ${word}`,
    hint: guess === undefined ? `services here: ${listed(services)}` : `did you mean ${guess}?`,
    service: word,
    data: { services: services.map((service) => service.name) },
  })
}

function listed(services: readonly Service[]): string {
  const shown = services.slice(0, 12).map((service) => service.name)
  return `${shown.join(', ')}${services.length > shown.length ? ` and ${services.length - shown.length} more (skein status)` : ''}`
}

function names(service: Service): string[] {
  return [service.name, ...service.aliases]
}

/** `a/b/c` → `a/b/c`, `b/c`, `c`. */
function ends(name: string): string[] {
  const parts = name.split('/')
  return parts.map((_, index) => parts.slice(index).join('/'))
}

function globPattern(glob: string): RegExp {
  const parts = glob.split(/(\*\*|\*|\?)/).map((part) => {
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    return part === '?' ? '[^/]' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`)
}
