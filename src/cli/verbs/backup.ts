import { Command, Option } from 'commander'
import { backup, type BackupRequest } from '../../app/backup.ts'
import { humanBackup } from '../../report/human/backup.ts'
import { portsOf, type Context } from '../context.ts'
import { common, requestOf, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'
import { displaying } from '../progress.ts'

type Given = CommonOptions & Pick<BackupRequest, 'out' | 'schemaOnly' | 'format' | 'pgBin'> & { service?: string }

/** Writes what is in the services' databases into files, by pg_dump. */
export function backupVerb(context: Context): Command {
  return common(new Command('backup'))
    .description('write the whole database of the services into a file, by pg_dump, and read it back')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('-o, --out <file>', 'the file (DATABASE-TIME.dump)')
    .option('--schema-only', 'no rows')
    .option('--service <name>', 'the database of this service')
    .addOption(
      new Option(
        '--format <format>',
        'for pg_restore, compressed; text for psql; that through gzip (default: by the name, else custom)',
      ).choices(['custom', 'sql', 'sql.gz']),
    )
    .option('--pg-bin <folder>', 'where pg_dump and pg_restore are (default: $SKEIN_PG_BIN, else PATH and the usual folders)')
    .action(async (words: string[], options: Given) => {
      const services = options.service === undefined ? words : [...words, options.service]
      const { out, schemaOnly, format, pgBin } = options
      const request = { ...requestOf(options, services), out, schemaOnly, format, pgBin }
      print(context, options, await displaying(context, options, (emit) => backup(request, portsOf(context, emit))), humanBackup)
    })
}
