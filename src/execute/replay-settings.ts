import { SkeinError } from '../model/errors.ts'
import { markCommand } from './halfway.ts'
import type { RunOptions } from './options.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { OpenService } from './service-run.ts'
import { takeBack } from './session-identity.ts'

/**
 * Before a step that stopped goes on in a new session: says again what its done part SET and RESET, so that the rest runs as it would have run
 * (search_path, above all). What lived in the old session in another way, a temporary table for one, cannot be had again: PARTIAL, with the way out.
 */
export async function replaySettings(service: OpenService, prepared: PreparedStep, done: number, options: RunOptions): Promise<void> {
  const changes = prepared.facts.statements.filter((one) => one.index <= done && one.session !== undefined && one.kind !== 'SET LOCAL')
  if (changes.length === 0) return
  const gone = changes.find((one) => one.kind !== 'SET' && one.kind !== 'RESET' && !one.kind.startsWith('DISCARD'))
  if (gone !== undefined) {
    throw new SkeinError('PARTIAL', {
      message: `statement ${gone.index} is done and its effect ended with that session (${gone.session}), so what comes after it cannot go on`,
      hint: `do the rest by hand, or take what is done back; then say so: ${markCommand(prepared)}`,
      place: prepared.file === null ? undefined : { file: prepared.file, line: gone.line, column: gone.column },
    })
  }
  const texts = changes.filter((one) => one.kind === 'SET' || one.kind === 'RESET').map((one) => prepared.text.slice(one.start, one.end))
  for (const text of texts) await service.session.simple(text)
  await takeBack(service, options)
}
