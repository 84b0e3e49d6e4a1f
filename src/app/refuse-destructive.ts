import { type Place, SkeinError } from '../model/errors.ts'
import type { Plan, Step } from '../model/plan.ts'
import type { Restriction, Restrictions } from '../model/service.ts'
import { analyseSafely, loadParser } from '../sql/front.ts'
import { refuseFindings, type Loaded } from './load.ts'
import type { Looked } from './look.ts'
import { storedDowns } from './stored-downs.ts'
import type { Survey } from './survey.ts'

/** A planned statement, or a whole file, that the environment in force does not allow. */
interface Loss {
  step: string
  service: string
  /** The statement by its first words, `code`, or `file`. */
  kind: string
  what: string
  unseen: boolean
  place: Place
}

/**
 * Refuses a plan whose environment does not allow statements that destroy data, when it has such statements, in either direction: going back destroys
 * as well as going forward. Every statement is judged by the parser; what cannot be looked into (files that do not parse, code, dynamic SQL)
 * counts as destroying, the last two unless `allow: { code: true }`. Costs nothing where nothing is forbidden. Throws DESTRUCTIVE-REFUSED.
 */
export async function refuseDestructive(found: Survey, made: Plan): Promise<void> {
  refuseReset(found, made.request.verb, new Set(made.steps.map((step) => step.service)))
  const restricted = made.steps.filter((step) => restrictionsOf(found, step.service)?.destructive !== undefined)
  if (restricted.length === 0) return
  await loadParser()
  const stored = await storedDowns(found, { ...made, steps: restricted })
  const losses: Loss[] = []
  for (const step of restricted) {
    const { code } = restrictionsOf(found, step.service) as Restrictions
    for (const loss of await lossesOf(found.looked.get(step.service) as Looked, step, stored.get(step.id)))
      if (!(loss.unseen && code && loss.kind !== 'file')) losses.push(loss)
  }
  const [first] = losses
  if (first === undefined) return
  throw refusal(found, first, losses)
}

/** Refuses the verbs that take everything away where the environment forbids them, and any that writes while environments.json cannot be used. Throws DESTRUCTIVE-REFUSED, SOURCE-INVALID. */
export function refuseForbidden(found: Survey, verb: string): void {
  refuseUnreadPolicies(found.loaded)
  refuseReset(found, verb, found.loaded.selected)
}

function refuseReset(found: Survey, verb: string, services: ReadonlySet<string>): void {
  if (verb !== 'reset' && verb !== 'drop' && verb !== 'clean') return
  for (const name of services) {
    const restrictions = restrictionsOf(found, name)
    const by = restrictions?.reset ?? (verb === 'reset' ? undefined : restrictions?.destructive)
    if (by === undefined) continue
    throw new SkeinError('DESTRUCTIVE-REFUSED', {
      message: `${name}: ${verb} is not allowed in ${found.loaded.workspace.environment} (${told(by)})`,
      hint: `say true there, once it is meant; nothing was run`,
      service: name,
      place: by.place,
    })
  }
}

/** A policy that cannot be read may be the one that forbids this. */
function refuseUnreadPolicies(loaded: Loaded): void {
  refuseFindings(loaded, (finding) => finding.rule.startsWith('ENVIRONMENTS-'))
}

async function lossesOf(looked: Looked, step: Step, stored: string | undefined): Promise<Loss[]> {
  const body = looked.loaded.migrations.find((migration) => migration.version === step.version)?.[step.direction]
  const about = { step: step.id, service: step.service }
  const file = body?.file ?? `${step.id} (text from the ledger)`
  if (body?.kind === 'code') {
    return [{ ...about, kind: 'code', what: 'is a migration in code, which cannot be judged', unseen: true, place: { file } }]
  }
  const facts = await analyseSafely(body?.raw() ?? stored ?? '')
  if (facts.error !== undefined) {
    const what = `cannot be judged: ${facts.error.message}`
    return [{ ...about, kind: 'file', what, unseen: true, place: { file, ...facts.error.place } }]
  }
  return facts.statements.flatMap(({ kind, destroys, line, column }) =>
    destroys === undefined
      ? []
      : [{ ...about, kind, what: destroys.what, unseen: destroys.unseen === true, place: { file, line, column } }],
  )
}

function refusal(found: Survey, first: Loss, losses: readonly Loss[]): SkeinError {
  const by = restrictionsOf(found, first.service)?.destructive as Restriction
  const { environment } = found.loaded.workspace
  const lines = losses.map(({ place, kind, what }) => `  ${text(place)}: ${kind === 'code' || kind === 'file' ? '' : `${kind} `}${what}`)
  const code = losses.some((loss) => loss.unseen && loss.kind !== 'file')
    ? `; what cannot be looked into may run with environments.${environment}.allow: { destructive: false, code: true } in skein.yaml`
    : ''
  return new SkeinError('DESTRUCTIVE-REFUSED', {
    message: `${environment} does not allow what destroys data (${told(by)}):\n${lines.join('\n')}`,
    hint: `write a migration that keeps the data, or say true there, once this is meant${code}; nothing was run`,
    service: first.service,
    place: first.place,
    data: {
      environment,
      policy: by,
      statements: losses.map(({ step, kind, what, unseen, place }) => ({ step, kind, what, unseen, place })),
    },
  })
}

function restrictionsOf(found: Survey, name: string): Restrictions | undefined {
  return found.looked.get(name)?.loaded.service.restrictions
}

function told({ key, place }: Restriction): string {
  return `${key}, ${text(place)}`
}

function text({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}
