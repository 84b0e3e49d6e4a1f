import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { SkeinError } from '../../model/errors.ts'
import { unreadable } from '../../util/folder.ts'
import { checkText } from './check-text.ts'

/** What `backup` notes beside its file, as far as a restore asks for it. */
export interface Manifest {
  madeAt: string
  bytes: number
  sha256: string
  schemaOnly: boolean
  /** `size`: bytes of the whole database on disk. */
  server: { version: number; database: string; size?: number }
  services: { name: string; history: string; applied: string[]; ledger: { version: string; kind: string; hash: string | null }[] | null }[]
}

/** A file that may be restored. */
export interface BackupFile {
  file: string
  /** For pg_restore, or text for psql. */
  format: 'custom' | 'sql'
  /** The text is in gzip. */
  compressed: boolean
  bytes: number
  sha256: string
  /** None: somebody else made it, and nobody can tell whether it is whole. */
  manifest?: Manifest
}

/**
 * Reads the whole file and compares its size and SHA-256 with `FILE.json`, where that is there. Connects to nothing. Throws BACKUP-INVALID for one that is cut
 * off, altered, without rows, or does more than fill the database it is run in; SOURCE-UNREADABLE; INTERRUPTED.
 */
export async function readBackup(file: string, signal: AbortSignal): Promise<BackupFile> {
  const manifest = await readManifest(`${file}.json`)
  const { bytes, sha256, format, compressed } = await readWhole(file, signal)
  if (manifest !== undefined && bytes !== manifest.bytes)
    throw invalid(
      `${file} has ${bytes} bytes, and ${file}.json says ${manifest.bytes}: it was ${bytes < manifest.bytes ? 'cut off' : 'altered'}`,
    )
  if (manifest !== undefined && sha256 !== manifest.sha256)
    throw invalid(`${file} was altered: its SHA-256 is ${sha256}, and ${file}.json says ${manifest.sha256}`)
  if (manifest?.schemaOnly === true)
    throw new SkeinError('BACKUP-INVALID', {
      message: `${file} has no rows, so that nothing in it would say which migrations are applied`,
      hint: 'createdb, then pg_restore --exit-on-error --dbname NEW; nothing was done',
    })
  if (format === 'sql') await checkText(file, compressed)
  return { file, format, compressed, bytes, sha256, manifest }
}

async function readWhole(file: string, signal: AbortSignal): Promise<Pick<BackupFile, 'bytes' | 'sha256' | 'format' | 'compressed'>> {
  const hash = createHash('sha256')
  let bytes = 0
  let head = ''
  try {
    if (!(await stat(file)).isFile()) throw invalid(`${file} is not a file`)
    for await (const chunk of createReadStream(file, { signal })) {
      if (bytes === 0) head = (chunk as Buffer).subarray(0, 512).toString('latin1')
      hash.update(chunk as Buffer)
      bytes += (chunk as Buffer).length
    }
  } catch (error) {
    if (signal.aborted) throw new SkeinError('INTERRUPTED', { message: `stopped while reading ${file}; nothing was done` })
    if (error instanceof SkeinError) throw error
    throw unreadable(file, error)
  }
  if (bytes === 0) throw invalid(`${file} is empty`)
  // Source: src/bin/pg_dump/pg_backup_archiver.c, ReadHead: a custom archive begins with these five letters.
  const custom = head.startsWith('PGDMP')
  // RFC 1952: a gzip file begins with these two bytes, and 8 is its only method.
  const compressed = head.startsWith('\x1f\x8b\x08')
  // A tar archive, UTF-16.
  if (!custom && !compressed && head.includes('\0'))
    throw invalid(`${file} is neither text nor an archive of pg_dump's custom format: unpack it first`)
  return { bytes, sha256: hash.digest('hex'), format: custom ? 'custom' : 'sql', compressed }
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unreadable(file, error)
  }
  const manifest = parsed(text)
  if (!isManifest(manifest)) throw invalid(`${file} is no manifest of a backup`)
  return manifest
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isManifest(value: unknown): value is Manifest {
  const one = value as Partial<Manifest> | null | undefined
  return typeof one?.bytes === 'number' && typeof one.sha256 === 'string' && Array.isArray(one.services) && one.server !== undefined
}

function invalid(message: string): SkeinError {
  return new SkeinError('BACKUP-INVALID', { message, hint: 'take another backup, or the file as it was written; nothing was done' })
}
