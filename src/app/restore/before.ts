import { basename, resolve } from 'node:path'
import { findByRun } from '../../data/restore/find-by-run.ts'
import { type BackupFile, readBackup } from '../../data/restore/read-backup.ts'
import { countRunsSince, type LinkedBackup, selectBackups } from '../../ledger/backups.ts'
import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import { connect } from '../../postgres/connect.ts'
import { backupFolder } from '../backup-first.ts'
import type { Home } from './home.ts'

/**
 * The backup that was taken before the first step of a run, as the ledger of its database links it, read whole and compared with what the ledger says; of a run that
 * the ledger has forgotten, the one in `folder` whose manifest says so. `folder`: where the files lie now. Notes say how many later runs go back
 * too. Throws BACKUP-UNKNOWN, BACKUP-INVALID, USAGE, and what reading the file throws.
 */
export async function backupBefore(
  home: Home,
  run: string,
  folder: string | undefined,
  ports: Ports,
): Promise<{ backup: BackupFile; notes: string[] }> {
  if (!/^[0-9a-f-]{8,36}$/i.test(run))
    throw new SkeinError('USAGE', { message: `${run} is no run: skein logs shows their ids`, hint: 'its first eight letters will do' })
  const linked = await linkOf(home, run.toLowerCase())
  if (linked === undefined) return forgotten(home, run.toLowerCase(), backupFolder({ backupDir: folder }, ports), ports)
  const { link, since } = linked
  const file = folder === undefined ? link.file : resolve(ports.cwd, folder, basename(link.file))
  const backup = await readBackup(file, ports.signal).catch((error: unknown) => {
    throw elsewhere(error, link)
  })
  if (backup.sha256 !== link.sha256)
    throw new SkeinError('BACKUP-INVALID', {
      message: `${file} is not the backup of run ${link.run}: its SHA-256 is ${backup.sha256}, and the ledger says ${link.sha256}`,
      hint: 'look for the file as it was written (--backup-dir DIR); nothing was done',
    })
  const began = `${home.spec.label} as it was before ${link.verb} ${link.run}`
  return { backup, notes: [since === 0 ? began : `${began}; ${since} later ${since === 1 ? 'run goes' : 'runs go'} back with it`] }
}

/** A database that was restored knows nothing of the runs since; the files do. */
async function forgotten(
  { spec, target }: Home,
  run: string,
  folder: string,
  ports: Ports,
): Promise<{ backup: BackupFile; notes: string[] }> {
  const found = await findByRun(folder, run, target)
  refuseSeveral(run, found)
  const [one] = found
  if (one === undefined)
    throw new SkeinError('BACKUP-UNKNOWN', {
      message: `${spec.label}: the ledger links no backup to run ${run}, and no manifest in ${folder} speaks of it`,
      hint: 'skein logs shows the runs; backups are taken by up --backup, or where the environment demands them. By its file: skein restore FILE',
    })
  const said = `the ledger of ${spec.label} knows nothing of it; by its manifest ${one.file} is what was there before ${one.verb} ${one.run}`
  return { backup: await readBackup(one.file, ports.signal), notes: [said] }
}

async function linkOf({ spec, services }: Home, run: string): Promise<{ link: LinkedBackup; since: number } | undefined> {
  const session = await connect(spec, { readOnly: true })
  try {
    // Only where a ledger was found: the others' schemas are not there.
    for (const schema of new Set(services.filter((one) => one.meta !== undefined).map((one) => one.loaded.service.ledgerSchema))) {
      const rows = await session.query<{ backup: LinkedBackup | string }>(selectBackups(schema), [run])
      const links = rows.map(({ backup }) => (typeof backup === 'string' ? (JSON.parse(backup) as LinkedBackup) : backup))
      refuseSeveral(run, links)
      const [link] = links
      if (link === undefined) continue
      const [count] = await session.query<{ runs: number }>(countRunsSince(schema), [link.run])
      return { link, since: count?.runs ?? 0 }
    }
    return undefined
  } finally {
    await session.end()
  }
}

function refuseSeveral(asked: string, found: readonly { run: string }[]): void {
  const runs = [...new Set(found.map((one) => one.run))]
  if (runs.length > 1) throw new SkeinError('USAGE', { message: `${asked} is how several runs begin: ${runs.join(', ')}` })
}

/** A file that cannot be read may lie on the machine that wrote it. */
function elsewhere(error: unknown, { host, file }: LinkedBackup): unknown {
  if (!(error instanceof SkeinError) || error.code !== 'SOURCE-UNREADABLE') return error
  const where = host === null ? 'where it was written' : `on ${host}`
  return new SkeinError(error.code, {
    ...error.details,
    hint: `it was written ${where} as ${file}; if it lies elsewhere: --backup-dir DIR`,
  })
}
