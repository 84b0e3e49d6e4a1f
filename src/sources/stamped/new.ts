import { SkeinError } from '../../model/errors.ts'
import { described, type Making, titleLike } from '../new-files.ts'
import { pairParts, withVersion } from '../new-pair.ts'
import { stampAfter } from '../next-version.ts'
import { parseName, parseVersion, stampOf } from './name.ts'

/** `20240101120000_a1b2c3d4_name.up.sql`: the time in UTC, behind the newest one there is, and eight random digits. */
export const making: Making = {
  whole: [],
  draft({ all }, { words, moment, unique }) {
    const newest = all
      .map(({ id }) => id.slice(0, 14))
      .toSorted()
      .at(-1)
    const label = `${stampAfter(newest ?? '', moment)}_${unique}`
    const title = titleLike(
      words,
      all.map(({ name }) => name),
    )
    const id = `${label}_${title}`
    if (parseVersion(id) === undefined)
      throw new SkeinError('USAGE', {
        message: `${id} has ${id.length} characters, and the column of the version holds 255`,
        hint: 'give it a shorter name',
      })
    return {
      version: id,
      id,
      label,
      concurrently: true,
      files: (body) =>
        (['up', 'down'] as const).map((direction) => ({
          name: `${id}.${direction}.sql`,
          text: 'whole' in body ? body.whole : described(body, direction),
        })),
    }
  },
  // Two names with one stamp are one migration renamed, or two that clash.
  parts: (folder) => pairParts(parseName, folder).map((part) => ({ ...part, key: stampOf(part.id) })),
  renamed: (part, draft, text) => ({
    name: part.name.replace(/^[0-9]{14}_[0-9A-Za-z]{8}/, draft.label),
    text: withVersion(text, draft),
  }),
}
