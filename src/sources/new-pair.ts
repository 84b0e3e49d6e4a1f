import { SkeinError } from '../model/errors.ts'
import type { Folder } from '../util/folder.ts'
import type { ParsedName } from './file-layout.ts'
import { described, type Draft, type Making, type Part, titleLike } from './new-files.ts'
import { type FirstNumber, nextNumber } from './next-version.ts'

/** What differs among layouts of counted files with one file for each direction. */
export interface PairStyle {
  parse(name: string): ParsedName
  parseVersion(text: string): string | undefined
  first: FirstNumber
  /** Text put on top of a file, where the runner's own generator writes one. */
  header?(text: string, about: { description: string; label: string; direction: 'up' | 'down' }): string
}

/** New files of golang-migrate and of numbered runners: `000009_name.up.sql` or `009_name_up.sql`, as the newest ones are called. */
export function pairMaking(style: PairStyle): Making {
  return {
    whole: [],
    draft({ all }, { words, moment }) {
      const label = nextNumber(
        all.flatMap(({ id }) => /^[0-9]+/.exec(id)?.[0] ?? []),
        moment,
        style.first,
      )
      const version = style.parseVersion(label)
      if (version === undefined) throw full(label)
      const title = titleLike(
        words,
        all.map(({ name }) => name),
      )
      const newest = all.at(-1)
      const separator = /([._])(?:up|down)\.[^.]*$/.exec((newest?.up ?? newest?.down)?.file ?? '')?.[1] ?? '.'
      const id = `${label}_${title}`
      return {
        version,
        id,
        label,
        concurrently: true,
        files: (body) =>
          (['up', 'down'] as const).map((direction) => ({
            name: `${id}${separator}${direction}.sql`,
            text: 'whole' in body ? body.whole : withHeader(style, direction, label, body),
          })),
      }
    },
    parts: (folder) => pairParts((name) => style.parse(name), folder),
    renamed: (part, draft, text) => ({ name: part.name.replace(/^[0-9]+/, draft.label), text: withVersion(text, draft) }),
  }
}

/** The files of a folder that the layout takes for migrations. */
export function pairParts(parse: PairStyle['parse'], folder: Folder): Part[] {
  return folder.entries().flatMap((entry): Part[] => {
    const parsed = entry.type === 'file' ? parse(entry.name) : undefined
    if (parsed?.kind !== 'migration') return []
    return [{ name: entry.name, key: parsed.version, version: parsed.version, id: parsed.base, holds: parsed.direction }]
  })
}

/** The line `-- Version: 003` with another number. */
export function withVersion(text: string, { label }: Draft): string {
  return text.replace(/^(\s*--\s*Version:[ \t]*)[0-9]+/im, `$1${label}`)
}

function withHeader(style: PairStyle, direction: 'up' | 'down', label: string, body: Parameters<typeof described>[0]): string {
  if (style.header === undefined || body.description === undefined) return described(body, direction)
  return style.header(body[direction], { description: body.description, label, direction })
}

function full(label: string): SkeinError {
  return new SkeinError('USAGE', {
    message: `the next number would be ${label}, and the tool's column does not hold it`,
    hint: 'a number that is far too great is among the files: give that one a smaller one',
  })
}
