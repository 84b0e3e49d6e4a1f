import { Command } from 'commander'
import { writeErrorOnStderr } from './usage.ts'
import type { Context } from './context.ts'
import type { Outcome } from './outcome.ts'
import { adminVerbs } from './verbs/admin.ts'
import { asVerb } from './verbs/as.ts'
import { backupVerb } from './verbs/backup.ts'
import { cleanVerb } from './verbs/clean.ts'
import { configVerb } from './verbs/config.ts'
import { depsVerbs } from './verbs/deps.ts'
import { historyVerbs } from './verbs/history.ts'
import { dropVerb } from './verbs/drop.ts'
import { inspectingVerbs } from './verbs/inspecting.ts'
import { healthVerb } from './verbs/health.ts'
import { lookingVerbs } from './verbs/looking.ts'
import { newVerb } from './verbs/new.ts'
import { repairVerb } from './verbs/repair.ts'
import { restoreVerb } from './verbs/restore.ts'
import { runVerb } from './verbs/run.ts'
import { runningVerbs } from './verbs/running.ts'
import { seedVerb } from './verbs/seed.ts'
import { waitVerb } from './verbs/wait.ts'

/** The whole command line: every verb with its options. A verb is one function in verbs/, one line here for its family. */
export function program(context: Context, outcome: Outcome): Command {
  const root = new Command('skein')
    .description('Plans and runs the PostgreSQL migrations of many services, each in its own tool’s files and history table.')
    .usage('<verb> [service...] [options]')
    .version(`skein ${context.version}`, '-V, --version')
    .helpOption('-h, --help', 'help for the program or a verb')
    .addHelpCommand(new Command('help').argument('[verb]').description('the same as --help').helpGroup('Set up:'))
    .configureHelp({ subcommandTerm: (verb) => `${verb.name()} ${verb.usage().replace('[options] ', '')}`.trim() })
    .showSuggestionAfterError(true)
    .showHelpAfterError('(skein VERB --help tells more)')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(writeErrorOnStderr(context))
    .addHelpText(
      'after',
      `\nExit codes: 0 done · 1 a step failed · 2 usage, configuration, files · 3 cannot connect · 4 not permitted · 5 dependency\n            6 lock not obtained · 7 integrity · 8 approval missing · 9 pending (with --check) · 130/143 interrupted`,
    )
  const looking: typeof lookingVerbs = (...given) => [
    ...lookingVerbs(...given),
    ...depsVerbs(...given),
    ...inspectingVerbs(given[0]),
    configVerb(given[0]),
    waitVerb(given[0]),
    healthVerb(...given),
  ]
  const runs: typeof runningVerbs = (...given) => [...runningVerbs(...given), runVerb(...given), asVerb(...given)]
  const families = {
    'Look:': looking,
    'Run:': runs,
    'Data:': dataVerbs,
    'Correct what is recorded:': correctingVerbs,
    'Set up:': settingUp,
  }
  for (const [group, family] of Object.entries(families))
    for (const verb of family(context, outcome)) root.addCommand(inherit(verb, context).helpGroup(group))
  return root
}

function dataVerbs(context: Context, outcome: Outcome): Command[] {
  return [seedVerb(context, outcome), cleanVerb(context, outcome), backupVerb(context), restoreVerb(context)]
}

function settingUp(context: Context, outcome: Outcome): Command[] {
  return [newVerb(context, outcome), ...adminVerbs(context, outcome)]
}

function correctingVerbs(context: Context, outcome: Outcome): Command[] {
  return [repairVerb(context, outcome), ...historyVerbs(context, outcome), dropVerb(context, outcome)]
}

function inherit(verb: Command, context: Context): Command {
  for (const child of verb.commands) inherit(child, context)
  return verb
    .exitOverride()
    .configureOutput(writeErrorOnStderr(context))
    .showSuggestionAfterError(true)
    .showHelpAfterError('(add --help for the options)')
}
