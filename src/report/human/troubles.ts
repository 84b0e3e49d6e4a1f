/** What is wrong with one service. */
export interface Trouble {
  service: string
  code?: string
  message: string
  hint?: string
}

/** What is wrong with some services, told once. */
export interface SharedTrouble extends Omit<Trouble, 'service'> {
  services: string[]
}

/** Troubles that say the same of several services as one: a server that is down is one trouble, however many services are on it. In the order of their first. */
export function sharedTroubles(troubles: readonly Trouble[]): SharedTrouble[] {
  const shared = new Map<string, SharedTrouble>()
  for (const { service, code, message, hint } of troubles) {
    // Most messages begin with the service that they are about.
    const what = message.startsWith(`${service}: `) ? message.slice(service.length + 2) : message
    const key = JSON.stringify([code, what, hint])
    const known = shared.get(key)
    if (known === undefined) shared.set(key, { services: [service], code, message: what, hint })
    else known.services.push(service)
  }
  return [...shared.values()]
}

/** Up to six names; of more the first five, and how many more. */
export function shortNames(names: readonly string[]): string {
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
}

/** Lines below the first one are indented, so that it is seen whose they are. */
export function indented(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n  ')
}
