import { SkeinError } from '../model/errors.ts'
import type { AnnotatedName } from './annotated-layout.ts'
import { type Body, described, type Making, titleLike } from './new-files.ts'
import { type FirstNumber, nextNumber } from './next-version.ts'

/** What differs among layouts that keep both directions in one file. */
export interface AnnotatedStyle {
  parse(name: string): AnnotatedName
  parseVersion(text: string): string | undefined
  first: FirstNumber
  /** A text is a whole file and no bare SQL. */
  mark: RegExp
  /** The file, out of its two directions. */
  join(up: string, down: string, alone: boolean): string
}

/** New files of goose and dbmate: `00009_name.sql`. */
export function annotatedMaking(style: AnnotatedStyle): Making {
  return {
    whole: ['sql'],
    draft({ all }, { words, moment }) {
      const digits = all.flatMap(({ id }) => /^\+?([0-9]+)/.exec(id)?.[1] ?? [])
      const label = nextNumber(digits, moment, style.first)
      const version = style.parseVersion(label)
      if (version === undefined)
        throw new SkeinError('USAGE', { message: `the next number would be ${label}, and the tool's column does not hold it` })
      const title = titleLike(
        words,
        all.map(({ name }) => name),
      )
      const id = `${label}_${title}`
      return { version, id, label, concurrently: true, files: (body) => [{ name: `${id}.sql`, text: textOf(style, body) }] }
    },
    parts: (folder) =>
      folder.entries().flatMap((entry) => {
        const parsed = entry.type === 'file' ? style.parse(entry.name) : undefined
        if (parsed?.kind !== 'migration') return []
        return [{ name: entry.name, key: parsed.version, version: parsed.version, id: parsed.base, holds: 'both' as const }]
      }),
    renamed: (part, draft, text) => ({ name: part.name.replace(/^\+?[0-9]+/, draft.label), text }),
  }
}

function textOf(style: AnnotatedStyle, body: Body): string {
  if (!('whole' in body)) return style.join(described(body, 'up'), described(body, 'down'), body.alone)
  // A template of bare SQL is what is done; how to take it back is not known.
  return style.mark.test(body.whole) ? body.whole : style.join(body.whole, '', /\bconcurrently\b/i.test(body.whole))
}
