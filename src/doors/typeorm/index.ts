import { codeStand, fake } from '../../app/code-stand.ts'
import { ownTypeormCommand } from '../../app/own-command.ts'
import { run } from '../../app/run.ts'
import { SkeinError } from '../../model/errors.ts'
import type { RunEvent } from '../../model/run.ts'
import { type Door, doorPorts, exitAfter } from '../door.ts'
import { errorText, lastExecuted, loadedAlready } from './print.ts'

type Own = NonNullable<Awaited<ReturnType<typeof ownTypeormCommand>>['left']>

/**
 * The command line of TypeORM. `migration:run` and `migration:revert` are Skein's, with TypeORM's words: locked, planned and in the ledger. Everything
 * else, usage and errors of the command line included, is said and done by the service's own TypeORM. Exits with 0 or 1.
 * Source: TypeORM 0.3.31 migration/MigrationExecutor.js.
 */
export const typeorm: Door = async (words, around) => {
  const out = (line: string) => void around.stdout.write(`${line}\n`)
  let said: string | undefined
  const ports = doorPorts(around, 'typeorm', (event) => told(event, out))
  try {
    const { exit, left } = await ownTypeormCommand(words, ports, (text, stream) => void around[stream].write(text))
    if (left === undefined) return exitAfter(around, exit)
    said = left.asked.command
    await (said === 'run' ? migrationRun(left) : migrationRevert(left))
    return exitAfter(around, 0)
  } catch (error) {
    if (said !== undefined) out(`Error during migration ${said}:`)
    around.stderr.write(`${errorText(error)}\n`)
    return exitAfter(around, 1)
  }

  async function migrationRun({ asked, request }: Own): Promise<void> {
    const stand = await codeStand(request, ports)
    const executed = new Set(stand.rows.map(({ name }) => name))
    const pending = stand.versions.filter((version) => !executed.has(version))
    if (pending.length === 0) return out('No migrations are pending')
    out(loadedAlready(stand.rows.length))
    out(`${stand.versions.length} migrations were found in the source code.`)
    const latest = stand.rows.toSorted((a, b) => b.timestamp - a.timestamp)[0]
    if (latest !== undefined) out(lastExecuted(latest))
    out(`${pending.length} migrations are new migrations must be executed.`)
    if (asked.fake) return void (await fake('pending', request, ports))
    refuseFailure((await run({ ...request, verb: 'up' }, ports)).run?.steps)
  }

  async function migrationRevert({ asked, request }: Own): Promise<void> {
    const stand = await codeStand(request, ports)
    const last = stand.rows.at(-1)
    if (last === undefined) return out('No migrations were found in the database. Nothing to revert!')
    if (!stand.versions.includes(last.name))
      throw new Error(
        `TypeORMError: No migration ${last.name} was found in the source code. Make sure you have this migration in your codebase and its included in the connection options.`,
      )
    const applied = stand.versions.filter((version) => stand.rows.some(({ name }) => name === version))
    if (!asked.fake && applied.at(-1) !== last.name)
      throw new SkeinError('USAGE', {
        message: `${last.name} was run last, and ${applied.at(-1)} stands behind it: migrations are taken back in their order`,
        hint: 'take that one back first: skein down',
      })
    out(loadedAlready(stand.rows.length))
    out(lastExecuted(last))
    out('Now reverting it...')
    if (asked.fake) {
      await fake({ revert: last.name }, request, ports)
      return out(`Migration ${last.name} has been (fake) reverted successfully.`)
    }
    refuseFailure((await run({ ...request, verb: 'down', count: 1 }, ports)).run?.steps)
  }
}

/** Throws what made a step fail, in the words of its program. */
function refuseFailure(steps: readonly { step: { id: string }; outcome: string; error?: { message: string } }[] = []): void {
  const failed = steps.find((one) => one.error !== undefined && one.outcome !== 'skipped')
  if (failed?.error !== undefined) throw new Error(failed.error.message.replace(`${failed.step.id}: `, ''))
}

function told(event: RunEvent, out: (line: string) => void): void {
  if (event.kind === 'step-done')
    out(`Migration ${event.step.version} has been ${event.step.direction === 'up' ? 'executed' : 'reverted'} successfully.`)
  if (event.kind === 'output') out(event.line)
  if (event.kind === 'step-failed' && event.step.direction === 'up') {
    const message = event.error.message.replace(`${event.step.id}: `, '').replace(/^\w*Error: /, '')
    out(`Migration "${event.step.version}" failed, error: ${message}`)
  }
}
