import type { RunEvent } from '../model/run.ts'

/**
 * Events in the words of a home-made Go runner whose lines monitoring may already look for: `[discovery-svc-migrations] Successfully applied migration …`.
 * A service's words begin when its first step does; `pending` tells how many it has.
 */
export function linkWords(): (event: RunEvent) => string[] {
  const begun = new Map<string, number>()
  return (event) => {
    if (event.kind === 'step-started') {
      const { service, direction } = event.step
      if (begun.has(service)) return []
      begun.set(service, 0)
      return [`${head(service)} Starting migration ${direction} for service: ${short(service)}`]
    }
    if (event.kind === 'step-done') {
      const { service, direction, name } = event.step
      begun.set(service, (begun.get(service) ?? 0) + 1)
      return [
        `${head(service)} Successfully ${direction === 'up' ? 'applied' : 'rolled back'} migration ${fileLike(event.step.version, name)}`,
      ]
    }
    if (event.kind === 'step-failed')
      return [`${head(event.step.service)} Failed migration ${fileLike(event.step.version, event.step.name)}: ${event.error.message}`]
    if (event.kind === 'run-ended') {
      const failed = new Set(event.result.steps.filter((step) => step.outcome !== 'done').map((step) => step.step.service))
      return [...begun.keys()]
        .filter((service) => !failed.has(service))
        .map((service) => `${head(service)} All migrations completed successfully`)
    }
    return []
  }
}

function head(service: string): string {
  return `[${short(service)}-migrations]`
}

function short(service: string): string {
  return service.slice(service.lastIndexOf('/') + 1)
}

/** `001_create_users`: three digits, as the files have them. */
function fileLike(version: string, name: string): string {
  return /^\d+$/.test(version) ? `${version.padStart(3, '0')}_${name}` : name
}
