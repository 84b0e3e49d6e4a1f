/** A line of a difference: kept, removed, added. */
export interface DiffLine {
  sign: ' ' | '-' | '+'
  text: string
}

/** Above this many lines on either side the middle is shown as removed and added whole: the table of the algorithm grows with the product. */
const most = 2_000

/** The line-wise difference of two texts by longest common subsequence, with three lines of context. Line ends do not count. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let tail = 0
  while (tail < a.length - start && tail < b.length - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const middle = between(a.slice(start, a.length - tail), b.slice(start, b.length - tail))
  const kept = (lines: string[]): DiffLine[] => lines.map((text) => ({ sign: ' ', text }))
  return [...kept(a.slice(Math.max(0, start - 3), start)), ...middle, ...kept(a.slice(a.length - tail, a.length - tail + 3))]
}

/** What stands behind the last line end is no line when it is empty. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function between(a: string[], b: string[]): DiffLine[] {
  if (a.length > most || b.length > most)
    return [...a.map((text): DiffLine => ({ sign: '-', text })), ...b.map((text): DiffLine => ({ sign: '+', text }))]
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  const at = (i: number, j: number) => (lengths[i] as Uint16Array)[j] as number
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      (lengths[i] as Uint16Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i++] as string })
      j++
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) lines.push({ sign: '-', text: a[i++] as string })
    else lines.push({ sign: '+', text: b[j++] as string })
  }
  return lines
}
