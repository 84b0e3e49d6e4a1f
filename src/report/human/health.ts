import type { Style } from '../style.ts'
import { indented, sharedTroubles } from './troubles.ts'

/** What `health` knows, as far as this page shows it. */
export interface HealthView {
  services: {
    service: string
    ready: boolean
    why: { code: string; message: string; hint: string } | null
    ahead: number
    lockHeld: boolean
  }[]
}

/** `health` for people: a line for each service that is ready, and what to do where some are not, once for the same trouble. */
export function humanHealth({ services }: HealthView, style: Style): string {
  const besides = (one: HealthView['services'][number]) => {
    const facts = [one.ahead > 0 ? `${one.ahead} ahead` : '', one.lockHeld ? 'lock held' : ''].filter((fact) => fact !== '')
    return facts.length === 0 ? '' : ` ${style.dim(`(${facts.join(', ')})`)}`
  }
  const ready = services.filter(({ why }) => why === null).map((one) => `${style.green('✓')} ${one.service} ready${besides(one)}\n`)
  const troubles = services.flatMap((one) =>
    one.why === null ? [] : [{ ...one.why, service: one.service, message: `${one.why.message}${besides(one)}` }],
  )
  // All names: here is no other place where one can be found.
  const lacking = sharedTroubles(troubles).map(
    ({ services: names, code, message, hint }) =>
      `${style.red('✗')} ${names.join(', ')} ${code}: ${indented(message)}\n  ${indented(hint ?? '')}\n`,
  )
  return [...ready, ...lacking].join('')
}

/** The same for strangers on a network: codes without messages, so that no host, role or table is told. */
export function plainReadiness({ services }: HealthView): string {
  const lacking = services.filter((one) => one.why !== null)
  return lacking.length === 0 ? 'ready\n' : `not ready\n${lacking.map((one) => `${one.service}: ${one.why?.code}\n`).join('')}`
}
