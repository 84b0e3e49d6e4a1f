import { Argument, Command } from 'commander'
import { names, type Names } from '../../app/names.ts'
import { complete } from '../completion/complete.ts'
import { shells } from '../completion/scripts.ts'
import { splitLine } from '../completion/split-line.ts'
import type { Context } from '../context.ts'
import { brief } from '../options.ts'

/** Prints what a shell must read to complete the command line of skein. */
export function completionVerb(context: Context): Command {
  return brief(new Command('completion'))
    .description('what bash, zsh or fish must read to complete verbs, options, services and versions')
    .addArgument(new Argument('<shell>', 'which').choices(Object.keys(shells)))
    .action((shell: string) => void context.stdout.write(shells[shell] as string))
}

/**
 * What the scripts ask at every press of TAB: a line for each word that could stand at the cursor, `WORD` or `WORD<tab>WHAT IT IS`, or `:files`. Reads names of
 * files and no database. Never says what is wrong: nobody would see it but in the middle of a line.
 */
export function completeVerb(context: Context, root: Command): Command {
  return new Command('complete')
    .description('the words that could stand at the cursor')
    .argument('[word...]', 'the words behind the name of the program; the last is the one at the cursor')
    .option('--line <line>', 'instead: the line of bash up to the cursor')
    .action(async (words: string[], { line }: { line?: string }) => {
      const typed = line === undefined ? words : splitLine(line).slice(1)
      const found = await complete(typed, root, asker(typed, context)).catch(() => [])
      if (found === 'files') context.stdout.write(':files\n')
      else
        context.stdout.write(
          found.map(({ value, about }) => `${value}${about === undefined || about === '' ? '' : `\t${about}`}\n`).join(''),
        )
    })
}

/** The workspace that the line itself means: its --file and --env, where they are there. */
function asker(words: readonly string[], context: Context): () => Promise<Names | undefined> {
  const after = (...options: string[]) => {
    const at = words.findIndex((word) => options.includes(word))
    return at === -1 || at + 2 >= words.length ? undefined : words[at + 1]
  }
  const request = { file: after('-f', '--file'), environment: after('-e', '--env') }
  return () => names(request, context).catch(() => undefined)
}
