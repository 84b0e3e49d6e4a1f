import { createHash } from 'node:crypto'
import { byVersion } from '../histories/versions.ts'
import { SkeinError } from '../model/errors.ts'
import type { Step } from '../model/plan.ts'
import { sendingOf } from '../model/sending.ts'
import { analyse, analyseSafely } from '../sql/front.ts'
import { mayBeSent } from '../sql/may-be-sent.ts'
import { stepMode, type PreparedStep } from './prepare-step.ts'
import type { ServiceRun } from './service-run.ts'

/** Above this, the parser gets a thread of its own. */
const large = 256_000

/**
 * A planned step with its text, facts and mode. The down of a migration whose file is gone comes from the ledger (`stored`, by step id). Needs
 * `loadParser()` before. Throws SOURCE-UNREADABLE, FILE-INVALID (a file that must not be sent: NUL, encoding, COPY FROM stdin, psql's own commands).
 */
export async function loadStep(
  service: Pick<ServiceRun, 'migrations' | 'name'>,
  step: Step,
  stored: ReadonlyMap<string, string>,
  serverVersion: number,
): Promise<PreparedStep> {
  const migration = byVersion(service.migrations).get(step.version) ?? goneMigration(step)
  const body = step.direction === 'up' ? migration.up : migration.down
  if (body?.kind === 'code')
    return {
      step,
      migration,
      text: '',
      file: body.file,
      hash: body.sha256(),
      facts: { ...analyse(Buffer.alloc(0)), touchesSession: true },
      mode: 'code',
    }
  const fromLedger = body === null ? stored.get(step.id) : undefined
  const raw = body?.raw() ?? Buffer.from(fromLedger ?? '', 'utf8')
  const facts = raw.length > large ? await analyseSafely(raw) : analyse(raw)
  const text = raw.toString('utf8')
  if (facts.error !== undefined && !mayBeSent(facts.error, serverVersion)) {
    throw new SkeinError('FILE-INVALID', {
      message: `${step.id}: ${facts.error.message}`,
      hint: facts.error.hint,
      service: service.name,
      version: step.version,
      place: { file: body?.file ?? step.id, ...facts.error.place },
    })
  }
  const hash = body === null ? (fromLedger === undefined ? null : createHash('sha256').update(raw).digest('hex')) : body.sha256()
  return {
    step,
    migration,
    text,
    file: body?.file ?? null,
    hash,
    facts,
    mode: stepMode(sendingOf(migration, step.direction), facts, text, serverVersion),
  }
}

/** A migration that the ledger knows and the files do not: enough of it to go down. */
function goneMigration(step: Step): PreparedStep['migration'] {
  return { version: step.version, name: step.name, id: step.name, up: null, down: null, sending: 'split' }
}
