/** One attempt at locks: how long to queue for them, and how long to stand aside afterwards, in milliseconds. */
export interface LockAttempt {
  lockTimeoutMs: number
  pauseMs: number
}

/**
 * The attempts, without end: 100 ms, 200 ms, 500 ms, 1.5 s, then 500 ms, 1.5 s, 3 s again and again. Every cycle has attempts above 1 s, because
 * a lock waiter has an autovacuum worker cancelled only by the deadlock check, after deadlock_timeout (1 s by default). The pause is at least ten
 * times the timeout, so that the queue which built up behind us drains; it grows to a minute and is shaken by ±30 % so that two runners part.
 * `longestMs` caps a single lock_timeout; `random` gives numbers in [0, 1).
 */
export function* lockSchedule(longestMs: number, random: () => number = Math.random): Generator<LockAttempt, never> {
  for (let attempt = 0; ; attempt++) {
    const wanted = attempt < first.length ? (first[attempt] as number) : (cycle[(attempt - first.length) % cycle.length] as number)
    const lockTimeoutMs = Math.min(wanted, longestMs)
    const growth = attempt < first.length ? 1 : 1.5 ** Math.floor((attempt - first.length) / cycle.length + 1)
    const pause = Math.min(60_000, Math.max(1_000, 10 * lockTimeoutMs) * growth)
    yield { lockTimeoutMs, pauseMs: Math.round(pause * (0.7 + 0.6 * random())) }
  }
}

/** lock_timeout of a first attempt, and of every step that travels in a pipeline. */
export const firstLockTimeoutMs = 100

const first = [firstLockTimeoutMs, 200, 500, 1_500]
const cycle = [500, 1_500, 3_000]
