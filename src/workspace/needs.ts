import type { Need, Service } from '../model/service.ts'
import { sources } from '../sources/index.ts'
import { nearest } from '../util/nearest.ts'
import { type ConfigNode, flatten } from './config-tree.ts'
import type { Problem } from './problems.ts'

/**
 * The `needs` of one service as edges with full names and versions as its tool writes them. They are looked up in the file's own services and aliases, then in
 * those of the files it includes, by full or unique short name. To problems: NEED-UNKNOWN, NEED-CYCLE for itself, SERVICE-AMBIGUOUS, CONFIG-INVALID for a
 * version the tool cannot have.
 */
export function needsOf(node: ConfigNode, short: string, services: ReadonlyMap<string, Service>, problems: Problem[]): Need[] {
  const found: Need[] = []
  for (const [index, text] of (node.file.config.services?.[short]?.needs ?? []).entries()) {
    const place = node.file.placeOf(['services', short, 'needs', index])
    const [, word = '', version] = /^([^@]*)(?:@([\s\S]*))?$/.exec(text) ?? []
    const matches = lookUp(node, word.trim())
    const [name] = matches
    if (name === undefined) {
      const known = names(node).map(([known]) => known)
      const guess = nearest(word, known)
      const hint = guess === undefined ? `known here: ${known.join(', ')}` : `did you mean ${guess}?`
      problems.push({ code: 'NEED-UNKNOWN', message: `${node.prefix}${short} needs ${word}, and there is no such service`, hint, place })
    } else if (matches.length > 1) {
      problems.push({
        code: 'SERVICE-AMBIGUOUS',
        message: `${node.prefix}${short} needs ${word}, which fits ${matches.join(' and ')}`,
        hint: 'write the full name',
        place,
      })
    } else if (name === `${node.prefix}${short}`) {
      problems.push({
        code: 'NEED-CYCLE',
        message: `${name} needs itself`,
        hint: 'take it out of needs: the migrations of a service are in order anyway',
        place,
      })
    } else if (version === undefined) {
      found.push({ service: name, because: 'needs' })
    } else {
      const target = services.get(name)
      // Not there: it has a problem of its own, which is reported.
      if (target === undefined) continue
      const parsed = sources.get(target.source)?.parseVersion(version.trim())
      if (parsed === undefined)
        problems.push({
          code: 'CONFIG-INVALID',
          message: `${node.prefix}${short} needs ${text}, and "${version}" cannot be a version of ${target.tool}`,
          place,
        })
      else found.push({ service: name, version: parsed, because: 'needs' })
    }
  }
  return found
}

function lookUp(node: ConfigNode, word: string): string[] {
  const all = names(node)
  const exact = all.filter(([name]) => name === word).map(([, full]) => full)
  const own = exact.filter((full) => !full.slice(node.prefix.length).includes('/'))
  if (own.length > 0) return own.slice(0, 1)
  if (exact.length > 0) return [...new Set(exact)]
  return [...new Set(all.filter(([name]) => name.endsWith(`/${word}`)).map(([, full]) => full))]
}

/** Names and aliases that may be said in this file (relative to it), each with the full name it stands for. */
function names(node: ConfigNode): [string, string][] {
  return flatten(node).flatMap((inner) =>
    Object.entries(inner.file.config.services ?? {}).flatMap(([short, entry]) =>
      [short, ...(entry?.aliases ?? [])].map((name): [string, string] => [
        `${inner.prefix.slice(node.prefix.length)}${name}`,
        `${inner.prefix}${short}`,
      ]),
    ),
  )
}
