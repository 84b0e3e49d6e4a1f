import { SkeinError } from '../../model/errors.ts'
import { humanError } from '../../report/human/error.ts'
import { styleOf } from '../../report/style.ts'
import { exitAfter, type Surroundings } from '../door.ts'

/**
 * Does the work of a command and returns its exit code: 0 where it returned true, else 1, as Go's log.Fatal has it; 130 or 143 after a signal. What is
 * thrown is told on stderr.
 */
export async function exitCode(around: Surroundings, work: () => Promise<boolean>): Promise<number> {
  const good = await work().catch((error: unknown) => {
    around.stderr.write(words(error))
    return false
  })
  return good ? 0 : exitAfter(around, 1)
}

function words(error: unknown): string {
  if (error instanceof SkeinError) return humanError({ code: error.code, ...error.details }, styleOf(false))
  return `internal error of skein, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
}
