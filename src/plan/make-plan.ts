import type { Plan, PlanRequest } from '../model/plan.ts'
import type { Fleet } from './fleet.ts'
import { planDown } from './plan-down.ts'
import { planGoto } from './plan-goto.ts'
import { planRedo } from './plan-redo.ts'
import { planReset } from './plan-reset.ts'
import { planUp } from './plan-up.ts'

const verbs = { up: planUp, down: planDown, goto: planGoto, redo: planRedo, reset: planReset }

/** The plan of a request. The same request and the same fleet, in whatever order it comes, give the same plan. Throws what the verb's own function says. */
export function makePlan(fleet: Fleet, request: PlanRequest): Plan {
  return verbs[request.verb](fleet, request)
}
