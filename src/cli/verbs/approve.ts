import { Command } from 'commander'
import { approve } from '../../app/approve.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanApprove } from '../../report/human/approve.ts'
import { portsOf, type Context } from '../context.ts'
import { collect, common, countedWords, runRequestOf, type RunOptionsGiven } from '../options.ts'
import { print } from '../output.ts'
import { readPlan } from './running.ts'

interface Given extends RunOptionsGiven {
  plan?: string
  because?: string
}

/** Says of a plan that it may run where the environment asks for approvals. Runs nothing. */
export function approveVerb(context: Context): Command {
  return common(new Command('approve'))
    .description('approve a plan, for environments that ask for it: who, when and why go into the ledger')
    .usage('[options] <digest> [service...]')
    .argument('[digest]', 'of the plan that you have looked at (skein plan), or at least twelve letters of it')
    .argument('[service...]', 'names, aliases or globs, and how many migrations of each, as `up` will be given them')
    .option('--with-needs', 'needed services join the plan')
    .option('--with-dependants', 'where something is done again (changed: redo), what stands on it too')
    .option('--allow-hollow <id>', 'a migration whose down says nothing may go back (changed: redo); `all` for any', collect)
    .option('--allow-unsafe-rollback', 'migrations that say rollback_safe: false may go back (changed: redo)')
    .option('--plan <file>', 'the plan itself, of whatever verb (from `plan --json`); - is stdin')
    .option('--because <text>', 'why, for the ledger and the audit chain')
    .action(async (digest: string | undefined, words: string[], options: Given) => {
      if (digest === undefined)
        throw new SkeinError('USAGE', {
          message: 'approve needs the digest of the plan that is approved',
          hint: `skein plan${options.env === undefined ? '' : ` --env ${options.env}`} shows the plan and the command that approves it`,
        })
      const { services, count } = countedWords(words)
      const given = options.plan === undefined ? undefined : readPlan(options.plan, context.cwd)
      const request = { ...runRequestOf(options, services, context.env), count, given, digest, because: options.because }
      print(
        context,
        options,
        await approve(
          request,
          portsOf(context, () => {}),
        ),
        humanApprove,
      )
    })
}
