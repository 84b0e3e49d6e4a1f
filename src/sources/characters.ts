/** How many characters PostgreSQL counts in a text for `varchar(n)`: code points. */
export function characters(text: string): number {
  return Array.from(text).length
}
