import type { Command, Option } from 'commander'

/** Where the cursor stands in a command line. */
export interface Position {
  /** The half word at the cursor, perhaps empty. */
  current: string
  /** All words before it. */
  before: readonly string[]
  /** The verb that they name, or what stands below it (`embedded start`); the program itself before there is one. */
  verb: Command
  /** Words behind the verb that are no options and no values of options. */
  operands: string[]
  /** The option before the cursor, when what stands at the cursor is its value. */
  option?: Option
  /** What comes now is another program's. */
  foreign: boolean
}

/** Reads a command line as far as the cursor, as commander would read it; options may stand before the verb (verb-first.ts). */
export function positionOf(words: readonly string[], root: Command): Position {
  const before = words.slice(0, -1)
  const at: Position = { current: words.at(-1) ?? '', before, verb: root, operands: [], foreign: false }
  for (const word of before) {
    if (at.option !== undefined) {
      at.option = undefined
      continue
    }
    if (word === '--') return { ...at, foreign: true }
    if (word.startsWith('-') && word !== '-') {
      at.option = taking(word, at.verb === root ? root.commands.flatMap(({ options }) => options) : at.verb.options)
      continue
    }
    const next = at.operands.length > 0 ? undefined : at.verb.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (next !== undefined) at.verb = next
    else at.operands.push(word)
    if (at.verb.name() === 'as' && at.operands.length > 0) return { ...at, foreign: true }
  }
  return at
}

/** The option of that name, when its value is the next word: `--file x` and `-f x`, not `--file=x`. */
function taking(word: string, options: readonly Option[]): Option | undefined {
  return options.find((option) => option.required && (option.long === word || option.short === word))
}
