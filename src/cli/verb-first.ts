import type { Command } from 'commander'

/**
 * Options that stand before the verb (`skein --json status`) belong to it all the same: they are put behind everything else, but before a `--`. Without a
 * verb, where one stands is asked (verbs/standing.ts).
 */
export function verbFirst(argv: readonly string[], root: Command): string[] {
  const options: string[] = []
  let at = 0
  while (at < argv.length && isOption(argv[at])) {
    const option = argv[at++] as string
    options.push(option)
    if (takesValue(option, root) && at < argv.length) options.push(argv[at++] as string)
  }
  // With help and version the program itself is meant.
  if (options.some((option) => /^(-h|--help|-V|--version)$/.test(option))) return [...argv]
  if (at === argv.length) return ['standing', ...options]
  const end = argv.indexOf('--', at) === -1 ? argv.length : argv.indexOf('--', at)
  return [...argv.slice(at, end), ...options, ...argv.slice(end)]
}

function isOption(word: string | undefined): boolean {
  return word !== undefined && word.startsWith('-') && word !== '-' && word !== '--'
}

/** `--file x` and `-f x`, but not `--file=x` nor `-fx`. */
function takesValue(option: string, root: Command): boolean {
  return root.commands.some((verb) => verb.options.some((one) => one.required && (one.long === option || one.short === option)))
}
