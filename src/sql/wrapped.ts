import type { FileFacts } from './facts.ts'

/**
 * A file of shape `wrapped` as [head, tail]: the tail begins with its own final COMMIT, and what is put between the two joins the file's
 * transaction. Only for that shape; for another one it is a RangeError.
 */
export function wrappedParts(facts: FileFacts, text: string): [head: string, tail: string] {
  const commit = facts.statements.at(-1)
  if (facts.shape !== 'wrapped' || commit === undefined)
    throw new RangeError(`a file of shape ${facts.shape} has no final COMMIT to stand before`)
  return [text.slice(0, commit.start), text.slice(commit.start)]
}
