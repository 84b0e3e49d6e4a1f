import { count } from '../duration.ts'
import type { Style } from '../style.ts'

/** What `approve` reports, as far as this page shows it. */
export interface ApproveView {
  digest: string
  databases: string[]
  steps: { step: string; name: string; risk: string | null; asked: boolean }[]
}

/** What was approved, where that is written, and of which steps it was asked. */
export function humanApprove(view: ApproveView, style: Style): string {
  const steps = view.steps.map((one) => `  ${one.step} ${one.name}${one.asked ? style.yellow(` ${one.risk} risk`) : ''}\n`)
  return `${style.green('✓')} ${style.bold(view.digest.slice(0, 12))} approved: ${count(view.steps.length, 'step')} ${style.dim(`in the ledger of ${view.databases.join(', ')}`)}\n${steps.join('')}`
}
