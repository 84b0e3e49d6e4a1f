import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { SkeinError } from '../../model/errors.ts'
import type { BackupTools } from './find-tools.ts'
import { runTool } from './run-tool.ts'

/** For pg_restore, compressed; text for psql; that text through gzip. */
export type BackupFormat = 'custom' | 'sql' | 'sql.gz'

/** The format that was asked for, else the one that the file's name speaks of. */
export function formatOf(asked: BackupFormat | undefined, file: string | undefined): BackupFormat {
  if (asked !== undefined) return asked
  return file?.endsWith('.sql.gz') === true ? 'sql.gz' : file?.endsWith('.sql') === true ? 'sql' : 'custom'
}

export interface BackupOptions {
  tools: BackupTools
  /** The child's whole environment, the connection in it. */
  env: NodeJS.ProcessEnv
  file: string
  format: BackupFormat
  schemaOnly: boolean
  signal: AbortSignal
  /** Told four times a second how much has been written. */
  onBytes?: (bytes: number) => void
}

/**
 * Dumps the database that `env` names into a temporary file beside `file`, mode 0600, reads it back, and gives it its name with its manifest `FILE.json`.
 * Takes ACCESS SHARE on every table. Bytes and SHA-256 of the file. Nothing is left of one that failed. Throws BACKUP-FAILED, FILE-EXISTS, INTERRUPTED.
 */
export async function writeBackup(options: BackupOptions, manifest: object): Promise<{ bytes: number; sha256: string }> {
  const { file, tools, env, signal } = options
  for (const taken of [file, `${file}.json`]) if (await exists(taken)) throw fileExists(taken)
  const half = `${file}.${randomBytes(4).toString('hex')}.part`
  try {
    // Made by us, so that nobody else can ever read it: pg_dump keeps the mode of a file that is there.
    await (await open(half, 'wx', 0o600)).close()
    await dump(options, half)
    if (options.format === 'custom') await runTool(tools.restore, ['--file=/dev/null', half], env, signal)
    else await refuseCutOff(half, options.format === 'sql.gz')
    const sha256 = await hashOf(half)
    const { size: bytes } = await stat(half)
    await writeManifest(half, { ...manifest, bytes, sha256 })
    await rename(half, file)
    await rename(`${half}.json`, `${file}.json`)
    return { bytes, sha256 }
  } catch (error) {
    if (error instanceof SkeinError) throw error
    throw new SkeinError('BACKUP-FAILED', { message: `${file} cannot be written: ${(error as Error).message}`, cause: error })
  } finally {
    await Promise.all([half, `${half}.json`].map((one) => rm(one, { force: true })))
  }
}

/** pg_dump writes the file by itself: into a pipe a custom one would lack the places of its parts, which a restore in parallel needs. */
async function dump({ tools, env, format, schemaOnly, signal, onBytes }: BackupOptions, half: string): Promise<void> {
  const args = ['--no-password', `--format=${format === 'custom' ? 'custom' : 'plain'}`, ...(schemaOnly ? ['--schema-only'] : [])]
  const told = setInterval(() => {
    stat(half).then(
      ({ size }) => onBytes?.(size),
      () => {},
    )
  }, 250)
  try {
    if (format === 'sql.gz')
      await runTool(tools.dump, args, env, signal, 'BACKUP-FAILED', { to: [createGzip(), createWriteStream(half, { flags: 'r+' })] })
    else await runTool(tools.dump, [...args, `--file=${half}`], env, signal)
  } finally {
    clearInterval(told)
  }
}

async function writeManifest(half: string, manifest: object): Promise<void> {
  const handle = await open(`${half}.json`, 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
  } finally {
    await handle.close()
  }
}

/** pg_dump's last words; one that was cut off lacks them. Of a compressed one, gzip's own checksum is compared too. */
async function refuseCutOff(file: string, compressed: boolean): Promise<void> {
  const { size } = await stat(file)
  const raw = createReadStream(file, { start: compressed ? 0 : Math.max(0, size - 400) })
  const input: Readable = compressed ? raw.pipe(createGunzip()) : raw
  // pipe() hands no error on, and one that nobody hears ends the process.
  if (compressed) raw.on('error', (error) => input.destroy(error))
  let tail = ''
  for await (const chunk of input) tail = (tail + String(chunk)).slice(-400)
  if (!tail.includes('-- PostgreSQL database dump complete'))
    throw new SkeinError('BACKUP-FAILED', { message: `${file} does not end as a dump of pg_dump does` })
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

function fileExists(file: string): SkeinError {
  return new SkeinError('FILE-EXISTS', { message: `${file} is there already`, hint: 'name another one: --out FILE' })
}
