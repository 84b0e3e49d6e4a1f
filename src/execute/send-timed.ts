import { isServerError } from '../postgres/server-error.ts'
import type { Statement } from '../sql/facts.ts'
import type { RunOptions } from './options.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { OpenService } from './service-run.ts'

/** What is sent: some of a file's statements, and what of ours stands around them in the message that they would be otherwise. */
interface Message {
  statements: readonly Statement[]
  /** Where in the file's text that message would begin with the file. */
  origin: number
  prefix?: string
  /** Statements in the prefix. */
  before?: number
  tail?: string
}

export interface Sent {
  /** Rejected as the whole message would be: with the position and the number of the statement in it. */
  answer: Promise<void>
  /** From now on statements are told when they end; those that have ended already are told at once. */
  tell(): void
}

/** True where each statement of a step can be timed: somebody asked for it, and it is known where they begin and end. */
export function isTimed(prepared: PreparedStep, options: RunOptions): boolean {
  return options.timeStatements === true && prepared.facts.parsed && prepared.facts.statements.length > 0
}

/**
 * Sends what would be one message as several, a statement in each, all on the wire at once and inside the transaction that is open: the server answers
 * each when it ends, so that its time can be told. Nothing else is different, but that statement_timestamp() is each one's own.
 */
export function sendTimed({ session }: OpenService, prepared: PreparedStep, message: Message, options: RunOptions): Sent {
  const { statements, origin, prefix = '', before = 0, tail = '' } = message
  const { text } = prepared
  const of = prepared.facts.statements.length
  let told = false
  const held: (() => void)[] = []
  const tell = (one: () => void) => (told ? one() : void held.push(one))
  const send = (sql: string) => {
    const answer = session.simple(sql).then(() => options.now())
    // Behind one that failed each fails too; the first is the one that counts.
    answer.catch(() => undefined)
    return answer
  }
  const started = prefix === '' ? Promise.resolve(options.now()) : send(prefix)
  const answers = statements.map(({ start, end }) => send(text.slice(start, end)))
  const end = tail === '' ? undefined : send(tail)
  const answer = follow()
  answer.catch(() => undefined)
  return {
    answer,
    tell: () => {
      told = true
      for (const one of held.splice(0)) one()
    },
  }

  async function follow(): Promise<void> {
    let last = await started
    for (const [at, statement] of statements.entries()) {
      const now = await (answers[at] as Promise<number>).catch((error: unknown) => {
        throw moved(error, Array.from(prefix).length + Array.from(text.slice(origin, statement.start)).length, before + at)
      })
      const ms = now - last
      const line = text.slice(statement.start, statement.end).split('\n', 1)[0] as string
      tell(() => options.emit({ kind: 'statement-done', step: prepared.step, index: statement.index, of, text: line, ms }))
      last = now
    }
    await end?.catch((error: unknown) => {
      throw moved(error, 0, before + statements.length)
    })
  }
}

/** The error as it would be for the whole message. */
function moved(error: unknown, characters: number, statements: number): unknown {
  if (!isServerError(error)) return error
  if (error.position !== undefined) error.position = String(Number(error.position) + characters)
  if (error.completed !== undefined) error.completed += statements
  return error
}
