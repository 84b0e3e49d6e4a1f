import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A backup in a folder that was taken before the first step of a run. */
export interface FoundBackup {
  file: string
  run: string
  verb: string
}

/**
 * The backups of a database in a folder that say in their manifests that they were taken before a run, by its id or the first letters of it. For databases
 * whose ledger knows nothing of the run any more. Files that are no manifests are passed over, and those of another server's database of that name.
 */
export async function findByRun(
  folder: string,
  run: string,
  { database, systemIdentifier }: { database: string; systemIdentifier: string | null },
): Promise<FoundBackup[]> {
  const names = await readdir(folder).catch(() => [])
  const found: FoundBackup[] = []
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const manifest = await readFile(join(folder, name), 'utf8').then(parsed, () => undefined)
    const [before, server] = [manifest?.before, manifest?.server]
    if (typeof before?.run !== 'string' || !before.run.startsWith(run) || server?.database !== database) continue
    // Null where the role may not ask for it.
    const isElsewhere =
      typeof server.systemIdentifier === 'string' && systemIdentifier !== null && server.systemIdentifier !== systemIdentifier
    if (isElsewhere) continue
    found.push({ file: join(folder, name.slice(0, -'.json'.length)), run: before.run, verb: before.verb ?? 'a run' })
  }
  return found
}

function parsed(
  text: string,
): { before?: { run?: string; verb?: string }; server?: { database?: string; systemIdentifier?: string | null } } | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
