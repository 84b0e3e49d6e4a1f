import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Step } from '../model/plan.ts'
import type { PreparedStep } from './prepare-step.ts'

/** What a step became: ready to be sent, or the error that reading it threw. */
export type Read = { prepared: PreparedStep } | { error: unknown }

/** So many steps, or characters, are held ready; more would only fill memory. */
const furthest = 200
const heaviest = 4_000_000

/**
 * Reads and parses the steps of a lane before their turn, one by one between other work, so that it happens while the server is busy with the
 * steps before. Reading begins with the first `take`. A resource of one lane: `stop` ends it.
 */
export class ReadAhead {
  readonly #steps: readonly Step[]
  readonly #read: (step: Step) => Promise<PreparedStep>
  readonly #begun = new Map<number, Promise<Read>>()
  readonly #ready = new Map<number, number>()
  #first = 0
  #next = 0
  #size = 0
  #busy = false
  #stopped = false

  constructor(steps: readonly Step[], read: (step: Step) => Promise<PreparedStep>) {
    this.#steps = steps
    this.#read = read
  }

  /** Whether `take` has this one at once. */
  isReady(at: number): boolean {
    return this.#ready.has(at)
  }

  /** The step at this place; places before it are not asked for again. Never rejects. */
  take(at: number): Promise<Read> {
    for (; this.#first < at; this.#first++) this.#drop(this.#first)
    const read = this.#begun.get(at) ?? this.#begin(at)
    if (!this.#busy) void this.#whileOthersWork()
    return read
  }

  stop(): void {
    this.#stopped = true
  }

  #begin(at: number): Promise<Read> {
    this.#next = Math.max(this.#next, at + 1)
    const read = this.#read(this.#steps[at] as Step).then(
      (prepared): Read => {
        this.#ready.set(at, prepared.text.length)
        this.#size += prepared.text.length
        return { prepared }
      },
      (error: unknown): Read => {
        this.#ready.set(at, 0)
        return { error }
      },
    )
    this.#begun.set(at, read)
    return read
  }

  #drop(at: number): void {
    this.#size -= this.#ready.get(at) ?? 0
    this.#ready.delete(at)
    this.#begun.delete(at)
  }

  async #whileOthersWork(): Promise<void> {
    this.#busy = true
    await nextTurn()
    while (!this.#stopped && this.#next < this.#steps.length && this.#next < this.#first + furthest && this.#size < heaviest) {
      await this.#begin(this.#next)
      await nextTurn()
    }
    this.#busy = false
  }
}
