import type { Style } from '../style.ts'

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

/** `health` for people: a line for each service, and what to do where it is not ready. */
export function humanHealth({ services }: HealthView, style: Style): string {
  return services
    .map((one) => {
      const facts = [one.ahead > 0 ? `${one.ahead} ahead` : '', one.lockHeld ? 'lock held' : ''].filter((fact) => fact !== '')
      const besides = facts.length === 0 ? '' : ` ${style.dim(`(${facts.join(', ')})`)}`
      if (one.why === null) return `${style.green('✓')} ${one.service} ready${besides}\n`
      return `${style.red('✗')} ${one.service} ${one.why.code}: ${one.why.message}${besides}\n  ${one.why.hint}\n`
    })
    .join('')
}

/** The same for strangers on a network: codes without messages, so that no host, role or table is told. */
export function plainReadiness({ services }: HealthView): string {
  const lacking = services.filter((one) => one.why !== null)
  return lacking.length === 0 ? 'ready\n' : `not ready\n${lacking.map((one) => `${one.service}: ${one.why?.code}\n`).join('')}`
}
