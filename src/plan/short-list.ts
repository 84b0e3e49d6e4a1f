/** Up to six words of a list; of a longer one the first five, and how many more. */
export function shortList(words: readonly string[]): string {
  return words.length <= 6 ? words.join(', ') : `${words.slice(0, 5).join(', ')} and ${words.length - 5} more`
}
