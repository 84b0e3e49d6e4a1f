import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { ScanToken } from 'libpg-query'
import { parserPath, type Parsed } from './parser.ts'
import { sessionFunctions } from './session-functions.ts'

/** Longer than any text below the size limit takes; only a parser that runs in circles gets there. */
const watchdogMs = 60_000

type Answer = { json: string } | { failed: string }

interface Request {
  what: 'parse' | 'scan'
  text: string
}

/** One thread for those who wait and one for those who block, so that the end of one request's thread is never the end of another's. */
type Slot = 'waiting' | 'blocking'
const workers = new Map<Slot, Worker>()
let queue: Promise<unknown> = Promise.resolve()

/**
 * Parses in a thread of its own with a large stack, without blocking this one. For large texts, and for those that are nested too deeply for
 * {@link parseHere}. Undefined when even that fails: out of stack or memory, or no answer within a minute.
 */
export function parseAside(text: string): Promise<Parsed | undefined> {
  const answer = queue.then(() => askWaiting({ what: 'parse', text }))
  queue = answer
  return answer.then(parsed)
}

/** As {@link parseAside}, but this thread waits for it. */
export function parseAsideBlocking(text: string): Parsed | undefined {
  return parsed(askBlocking({ what: 'parse', text }))
}

/** Tokens as {@link scanHere} gives them; this thread waits. */
export function scanAsideBlocking(text: string): ScanToken[] | null {
  const answer = askBlocking({ what: 'scan', text })
  if ('json' in answer) return JSON.parse(answer.json)
  return null
}

/** Never rejects. */
async function askWaiting(request: Request): Promise<Answer> {
  const thread = theWorker('waiting')
  const { port1, port2 } = new MessageChannel()
  const answer = await new Promise<Answer>((resolve) => {
    const timer = setTimeout(() => settle({ failed: 'no answer' }), watchdogMs)
    const settle = (result: Answer): void => {
      clearTimeout(timer)
      thread.off('exit', onExit)
      resolve(result)
    }
    const onExit = (): void => settle({ failed: 'the thread ended' })
    port1.once('message', settle)
    thread.once('exit', onExit)
    thread.postMessage({ ...request, port: port2 }, [port2])
  })
  port1.close()
  // The instance in there is not to be trusted any more; the next request gets a new thread.
  if ('failed' in answer) drop('waiting')
  return answer
}

function askBlocking(request: Request): Answer {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  const { port1, port2 } = new MessageChannel()
  theWorker('blocking').postMessage({ ...request, port: port2, flag }, [port2])
  Atomics.wait(flag, 0, 0, watchdogMs)
  const message: { message: Answer } | undefined = receiveMessageOnPort(port1)
  port1.close()
  const answer = message?.message ?? { failed: 'no answer' }
  if ('failed' in answer) drop('blocking')
  return answer
}

function parsed(answer: Answer): Parsed | undefined {
  return 'json' in answer ? JSON.parse(answer.json) : undefined
}

function drop(slot: Slot): void {
  void workers.get(slot)?.terminate()
  workers.delete(slot)
}

function theWorker(slot: Slot): Worker {
  const running = workers.get(slot)
  if (running !== undefined) return running
  const thread = new Worker(workerSource, {
    eval: true,
    execArgv: [],
    workerData: { parserPath: parserPath(), sessionFunctions: sessionFunctions.source },
    resourceLimits: { stackSizeMb: 64 },
  })
  thread.unref()
  const forget = (): void => {
    if (workers.get(slot) === thread) workers.delete(slot)
  }
  // Out of memory arrives as an error event; without a listener it would end this process.
  thread.on('error', forget)
  thread.on('exit', forget)
  workers.set(slot, thread)
  return thread
}

/**
 * The thread's program as text, so that it is the same when run from TypeScript and from a bundle. It sends JSON, because a deep tree cannot be
 * cloned on the small stack of the receiver, and leaves out what nobody looks at: rows and expressions of data statements other than calls
 * of the functions that change a session.
 */
const workerSource = `
const { parentPort, workerData } = require('node:worker_threads')
const parser = require(workerData.parserPath)
const sessionFunctions = new RegExp(workerData.sessionFunctions, 'i')
const data = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']

parentPort.on('message', async ({ what, text, port, flag }) => {
  const answer = await ask(what, text)
  port.postMessage(answer)
  port.close()
  if (flag) {
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
  }
})

async function ask(what, text) {
  try {
    await parser.loadModule()
    if (what === 'scan') return { json: JSON.stringify(parser.scanSync(text).tokens ?? []) }
    const looksForCalls = sessionFunctions.test(text)
    const statements = (parser.parseSync(text).stmts ?? []).map((raw) => slim(raw, looksForCalls))
    return { json: JSON.stringify({ statements }) }
  } catch (error) {
    if (error.sqlDetails) return { json: JSON.stringify({ refused: error.message, cursor: error.sqlDetails.cursorPosition ?? 0 }) }
    return { failed: String(error.message) }
  }
}

function slim(raw, looksForCalls) {
  const type = data.find((name) => raw.stmt && name in raw.stmt)
  if (type === undefined) return raw
  const node = raw.stmt[type]
  return { ...raw, stmt: { [type]: { intoClause: node.intoClause, calls: looksForCalls ? callsIn(node) : [] } } }
}

function callsIn(root) {
  const calls = []
  const open = [root]
  while (open.length > 0) {
    const node = open.pop()
    for (const key in node) {
      const value = node[key]
      if (value === null || typeof value !== 'object') continue
      if (key === 'FuncCall') calls.push({ FuncCall: { funcname: value.funcname, args: value.args } })
      open.push(value)
    }
  }
  return calls.filter((call) => sessionFunctions.test(JSON.stringify(call.FuncCall.funcname)))
}
`
