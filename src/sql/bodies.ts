import type { Node } from 'libpg-query'
import { option, textOf } from './nodes.ts'
import { sessionFunctions } from './session-functions.ts'
import { skeleton } from './skeleton.ts'

/** The source text of a DO block, function or procedure, and its language. */
export interface Body {
  source: string
  language: string
}

/** The body in the options of DO, CREATE FUNCTION, CREATE PROCEDURE. DO means plpgsql when no language is named. */
export function bodyOf(options: Node[] | undefined): Body {
  const source = option(options, 'as')
  const first = source !== null && source !== undefined && 'List' in source ? source.List.items?.[0] : (source ?? undefined)
  return { source: textOf(first) ?? '', language: textOf(option(options, 'language') ?? undefined)?.toLowerCase() ?? 'plpgsql' }
}

/** Whether a body says COMMIT or ROLLBACK by itself. In another language than PL/pgSQL, whether it names the functions that do. */
export function endsTransactions(body: Body): boolean {
  if (!/commit|rollback/i.test(body.source)) return false
  if (body.language !== 'plpgsql') return /(?:commit|rollback)\s*(?:\(|;|$)/im.test(body.source)
  return /(?:^|;|>>|\b(?:begin|then|else|loop))\s*(?:commit|rollback)(?:\s+and\s+(?:no\s+)?chain)?\s*;/i.test(skeleton(body.source))
}

/** What in a body may change the session, or undefined. Careful: dynamic SQL and languages other than PL/pgSQL count, since nobody can look into them. */
export function changesSession(body: Body): string | undefined {
  if (body.language !== 'plpgsql') return `its body is in ${body.language}, which cannot be looked into`
  const code = skeleton(body.source)
  const found = bodySuspects.exec(code) ?? sessionFunctions.exec(code)
  return found === null ? undefined : `its body says ${found[0].replace(/^[^a-z]*(?:(?:begin|then|else|loop)\s+)?/i, '').toUpperCase()}`
}

/**
 * Words that begin a statement which changes the session, temporary relations, and EXECUTE (but not the EXECUTE of triggers and grants).
 */
const bodySuspects =
  /(?:^|;|>>|\b(?:begin|then|else|loop))\s*(?:set|reset|discard|listen|unlisten|prepare|deallocate|load|call)\b|\btemp(?:orary)?\b|\bpg_temp\b|\bexecute\b(?!\s+(?:function|procedure|on)\b)/i
