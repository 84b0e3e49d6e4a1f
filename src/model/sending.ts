import type { Direction, Migration, Sending } from './migration.ts'

/** How the tool sends a migration in this direction. */
export function sendingOf(migration: Pick<Migration, 'sending' | 'downSending'>, direction: Direction): Sending {
  return (direction === 'down' ? migration.downSending : undefined) ?? migration.sending
}
