import { SkeinError } from '../../model/errors.ts'

/** `2 migrations are already loaded in the database.` */
export function loadedAlready(count: number): string {
  return `${count} migrations are already loaded in the database.`
}

/** The line about the last one; the time is the one in its name, as TypeORM has it. */
export function lastExecuted({ name, timestamp }: { name: string; timestamp: number }): string {
  return `${name} is the last executed migration. It was executed on ${new Date(timestamp).toString()}.`
}

/** An error as TypeORM prints one, but without its stack: class and message. What we refuse ourselves comes with what to do next. */
export function errorText(error: unknown): string {
  if (error instanceof SkeinError) {
    const { message, hint } = error.details
    return hint === undefined ? `Error: ${message}` : `Error: ${message}\n  ${hint}`
  }
  const message = error instanceof Error ? error.message : String(error)
  return /^\w*Error: /.test(message) ? message : `Error: ${message}`
}
