/** Milliseconds for each unit of Go's time.ParseDuration (go.dev/src/time/format.go, unitMap). */
const units: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/**
 * A duration as Go's flags and MIGRATION_TIMEOUT write it (`60s`, `1h30m`, `1.5s`, `250ms`, `0`), in milliseconds.
 * Undefined when it cannot be read (a number without unit is not a duration in Go) or is negative: no setting of ours may be.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().replace(/^\+/, '')
  if (trimmed === '0') return 0
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(trimmed)) return undefined
  let total = 0
  for (const [, number, unit] of trimmed.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    total += Number(number) * (units.get(unit ?? '') ?? 0)
  return total
}
