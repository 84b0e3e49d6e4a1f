import { Command } from 'commander'
import { restore, type RestoreRequest } from '../../app/restore.ts'
import { SkeinError } from '../../model/errors.ts'
import { humanRestore } from '../../report/human/restore.ts'
import { styleOf } from '../../report/style.ts'
import { canAsk, confirm } from '../confirm.ts'
import { hasColour, portsOf, type Context } from '../context.ts'
import { common, requestOf, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'

type Given = CommonOptions &
  Pick<RestoreRequest, 'before' | 'backupDir' | 'pgBin' | 'dropOld' | 'disconnect' | 'dryRun'> & { yes?: boolean }

/** Puts a backup in the place of a database. Shows what was restored and asks before it does; without a terminal --yes is needed. */
export function restoreVerb(context: Context): Command {
  return common(new Command('restore'))
    .description('fill a new database from a backup or a dump, check it, and put it in the place of the old one, which is kept')
    .usage('[options] <backup> [service...] | --before <run> [service...]')
    .argument('[words...]', 'a file of skein backup, or of pg_dump; then whose database; none: that of the services in the backup')
    .option('--before <run>', 'the backup that was taken before the first step of this run (skein logs), instead of a file')
    .option(
      '--backup-dir <folder>',
      'where the backup of that run lies, if not where it was written (without a link: $SKEIN_BACKUP_DIR, else here)',
    )
    .option('--drop-old', 'drop the old database at the end')
    .option('--disconnect', 'end the sessions that are connected to the old database')
    .option('--pg-bin <folder>', 'where pg_restore and psql are (default: $SKEIN_PG_BIN, else PATH and the usual folders)')
    .option('--dry-run', 'check the file and say what would be replaced; make nothing')
    .option('-y, --yes', 'do not ask')
    .action(async (words: string[], options: Given) => {
      const { before, backupDir, pgBin, dropOld, disconnect, dryRun, yes } = options
      const [from, services] = before === undefined ? [words[0], words.slice(1)] : [undefined, words]
      if (from === undefined && before === undefined)
        throw new SkeinError('USAGE', {
          message: 'restore needs a file, or a run',
          hint: 'skein restore FILE, or skein restore --before RUN',
        })
      const request: RestoreRequest = { ...requestOf(options, services), from, before, backupDir, pgBin, dropOld, disconnect, dryRun }
      // Before an hour of work, not behind it.
      if (dryRun !== true && !canAsk(context)) await confirm(context, yes, `replace a database by ${from ?? `the backup before ${before}`}`)
      const report = await displaying(context, options, (emit) =>
        restore(request, portsOf(context, emit), async (checked) => {
          if (yes === true) return
          context.stderr.write(humanRestore({ ...checked, dryRun: true }, styleOf(hasColour(context, context.stderr))))
          await confirm(context, yes, `replace ${checked.database}`)
        }),
      )
      print(context, options, report, humanRestore)
    })
}
