/** A page of `skein help TOPIC`. To add one: a file in topics/, and a line in topics/index.ts. docs/reference/topics.md is made from all of them. */
export interface Topic {
  name: string
  /** For the list of topics: a few words. */
  about: string
  /** The page as it is printed: lines of 78 characters at most. */
  text: string
  /** Where more is written, below docs/. */
  more: readonly string[]
}
