import { type ErrorCode, type Place, SkeinError } from '../model/errors.ts'

/** One thing that is wrong with a workspace file: collected, so that all are shown together. */
export interface Problem {
  code: ErrorCode
  message: string
  hint?: string
  place: Place
}

/**
 * Throws what was collected as one error, or nothing when nothing was. One problem keeps its own code and place; several share theirs
 * when they agree, else they are CONFIG-INVALID. `details.data.problems` has each.
 */
export function throwProblems(found: readonly Problem[]): void {
  const problems = found.toSorted((a, b) => (a.place.file === b.place.file ? compareInFile(a.place, b.place) : 0))
  const [first] = problems
  if (first === undefined) return
  const data = { problems: problems.map((problem) => ({ ...problem })) }
  if (problems.length === 1) throw new SkeinError(first.code, { message: first.message, hint: first.hint, place: first.place, data })
  const code = problems.every((problem) => problem.code === first.code) ? first.code : 'CONFIG-INVALID'
  const lines = problems.map(
    (problem) => `  ${placeText(problem.place)}: ${problem.message}${problem.hint === undefined ? '' : ` (${problem.hint})`}`,
  )
  throw new SkeinError(code, {
    message: `${problems.length} problems:\n${lines.join('\n')}`,
    hint: 'mend them and try again; nothing was read or changed',
    place: first.place,
    data,
  })
}

function compareInFile(a: Place, b: Place): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

/** `file:line:column`, as far as known. */
export function placeText(place: Place): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
}

/** A SkeinError that another part threw, as a problem of this place; anything else is thrown on. */
export function problemOf(error: unknown, place: Place): Problem {
  if (!(error instanceof SkeinError)) throw error
  return { code: error.code, message: error.message, hint: error.details.hint, place }
}
