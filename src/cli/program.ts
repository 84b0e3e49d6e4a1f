import { Command, Option } from 'commander'
import { everywhere, helpPages } from './help/page.ts'
import { writeErrorOnStderr } from './usage.ts'
import type { Context } from './context.ts'
import type { Outcome } from './outcome.ts'
import { adminVerbs } from './verbs/admin.ts'
import { approveVerb } from './verbs/approve.ts'
import { asVerb } from './verbs/as.ts'
import { backupVerb } from './verbs/backup.ts'
import { cleanVerb } from './verbs/clean.ts'
import { completeVerb, completionVerb } from './verbs/completion.ts'
import { configVerb } from './verbs/config.ts'
import { depsVerbs } from './verbs/deps.ts'
import { historyVerbs } from './verbs/history.ts'
import { dropVerb } from './verbs/drop.ts'
import { helpVerb } from './verbs/help.ts'
import { inspectingVerbs } from './verbs/inspecting.ts'
import { healthVerb } from './verbs/health.ts'
import { lookingVerbs } from './verbs/looking.ts'
import { newVerb } from './verbs/new.ts'
import { repairVerb } from './verbs/repair.ts'
import { restoreVerb } from './verbs/restore.ts'
import { runVerb } from './verbs/run.ts'
import { runningVerbs } from './verbs/running.ts'
import { seedVerb } from './verbs/seed.ts'
import { standingVerb } from './verbs/standing.ts'
import { waitVerb } from './verbs/wait.ts'

/** The whole command line: every verb with its options. A verb is one function in verbs/, one line here for its family. */
export function program(context: Context, outcome: Outcome): Command {
  const root = new Command('skein')
    .description('Plans and runs the PostgreSQL migrations of many services, each in its own tool’s files and history table.')
    .usage('[verb] [service...] [options]')
    .version(`skein ${context.version}`, '-V, --version', 'the version')
    .helpOption('-h, --help', 'this help; behind a verb, its help')
    .helpCommand(false)
    .configureHelp(helpPages(context))
    .showSuggestionAfterError(true)
    .showHelpAfterError('  next: skein --help')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(writeErrorOnStderr(context))
  const looking: typeof lookingVerbs = (...given) => [
    ...lookingVerbs(...given),
    ...depsVerbs(...given),
    ...inspectingVerbs(given[0]),
    configVerb(given[0]),
    waitVerb(given[0]),
    healthVerb(...given),
  ]
  const runs: typeof runningVerbs = (...given) => [...runningVerbs(...given), runVerb(...given), approveVerb(given[0]), asVerb(...given)]
  const families = {
    'Look:': looking,
    'Run:': runs,
    'Data:': dataVerbs,
    'Correct what is recorded:': correctingVerbs,
    'Set up:': settingUp,
  }
  for (const [group, family] of Object.entries(families))
    for (const verb of family(context, outcome)) root.addCommand(inherit(verb, context).helpGroup(group))
  for (const verb of [standingVerb(context), completeVerb(context, root)]) root.addCommand(inherit(verb, context), { hidden: true })
  return root
}

function dataVerbs(context: Context, outcome: Outcome): Command[] {
  return [seedVerb(context, outcome), cleanVerb(context, outcome), backupVerb(context), restoreVerb(context)]
}

function settingUp(context: Context, outcome: Outcome): Command[] {
  return [newVerb(context, outcome), ...adminVerbs(context, outcome), completionVerb(context), helpVerb(context)]
}

function correctingVerbs(context: Context, outcome: Outcome): Command[] {
  return [repairVerb(context, outcome), ...historyVerbs(context, outcome), dropVerb(context, outcome)]
}

function inherit(verb: Command, context: Context, above = 'skein'): Command {
  const name = `${above} ${verb.name()}`
  for (const child of verb.commands) inherit(child, context, name)
  return (
    verb
      .exitOverride()
      .addHelpOption(new Option('-h, --help', 'this help').helpGroup(everywhere))
      .configureHelp(helpPages(context))
      .configureOutput(writeErrorOnStderr(context))
      .showSuggestionAfterError(true)
      // The verb of no verb is not to be seen.
      .showHelpAfterError(`  next: ${verb.name() === 'standing' ? above : name} --help`)
  )
}
