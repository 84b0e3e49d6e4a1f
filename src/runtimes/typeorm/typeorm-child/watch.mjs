// What a migration does without waiting for it: queries that are still on their way, and promises that failed with nobody looking.
import { setImmediate as turn } from 'node:timers/promises'

const flying = new Set()
const calls = new WeakMap()
let busy = false
let rejections = []

// Outside a step as Node does by itself: whose fault it is cannot be told any more.
process.on('unhandledRejection', (reason) => {
  if (busy) return void rejections.push(reason)
  console.error(reason)
  process.exit(1)
})

/** Whether a step is running. */
export function working() {
  return busy
}

/** Runs a step; rejections that nobody handles belong to it from here on. */
export async function watch(work) {
  busy = true
  rejections = []
  try {
    return await work()
  } finally {
    busy = false
  }
}

/** Counts the queries of a runner, and remembers from where each that failed was sent: an un-awaited one has no stack of its own. */
export function trackQueries(runner) {
  const original = runner.query
  runner.query = (...args) => {
    const call = new Error('sent from here')
    const sent = original.apply(runner, args).catch((error) => {
      if (typeof error === 'object' && error !== null) calls.set(error, call)
      throw error
    })
    flying.add(sent)
    const landed = () => flying.delete(sent)
    // Returned as it is, so that a failure that nobody awaits is still unhandled.
    return sent.then(
      (value) => (landed(), value),
      (error) => {
        landed()
        throw error
      },
    )
  }
}

/** Where the query that failed with this error was sent from. */
export function callOf(error) {
  return typeof error === 'object' && error !== null ? calls.get(error)?.stack : undefined
}

/** Waits until the connection is idle: all queries answered, and those too that were sent upon their answers. */
export async function settle(client) {
  do {
    await Promise.allSettled(flying)
    // Queries on the driver's own client are not counted; they stand in its queue before this one.
    await client.query('select 1').catch(() => {})
    await turn()
    await turn()
  } while (flying.size > 0)
}

/** Throws the first failure that nobody looked at. */
export function throwUnhandled() {
  if (rejections.length > 0) throw rejections[0]
}

/** What really went wrong: after a query that nobody awaited has failed, all later ones fail with 25P02. */
export function causeOf(error) {
  const aborted = error?.driverError?.code === '25P02' || error?.code === '25P02'
  return aborted && rejections.length > 0 ? rejections[0] : error
}
