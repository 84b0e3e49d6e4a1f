import type { Plan } from '../model/plan.ts'
import type { Survey } from './survey.ts'

/** The command line that approves a plan: `approve` makes it again, so all that was asked for stands in it. */
export function approveCommand({ loaded }: Pick<Survey, 'loaded'>, { digest, request }: Plan): string {
  const { environment } = loaded.workspace
  const inForce = environment === undefined ? [] : ['--env', environment]
  // Another verb's plan cannot be asked for there.
  if (request.verb !== 'up') return ['skein approve', digest, '--plan FILE', ...inForce].join(' ')
  const { count, withNeeds, withDependants, allowHollow = [], allowUnsafeRollback } = request
  const hollow = allowHollow === true ? ['all'] : allowHollow
  const words = [
    ...(loaded.selected.size === loaded.all.length ? [] : loaded.selected),
    ...(typeof count === 'number' ? [String(count)] : []),
    ...(withNeeds === true ? ['--with-needs'] : []),
    ...(withDependants === true ? ['--with-dependants'] : []),
    ...hollow.flatMap((id) => ['--allow-hollow', id]),
    ...(allowUnsafeRollback === true ? ['--allow-unsafe-rollback'] : []),
  ]
  return ['skein approve', digest, ...words, ...inForce].join(' ')
}
