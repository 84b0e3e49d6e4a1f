import type { Risk } from '../model/migration.ts'
import type { Step } from '../model/plan.ts'
import { effectsOf } from '../sql/effects.ts'
import { analyseSafely, loadParser } from '../sql/front.ts'
import type { Looked } from './look.ts'
import { storedDowns } from './stored-downs.ts'
import type { Survey } from './survey.ts'

const ranked: readonly Risk[] = ['low', 'medium', 'high']

/** `one` is as risky as `from`, or riskier. */
export function reaches(one: Risk, from: Risk): boolean {
  return ranked.indexOf(one) >= ranked.indexOf(from)
}

/**
 * How much each step can break, by its id: the higher of what dependencies.json says of the migration and what the parser finds in the text of this
 * direction. What destroys data is high, and so is what nobody can look into, unless it is code of which dependencies.json says less.
 */
export async function risksOf(found: Survey, steps: readonly Step[]): Promise<Map<string, Risk>> {
  await loadParser()
  const stored = await storedDowns(found, { digest: '', basis: '', notes: [], request: { verb: 'up', services: [] }, steps: [...steps] })
  const risks = new Map<string, Risk>()
  for (const step of steps) risks.set(step.id, await riskOf(found.looked.get(step.service) as Looked, step, stored.get(step.id)))
  return risks
}

async function riskOf({ loaded }: Looked, step: Step, stored: string | undefined): Promise<Risk> {
  const migration = loaded.migrations.find((one) => one.version === step.version)
  const declared = migration?.meta?.risk
  const body = migration?.[step.direction]
  if (body?.kind === 'code') return declared ?? 'high'
  const text = body?.text() ?? stored ?? ''
  const effects = await effectsOf(text)
  const facts = await analyseSafely(text)
  body?.forget()
  if (effects === undefined || facts.error !== undefined || facts.statements.some((one) => one.destroys !== undefined)) return 'high'
  return declared !== undefined && reaches(declared, effects.risk) ? declared : effects.risk
}
