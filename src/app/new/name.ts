import { SkeinError } from '../../model/errors.ts'

/**
 * The words of a name, in lower case: `add user preferences`, `AddUserPreferences` and `add-user_preferences` are the same three. Throws USAGE for a name without a
 * letter or digit, and for one that says where the file goes.
 */
export function wordsOf(name: string): string[] {
  // oxlint-disable-next-line no-control-regex -- these are what a file's name must not have
  if (/[/\\\u0000-\u001f\u007f]/.test(name))
    throw new SkeinError('USAGE', {
      message: `${JSON.stringify(name)} cannot be the name of a migration: it has a path separator or a control character`,
      hint: 'the folder is that of the service; skein new SERVICE NAME',
    })
  const words = name
    .normalize('NFC')
    .replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1 ')
    .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ')
    .match(/[\p{L}\p{M}\p{N}]+/gu)
  if (words === null)
    throw new SkeinError('USAGE', {
      message: `a migration needs a name, and ${JSON.stringify(name)} has no letter`,
      hint: 'skein new SERVICE NAME',
    })
  return words.map((word) => word.toLowerCase())
}

/** The words as a sentence: `Add user preferences`. */
export function sentenceOf(words: readonly string[]): string {
  const sentence = words.join(' ')
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1)
}

/** Throws USAGE where a file system would not take one of the names: 255 bytes are what they hold. */
export function refuseLongNames(names: readonly string[]): void {
  const long = names.flatMap((name) => name.split('/')).find((part) => Buffer.byteLength(part) > 255)
  if (long === undefined) return
  throw new SkeinError('USAGE', {
    message: `${long.slice(0, 40)}… would be a name of ${Buffer.byteLength(long)} bytes, and file systems hold 255`,
    hint: 'give it a shorter name',
  })
}
