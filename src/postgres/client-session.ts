import type { QueryResult } from 'pg'
import { SkeinError } from '../model/errors.ts'
import { addressLabel } from './host-list.ts'
import type { OpenClient } from './open-client.ts'
import { isServerError } from './server-error.ts'
import type { ConnectionSpec, Notice, Session, StatementResult } from './session.ts'

/** How long `end` waits for a farewell before it cuts the connection. */
const farewellMs = 2_000

/**
 * A ready client as a {@link Session}. An error of a statement is told when the server has ended the message (ReadyForQuery); when the
 * connection ends instead, whatever is in flight rejects with SERVER-LOST, `data.sent` saying whether the message had been handed to the
 * network. A text with a NUL character is FILE-INVALID and is not sent.
 */
export function clientSession(spec: ConnectionSpec, open: OpenClient): Session {
  const { client, host, parameters, cancelKey } = open
  const { connection } = client
  const label = `${addressLabel(host)}/${spec.database} as ${spec.user}`
  const failed: { error: Error; reject: (error: Error) => void }[] = []
  let inFlight = 0
  let completed = 0
  let closed = connection.stream.destroyed
  let reason: unknown
  let gone: () => void = () => {}
  const ended = new Promise<void>((resolve) => {
    gone = resolve
  })

  connection.on('commandComplete', () => completed++)
  connection.on('readyForQuery', () => {
    completed = 0
    reason = undefined
    for (const each of failed.splice(0)) each.reject(each.error)
  })
  connection.on('errorMessage', (error: Error) => {
    reason = error
  })
  connection.on('copyInResponse', () => {
    // The server takes the next message for a mistake in the copy and swallows it: answers and questions would never match again.
    if (inFlight > 1) abandon(new Error('COPY … FROM stdin was sent together with other messages'))
  })
  connection.on('end', () => {
    closed = true
    for (const each of failed.splice(0)) each.reject(lost(true, each.error))
    gone()
  })
  client.on('error', abandon)

  function abandon(cause: Error): void {
    reason ??= cause
    closed = true
    connection.stream.destroy()
  }

  function lost(sent: boolean, cause: unknown): SkeinError {
    const why = isServerError(reason) ? reason : isServerError(cause) ? cause : (reason ?? cause)
    return new SkeinError('SERVER-LOST', {
      message: `${label}: the connection was lost: ${why instanceof Error ? why.message : 'it was closed'}`,
      hint: 'look into the log of the server; skein status shows what is applied',
      ...(isServerError(why) ? { sqlstate: why.code } : {}),
      data: { sent },
      cause: why,
    })
  }

  let gathering = false

  /** What is sent in one turn travels together: one write, one packet, one round trip. */
  function gather(): void {
    if (gathering) return
    gathering = true
    connection.stream.cork()
    process.nextTick(() => {
      gathering = false
      connection.stream.uncork()
    })
  }

  function send(config: { text: string; values?: unknown[] }): Promise<QueryResult | QueryResult[]> {
    if (closed) return Promise.reject(lost(false, undefined))
    if (config.text.includes('\0')) return Promise.reject(nulRefused(label))
    inFlight++
    gather()
    return new Promise((resolve, reject) => {
      client.query(config, (error: Error | null, result: QueryResult | QueryResult[]) => {
        inFlight--
        if (!error) return resolve(result)
        if (!isServerError(error)) return reject(closed || reason !== undefined ? lost(true, error) : error)
        error.completed = completed
        if (closed) return reject(lost(true, error))
        failed.push({ error, reject })
      })
    })
  }

  return {
    pid: cancelKey.pid,
    version: versionNumber(parameters.get('server_version')),
    label,
    reached: { host, encrypted: open.encrypted },
    get closed() {
      return closed
    },
    async simple(text) {
      const results = await send({ text })
      return (Array.isArray(results) ? results : [results]).filter((each) => each.command !== null || each.fields.length > 0).map(plain)
    },
    async query<Row>(text: string, values: readonly unknown[] = []) {
      // Said outright: without values pg would use the simple protocol, in which one text may be several statements.
      const extended = { text, values: [...values], queryMode: 'extended' }
      const result = await send(extended)
      return (Array.isArray(result) ? [] : result.rows) as Row[]
    },
    onNotice(listener) {
      const heard = (notice: Partial<Notice>) =>
        listener({ severity: notice.severity ?? 'NOTICE', code: notice.code ?? '00000', message: notice.message ?? '' })
      client.on('notice', heard)
      return () => void client.off('notice', heard)
    },
    async end() {
      if (closed) return
      const timer = setTimeout(() => abandon(new Error('it was ended')), farewellMs)
      void client.end()
      await ended
      clearTimeout(timer)
    },
  }
}

function plain({ command, rowCount, rows }: QueryResult): StatementResult {
  return { command, rowCount, rows }
}

function nulRefused(label: string): SkeinError {
  return new SkeinError('FILE-INVALID', {
    message: `${label}: a text with a NUL character cannot be sent`,
    hint: 'remove the character; a file in UTF-16 has one after each letter',
  })
}

/** `17.10 (Debian …)` and `18beta1` as server_version_num would be. */
function versionNumber(text = ''): number {
  const found = /^(\d+)(?:\.(\d+))?/.exec(text)
  return found === null ? 0 : Number(found[1]) * 10_000 + Number(found[2] ?? 0)
}
