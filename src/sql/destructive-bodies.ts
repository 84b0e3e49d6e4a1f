import type { Node } from 'libpg-query'
import { bodyOf } from './bodies.ts'
import type { Destroys } from './facts.ts'
import { skeleton } from './skeleton.ts'

/**
 * The same for the body of a DO block, by its words: strings and comments do not count. A body that runs SQL it makes at run time (EXECUTE), calls a
 * procedure, or is not PL/pgSQL cannot be seen into.
 */
export function bodyDestroys(options: Node[] | undefined): Destroys | undefined {
  const body = bodyOf(options)
  if (body.language !== 'plpgsql') return { what: `is a DO block in ${body.language}, which cannot be seen into`, unseen: true }
  const code = skeleton(body.source)
  for (const [pattern, what] of suspects) if (pattern.test(code)) return { what: `is a DO block that ${what}` }
  const hidden = /\bexecute\b(?!\s+(?:function|procedure|on)\b)|(?:^|;|\b(?:begin|then|else|loop))\s*call\b/i.test(code)
  return hidden ? { what: 'is a DO block that runs SQL made at run time, which cannot be seen into', unseen: true } : undefined
}

const suspects: readonly [RegExp, string][] = [
  [/\bdrop\s+(?:table|schema|type|domain|sequence|extension|database|owned)\b/i, 'drops what holds data'],
  [/\bdrop\b[^;]*\bcascade\b/i, 'drops with CASCADE'],
  [/\balter\s+(?:table|type)\b[^;]*\bdrop\s+(?!constraint\b|not\b|default\b|expression\b|identity\b)/i, 'drops a column'],
  [/\balter\s+table\b[^;]*\b(?:detach\s+partition|no\s+inherit)\b/i, 'takes a partition out'],
  [/\balter\s+table\b[^;]*\balter\b[^;,]*\btype\b/i, 'changes the type of a column'],
  [/(?:^|;|>>|\b(?:begin|then|else|loop))\s*truncate\b/i, 'truncates'],
  [/\bdelete\s+from\b(?:(?!\bwhere\b)[^;])*(?:;|$)/i, 'deletes every row'],
  [/(?<!\bdo\s+)\bupdate\s+(?:only\s+)?[\w.]*\s*(?:(?:as\s+)?\w+\s+)?set\b(?:(?!\bwhere\b)[^;])*(?:;|$)/i, 'overwrites every row'],
  [/\bthen\s+delete\b/i, 'deletes rows'],
]
