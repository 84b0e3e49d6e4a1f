import { Command } from 'commander'
import { restore, type RestoreRequest } from '../../app/restore.ts'
import { humanRestore } from '../../report/human/restore.ts'
import { styleOf } from '../../report/style.ts'
import { canAsk, confirm } from '../confirm.ts'
import { hasColour, portsOf, type Context } from '../context.ts'
import { common, requestOf, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'

type Given = CommonOptions & Pick<RestoreRequest, 'pgBin' | 'dropOld' | 'disconnect' | 'dryRun'> & { yes?: boolean }

/** Puts a backup in the place of a database. Shows what was restored and asks before it does; without a terminal --yes is needed. */
export function restoreVerb(context: Context): Command {
  return common(new Command('restore'))
    .description('fill a new database from a backup or a dump, check it, and put it in the place of the old one, which is kept')
    .argument('<backup>', 'a file of skein backup, or of pg_dump')
    .argument('[service...]', 'whose database; none: that of the services in the backup')
    .option('--drop-old', 'drop the old database at the end')
    .option('--disconnect', 'end the sessions that are connected to the old database')
    .option('--pg-bin <folder>', 'where pg_restore and psql are (PATH, then /usr/lib/postgresql/*/bin)')
    .option('--dry-run', 'check the file and say what would be replaced; make nothing')
    .option('-y, --yes', 'do not ask')
    .action(async (from: string, services: string[], options: Given) => {
      const { pgBin, dropOld, disconnect, dryRun, yes } = options
      const request: RestoreRequest = { ...requestOf(options, services), from, pgBin, dropOld, disconnect, dryRun }
      // Before an hour of work, not behind it.
      if (dryRun !== true && !canAsk(context)) await confirm(context, yes, `replace a database by ${from}`)
      const ports = portsOf(context, (event) => {
        if (event.kind === 'warning') context.stderr.write(`${event.message}\n`)
      })
      const report = await restore(request, ports, async (checked) => {
        if (yes === true) return
        context.stderr.write(humanRestore({ ...checked, dryRun: true }, styleOf(hasColour(context, context.stderr))))
        await confirm(context, yes, `replace ${checked.database}`)
      })
      print(context, options, report, humanRestore)
    })
}
