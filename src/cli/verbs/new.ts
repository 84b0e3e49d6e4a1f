import { Command } from 'commander'
import { newMigration, type NewReport } from '../../app/new.ts'
import { renumber } from '../../app/new/renumber.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanNew, wordsOfNew } from '../../report/human/new.ts'
import { humanRenumber } from '../../report/human/renumber.ts'
import { portsOf, type Context } from '../context.ts'
import { common, requestOf, type CommonOptions } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'

interface Given extends CommonOptions {
  name?: string
  type?: string
  head?: string
  merge?: boolean
  renumber?: boolean
  keep?: string
  dryRun?: boolean
  yes?: boolean
}

/** Makes the files of a new migration; with --renumber, mends two that took one number. */
export function newVerb(context: Context, _outcome: Outcome): Command {
  return common(new Command('new'))
    .alias('create')
    .description('the files of a new migration, as its tool and its neighbours have them')
    .usage('[options] [service] <name...>\n       skein new --renumber [options] [service]')
    .argument('[words...]', 'the service, which may be left out where there is but one, and the name: add user preferences')
    .option('-n, --name <name>', 'the name, instead of words')
    .option('-t, --type <type>', 'what it begins with: table, index, data, schema, or a file of templates/ (default: empty)')
    .option('--head <revision>', 'Alembic: the revision it stands on, where there are several heads')
    .option('--merge', 'Alembic: a revision that joins all heads')
    .option('--renumber', 'two migrations took one number: give one of them the next')
    .option('--keep <id>', 'with --renumber: the one that keeps its number')
    .option('--dry-run', 'write nothing, show what would be written')
    .option('-y, --yes', 'with --renumber: also where no database can be asked what is applied')
    .action(async (words: string[], options: Given) => {
      const ports = portsOf(context, () => {})
      if (options.renumber === true) {
        const { dryRun, keep, yes } = options
        const report = await renumber({ ...requestOf(options, words), dryRun, keep, yes, moment: new Date() }, ports)
        print(context, options, report, humanRenumber)
        return
      }
      if (options.keep !== undefined) throw new SkeinError('USAGE', { message: '--keep goes with --renumber' })
      const { name, type, head, merge, dryRun } = options
      const report = await newMigration({ ...requestOf(options, []), words, name, type, head, merge, dryRun, moment: new Date() }, ports)
      if (options.json !== true) context.stderr.write(wordsOfNew(report))
      print(context, options, options.json === true ? withoutPaths(report) : report, (one) => humanNew(one as NewReport, context.cwd))
    })
}

/** Absolute paths differ from machine to machine. */
function withoutPaths(report: NewReport) {
  return { ...report, files: report.files.map(({ file, text }) => ({ file, text })) }
}
