import { codeStand, stampHeads } from '../../app/code-stand.ts'
import { ownAlembicCommand } from '../../app/own-command.ts'
import { runExactly } from '../../app/run-exactly.ts'
import { SkeinError } from '../../model/errors.ts'
import type { RunEvent } from '../../model/run.ts'
import { type Door, doorPorts, exitAfter } from '../door.ts'
import { Failed, isPreamble } from './print.ts'

type Own = NonNullable<Awaited<ReturnType<typeof ownAlembicCommand>>['left']>

/**
 * The command line of Alembic. `upgrade`, `downgrade` and `stamp` are Skein's: the service's own Alembic says which revisions they mean, and they are run
 * locked, planned and in the ledger. Everything else, usage and errors of the command line included, is said and done by that Alembic. Exits with 0, with 1
 * when a revision fails, with 255 where the command is refused, 2 for usage. Source: Alembic 1.16.5 config.py, command.py.
 */
export const alembic: Door = async (words, around) => {
  const ports = doorPorts(around, 'alembic', told)
  try {
    const { exit, left } = await ownAlembicCommand(words, ports, (text, stream) => void around[stream].write(text))
    if (left !== undefined) await carryOut(left)
    return exitAfter(around, exit)
  } catch (error) {
    if (error instanceof Failed) {
      around.stderr.write(`${error.message}\n`)
      return exitAfter(around, 1)
    }
    const message = error instanceof Error ? error.message : String(error)
    const hint = error instanceof SkeinError ? error.details.hint : undefined
    around.stdout.write(`FAILED: ${message}${hint === undefined ? '' : `\n  ${hint}`}\n`)
    return exitAfter(around, 255)
  }

  /** Its logging says what runs, and how often: env.py is run again for each revision, and says only once what it says before. */
  function told(event: RunEvent): void {
    if (event.kind === 'output' && !isPreamble(event.line)) around[event.stream].write(`${event.line}\n`)
  }

  async function carryOut({ asked, request }: Own): Promise<void> {
    if (asked.command === 'stamp') return void (await stampHeads(asked.heads, request, ports))
    if (asked.steps.length === 0) return
    const { parents } = await codeStand(request, ports)
    const direction = asked.command === 'upgrade' ? 'up' : 'down'
    const reports = await runExactly(direction, asked.steps, (version) => parents.get(version) ?? [], request, ports)
    const failed = reports.flatMap(({ run }) => run?.steps ?? []).find((one) => one.error !== undefined && one.outcome !== 'skipped')
    if (failed?.error !== undefined) throw new Failed(failed.error.message.replace(`${failed.step.id}: `, ''))
  }
}
