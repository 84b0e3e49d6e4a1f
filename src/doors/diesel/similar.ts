/** Names that somebody may have meant, the likeliest last, as clap's did_you_mean finds them: Jaro similarity above 0.7. Pure. */
export function similar(word: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, likeness: jaro(word, name) }))
    .filter(({ likeness }) => likeness > 0.7)
    .sort((a, b) => a.likeness - b.likeness)
    .map(({ name }) => name)
}

/** Jaro similarity, 0 to 1. Source: strsim 0.11, generic_jaro. */
function jaro(a: string, b: string): number {
  if (a === '' && b === '') return 1
  const range = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Set<number>()
  const ours: string[] = []
  for (let at = 0; at < a.length; at++) {
    for (let other = Math.max(0, at - range); other < Math.min(b.length, at + range + 1); other++) {
      if (a[at] !== b[other] || taken.has(other)) continue
      taken.add(other)
      ours.push(a[at] as string)
      break
    }
  }
  if (ours.length === 0) return 0
  const theirs = [...taken].sort((x, y) => x - y).map((at) => b[at])
  const transposed = Math.floor(ours.filter((letter, at) => letter !== theirs[at]).length / 2)
  return (ours.length / a.length + ours.length / b.length + (ours.length - transposed) / ours.length) / 3
}
