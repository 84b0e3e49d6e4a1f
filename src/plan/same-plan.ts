import { type ErrorDetails, SkeinError } from '../model/errors.ts'
import type { Plan, PlanRequest, Step } from '../model/plan.ts'

const identity = ['id', 'service', 'version', 'name', 'direction', 'history', 'hash'] as const
/** Told about a step, and only compared where both sides tell. */
const further = ['hollow', 'stored', 'resumes', 'transactional', 'statements', 'file'] as const

/**
 * Makes sure that a plan given from outside (`skein plan --json`) is exactly the plan of what is here now. Every step, edge, hash, the digest
 * and the basis must be equal. Throws PLAN-INVALID when it is no plan, PLAN-CHANGED with the first thing that differs.
 */
export function samePlan(given: unknown, now: Plan): void {
  const plan = readPlan(given)
  for (let position = 0; position < Math.max(plan.steps.length, now.steps.length); position++) {
    const [old, step] = [plan.steps[position], now.steps[position]]
    if (old === undefined && step !== undefined) throw changed(`step ${position + 1} is new: ${step.id}`, step)
    if (old !== undefined && step === undefined) throw changed(`step ${position + 1} is not to be done any more: ${String(old.id)}`)
    if (old !== undefined && step !== undefined) compareSteps(position, old, step)
  }
  if (plan.basis !== now.basis)
    throw changed('the steps are the same, but the databases are not in the state that the plan was made from (basis)')
  if (plan.digest !== now.digest) throw changed('the digest differs: the policies of a service changed, or the given digest was edited')
}

/** The request in a given plan, to plan it again; undefined where it has none. Throws PLAN-INVALID. */
export function requestOf(given: unknown): PlanRequest | undefined {
  const { request } = readPlan(given)
  if (request === undefined) return undefined
  if (!isRecord(request) || !isVerb(request.verb) || !isTexts(request.services)) throw invalid('its request is not one')
  const { verb, services, count, across, version, allowHollow } = request
  const isCount = count === undefined || count === 'all' || (typeof count === 'number' && Number.isInteger(count) && count >= 0)
  const isAcross = across === undefined || across === 'each' || across === 'total'
  const isVersion = version === undefined || version === null || typeof version === 'string'
  const isAllow = allowHollow === undefined || allowHollow === true || isTexts(allowHollow)
  if (!isCount || !isAcross || !isVersion || !isAllow) throw invalid('its request is not one')
  const { withNeeds, withDependants, ignoreDependants, allowUnsafeRollback } = request
  const flags = { withNeeds, withDependants, ignoreDependants, allowUnsafeRollback }
  const set = Object.entries(flags).filter(([, value]) => value !== undefined)
  if (set.some(([, value]) => typeof value !== 'boolean')) throw invalid('its request is not one')
  return { verb, services, count, across, version, allowHollow, ...Object.fromEntries(set.map(([key, value]) => [key, value === true])) }
}

function compareSteps(position: number, old: Record<string, unknown>, step: Step): void {
  const where = `step ${position + 1}`
  for (const key of identity) {
    if (old[key] === step[key]) continue
    if (key === 'id') throw changed(`${where} was ${show(old.id)} and is ${step.id} now`, step)
    if (key === 'hash') throw changed(`the file of ${step.id} changed: ${show(old.hash)} then, ${show(step.hash)} now`, step)
    throw changed(`${where} (${step.id}): ${key} was ${show(old[key])} and is ${show(step[key])} now`, step)
  }
  const [before, after] = [isTexts(old.after) ? old.after.toSorted() : [], step.after.toSorted()]
  const lost = before.find((id) => !after.includes(id))
  const found = after.find((id) => !before.includes(id))
  if (lost !== undefined) throw changed(`${step.id} does not wait for ${lost} any more`, step)
  if (found !== undefined) throw changed(`${step.id} has to wait for ${found} now`, step)
  if (before.length !== after.length) throw changed(`the edges of ${step.id} differ`, step)
  for (const key of further) {
    if (old[key] === undefined || step[key] === undefined || old[key] === step[key]) continue
    throw changed(`${where} (${step.id}): ${key} was ${show(old[key])} and is ${show(step[key])} now`, step)
  }
}

function readPlan(given: unknown): { digest: string; basis: string; steps: Record<string, unknown>[]; request?: unknown } {
  if (!isRecord(given)) throw invalid('it is not an object')
  const { digest, basis, steps, request } = given
  if (typeof digest !== 'string' || typeof basis !== 'string') throw invalid('it has no digest or no basis')
  if (!Array.isArray(steps)) throw invalid('it has no list of steps')
  const read: Record<string, unknown>[] = []
  for (const [position, step] of steps.entries()) {
    if (!isRecord(step) || typeof step.id !== 'string' || !isTexts(step.after))
      throw invalid(`step ${position + 1} has no id or no list "after"`)
    read.push(step)
  }
  return { digest, basis, steps: read, request }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string')
}

function isVerb(value: unknown): value is PlanRequest['verb'] {
  return value === 'up' || value === 'down' || value === 'goto' || value === 'redo' || value === 'reset'
}

function show(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 80) : (JSON.stringify(value) ?? 'nothing')
}

function changed(what: string, step?: Step): SkeinError {
  const details: ErrorDetails = {
    message: `the given plan is not the plan of what is here now: ${what}`,
    hint: 'make a new one with skein plan --json, look at it, and give that',
  }
  if (step !== undefined) Object.assign(details, { service: step.service, version: step.version })
  return new SkeinError('PLAN-CHANGED', details)
}

function invalid(why: string): SkeinError {
  return new SkeinError('PLAN-INVALID', {
    message: `the given plan cannot be read: ${why}`,
    hint: 'give the output of skein plan --json, unchanged',
  })
}
