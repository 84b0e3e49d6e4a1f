import { storedBodies } from './survey.ts'
import type { Looked } from './look.ts'

/** The texts of a service's applied migrations, in the tool's order. */
export interface AppliedTexts {
  texts: { id: string; text: string }[]
  /** Ids of applied migrations in code, and of those without any text. */
  unread: string[]
}

/** From what the ledger keeps, else from today's files. One connection where there are texts to fetch. */
export async function appliedTexts(looked: Looked): Promise<AppliedTexts> {
  const { migrations, source } = looked.loaded
  const recorded = new Map(looked.ledger?.applied.map((row) => [row.version, row.hash]))
  const begun = looked.ledger?.journal.map((row) => row.version) ?? []
  const versions = [...new Set([...looked.applied.applied.keys(), ...looked.applied.unknown, ...recorded.keys(), ...begun])].sort((a, b) =>
    source.compare(a, b),
  )
  const bodies = await storedBodies(
    looked,
    [...recorded.values()].filter((hash) => hash !== null),
  )
  const answer: AppliedTexts = { texts: [], unread: [] }
  for (const version of versions) {
    const migration = migrations.find((one) => one.version === version)
    const id = migration?.id ?? version
    const up = migration?.up
    const stored = up?.kind === 'code' ? undefined : bodies.get(recorded.get(version) ?? '')
    const text = stored ?? (up?.kind === 'sql' ? up.text() : up === null ? '' : undefined)
    if (text === undefined) answer.unread.push(id)
    else answer.texts.push({ id, text })
  }
  return answer
}
