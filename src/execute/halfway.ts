import type { JournalRow } from '../ledger/read.ts'
import { SkeinError } from '../model/errors.ts'
import type { PreparedStep } from './prepare-step.ts'

/** The command that tells what only a person can see, for hints. */
export function markCommand({ step }: Pick<PreparedStep, 'step'>): string {
  return `skein mark ${step.service} ${step.version} --applied|--not-applied --because '…'`
}

/**
 * Refuses a step that broke off in an earlier run and cannot be gone on with: PARTIAL, with the way out. A file that is split is gone on with, by
 * its journal; one with transactions of its own never; and one that was something else then, and says now that nothing of it is done, neither.
 */
export function refuseHalfway(prepared: PreparedStep, journal: JournalRow | undefined): void {
  if (journal === undefined) return
  const unknown = journal.done === 0 && journal.inDoubt === null && journal.hash !== prepared.hash
  if (prepared.mode === 'split' && !unknown) return
  const why =
    prepared.mode === 'controlled'
      ? 'as the file has transactions of its own, nobody but you can tell how far it came'
      : journal.hash === prepared.hash
        ? 'nobody but you can tell how far it came'
        : 'the file is another one now, so nobody but you can tell how far it came'
  throw new SkeinError('PARTIAL', {
    message: `${prepared.step.id} broke off in an earlier run, and ${why}`,
    hint: `see what is there, then say so: ${markCommand(prepared)}`,
    place: prepared.file === null ? undefined : { file: prepared.file },
  })
}
