import type { Step } from '../model/plan.ts'
import type { RunEvent } from '../model/run.ts'

/**
 * Events in the words of a home-made Go runner whose lines monitoring may already look for: `[discovery-svc-migrations] Successfully applied migration …`.
 * A service's words begin when its first step does, with how many it has.
 */
export function linkWords(): (event: RunEvent) => string[] {
  const begun = new Set<string>()
  let pending: Readonly<Record<string, number>> = {}
  return (event) => {
    if (event.kind === 'run-started') pending = event.services
    if (event.kind === 'step-started') {
      const { service, direction } = event.step
      if (begun.has(service)) return []
      begun.add(service)
      const count = direction === 'up' ? pending[service] : undefined
      return [
        `${linkHead(service)} Starting migration ${direction} for service: ${short(service)}`,
        ...(count === undefined ? [] : [`${linkHead(service)} Found ${count} pending migrations`]),
      ]
    }
    if (event.kind === 'step-done') {
      const { service, direction } = event.step
      return [`${linkHead(service)} Successfully ${direction === 'up' ? 'applied' : 'rolled back'} migration ${linkName(event.step)}`]
    }
    if (event.kind === 'step-failed')
      return [`${linkHead(event.step.service)} Failed migration ${linkName(event.step)}: ${event.error.message}`]
    if (event.kind === 'run-ended') {
      const failed = new Set(event.result.steps.filter((step) => step.outcome !== 'done').map((step) => step.step.service))
      return [...begun]
        .filter((service) => !failed.has(service))
        .map((service) => `${linkHead(service)} All migrations completed successfully`)
    }
    return []
  }
}

/** `[discovery-svc-migrations]`: what every line of a service begins with. */
export function linkHead(service: string): string {
  return `[${short(service)}-migrations]`
}

/** `001_create_users`: three digits, as the files have them. */
export function linkName({ version, name }: Pick<Step, 'version' | 'name'>): string {
  return /^\d+$/.test(version) ? `${version.padStart(3, '0')}_${name}` : name
}

function short(service: string): string {
  return service.slice(service.lastIndexOf('/') + 1)
}
