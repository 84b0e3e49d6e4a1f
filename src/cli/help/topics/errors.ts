import { knownCodes } from '../../../app/known.ts'
import type { Topic } from '../topic.ts'

const codes = knownCodes().filter(({ exit }) => exit !== undefined)

export const errors: Topic = {
  name: 'errors',
  about: 'every error code, and how to read a message',
  text: `A message has a code, what happened to what, its place, and what to type next:

  VERSION-UNKNOWN: shop has no version 33 (did you mean 3?)
    next: skein status shop lists its versions

\`skein help VERSION-UNKNOWN\` says more of a code, or of a rule of skein
validate. A code is never reused. By exit code:

${byExit()}`,
  more: ['reference/errors.md', 'reference/findings.md'],
}

function byExit(): string {
  const exits = [...new Set(codes.map(({ exit }) => exit))]
  return exits
    .flatMap((exit) =>
      wrapped(
        String(exit).padStart(3),
        codes.filter((one) => one.exit === exit).map(({ code }) => code),
      ),
    )
    .join('\n')
}

/** Words in lines of 78 characters, behind a number that stands in the first line only. */
function wrapped(head: string, words: readonly string[]): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length + 1 > 78) lines.push(`  ${lines.length === 0 ? head : '   '}  ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
