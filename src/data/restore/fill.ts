import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { SkeinError } from '../../model/errors.ts'
import type { BackupTools } from '../backup/find-tools.ts'
import { runTool } from '../backup/run-tool.ts'
import type { BackupFile } from './read-backup.ts'

/**
 * Fills the new database that `env` names, by pg_restore or psql; the first error ends it. Not in one transaction: what is left of a failure is dropped with
 * its database, and one transaction holds the locks of all tables at once, more than a server has room for. Throws RESTORE-FAILED with the program's last
 * words, BACKUP-TOOL-MISSING, INTERRUPTED.
 */
export async function fill(backup: BackupFile, tools: BackupTools, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const [command, args] = commandOf(backup, tools, env['PGDATABASE'] ?? '')
  try {
    const from = backup.compressed ? ([createReadStream(backup.file), createGunzip()] as const) : undefined
    await runTool(command, args, env, signal, 'RESTORE-FAILED', { from })
  } catch (error) {
    if (!(error instanceof SkeinError) || error.code !== 'RESTORE-FAILED') throw error
    throw new SkeinError(error.code, { ...error.details, hint: hintOf(error.message), cause: error })
  }
}

/** Throws BACKUP-TOOL-MISSING where a text needs psql and pg_restore stands alone. */
export function commandOf(backup: BackupFile, tools: BackupTools, database: string): [command: string, args: string[]] {
  if (backup.format === 'custom')
    // A name with `=` in it would be taken for a whole connection string.
    return [tools.restore, ['--no-password', '--exit-on-error', `--dbname=dbname='${database.replace(/[\\']/g, '\\$&')}'`, backup.file]]
  if (tools.psql === undefined)
    throw new SkeinError('BACKUP-TOOL-MISSING', {
      message: `${backup.file} is text for psql, and beside ${tools.restore} there is none`,
      hint: 'install the whole postgresql-client, or name another folder: --pg-bin DIR',
    })
  return [
    tools.psql,
    ['--no-psqlrc', '--no-password', '--quiet', '--set=ON_ERROR_STOP=1', `--file=${backup.compressed ? '-' : backup.file}`],
  ]
}

function hintOf(said: string): string {
  if (said.includes('transaction_timeout'))
    return 'the dump is of a newer pg_dump than the server: --pg-bin DIR of the server’s own version'
  if (said.includes('unsupported version')) return 'the dump is of a newer pg_dump than this pg_restore: --pg-bin DIR of that version'
  if (/invalid command \\(un)?restrict/.test(said)) return 'this psql does not know \\restrict: 16.10, 15.14, 14.19, 13.22 or newer does'
  return 'the new database was dropped, and the old one is as it was'
}
