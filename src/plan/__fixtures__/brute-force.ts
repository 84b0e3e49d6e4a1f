import type { Sketch } from './make-input.ts'

/** A small platform, written down plainly. Policies: out-of-order is `run` or `ignore`, nothing else is wrong. */
export interface Platform {
  sketches: Sketch[]
  tiers: string[]
}

interface Point {
  service: string
  /** 0: start; Infinity: end; else the place in `files`, from 1. */
  at: number
}

/**
 * What must be behind what, worked out the slow way: all points, all single rules, then the transitive closure by trying every point in
 * between. Shares no code with the planner.
 */
export function bruteForce({ sketches, tiers }: Platform) {
  const points: Point[] = sketches.flatMap(({ name, files = [] }) => [0, ...files.map((_, index) => index + 1), Infinity].map((at) => ({ service: name, at })))
  const number = (service: string, at: number) => points.findIndex((point) => point.service === service && point.at === at)
  const before = points.map((a) => points.map((b) => a.service === b.service && a.at < b.at))
  const rule = (a: number, b: number) => {
    const row = before[a]
    if (row !== undefined) row[b] = true
  }
  const source = (need: string) => {
    const [service = '', version] = need.split('@')
    const files = sketches.find((sketch) => sketch.name === service)?.files ?? []
    return number(service, version === undefined ? Infinity : files.indexOf(version) + 1)
  }
  for (const { name, needs = [], edges = {}, files = [], tier } of sketches) {
    for (const need of needs) rule(source(need), number(name, 0))
    for (const [version, list] of Object.entries(edges)) for (const need of list) rule(source(need), number(name, files.indexOf(version) + 1))
    if (tier === undefined) continue
    for (const other of sketches) if (other.tier !== undefined && tiers.indexOf(other.tier) < tiers.indexOf(tier)) rule(number(other.name, Infinity), number(name, 0))
  }
  for (const between of points.keys())
    for (const a of points.keys())
      for (const b of points.keys()) if (before[a]?.[between] === true && before[between]?.[b] === true) rule(a, b)

  const isBefore = (a: Point, b: Point) => before[number(a.service, a.at)]?.[number(b.service, b.at)] === true
  const migrations = points.filter((point) => point.at !== 0 && point.at !== Infinity)
  return { hasCycle: points.some((point) => isBefore(point, point)), isBefore, migrations, order }

  /** The rule, word for word: go on with the service that ran last while it can, else the first by name that can. `isBehind`: not in the way. */
  function order(wanted: readonly Point[], isBehind: (point: Point) => boolean): Point[] {
    const done: Point[] = []
    for (;;) {
      const isOpen = (point: Point) => (wanted.includes(point) ? !done.includes(point) : !isBehind(point))
      const can = wanted.filter((point) => !done.includes(point) && !migrations.some((other) => isBefore(other, point) && isOpen(other)))
      const next = can.find((point) => point.service === done.at(-1)?.service) ?? can.toSorted((a, b) => (a.service < b.service ? -1 : 1))[0]
      if (next === undefined) return done
      done.push(next)
    }
  }
}

export type { Point }
