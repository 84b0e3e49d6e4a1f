import type { Plan } from '../model/plan.ts'
import { approveCommand } from './approve-command.ts'
import { demandsBackup } from './backup-first.ts'
import { unapproved } from './refuse-unapproved.ts'
import type { Survey } from './survey.ts'

/** What the environment in force will ask for before a plan runs and does not have yet, a sentence for each: who only looks should know. */
export async function demandNotes(found: Survey, made: Plan): Promise<string[]> {
  const notes: string[] = []
  const { environment } = found.loaded.workspace
  const asked = await unapproved(found, made)
  if (asked.length > 0)
    notes.push(
      `${environment} wants an approval of ${asked.map((one) => `${one.id} (${one.risk} risk)`).join(', ')}: ${approveCommand(found, made)}`,
    )
  const services = await demandsBackup(found, made.steps)
  if (services.length > 0) notes.push(`${environment} wants a backup before the first step: ${services.join(', ')}`)
  return notes
}
