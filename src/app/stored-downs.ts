import type { Plan } from '../model/plan.ts'
import type { Looked } from './look.ts'
import { storedBodies, type Survey } from './survey.ts'

/** Down texts that the ledger keeps for steps whose file is gone, by step id. Asks the database only when there is such a step. */
export async function storedDowns(found: Survey, made: Plan): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  const steps = made.steps.filter((step) => step.stored === true)
  for (const service of new Set(steps.map((step) => step.service))) {
    const looked = found.looked.get(service) as Looked
    const own = steps.filter((step) => step.service === service)
    const bodies = await storedBodies(
      looked,
      own.flatMap((step) => (step.hash === null ? [] : [step.hash])),
    )
    for (const step of own) {
      const text = step.hash === null ? undefined : bodies.get(step.hash)
      if (text !== undefined) texts.set(step.id, text)
    }
  }
  return texts
}
