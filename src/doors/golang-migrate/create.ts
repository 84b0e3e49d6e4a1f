import { closeSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { join, normalize, resolve } from 'node:path'
import type { CreateCommand } from './argv.ts'
import { formatGoTime, goTimeZone } from './go-time.ts'
import { defaultTimeFormat } from './usage.ts'

/** What is wrong with a `create`, in the tool's words, without its `error: `. */
export class CreateError extends Error {
  /** Printed as it stands. */
  readonly bare: boolean
  constructor(message: string, bare = false) {
    super(message)
    this.bare = bare
  }
}

/**
 * Makes the two empty files of a new migration and calls `made` with each one's absolute path as it is there. Opens no database.
 * Throws CreateError. Source: golang-migrate v4.19.1 internal/cli/commands.go, createCmd.
 */
export function create(command: CreateCommand, cwd: string, moment: Date, made: (path: string) => void): void {
  const zone = zoneOf(command.tz)
  if (command.seq && command.format !== defaultTimeFormat) throw new CreateError('The seq and format options are mutually exclusive')
  const shown = normalize(command.dir === '' ? '.' : command.dir).replace(/(?<=.)\/$/, '')
  const folder = resolve(cwd, shown)
  const ext = `.${command.ext.replace(/^\./, '')}`
  const names = namesIn(folder)
  const version = command.seq
    ? nextSequence(
        names.filter((name) => name.endsWith(ext)),
        shown,
        command.digits,
      )
    : timeVersion(moment, command.format, zone)
  if (names.some((name) => name.startsWith(`${version}_`) && name.slice(version.length + 1).endsWith(ext)))
    throw new CreateError(`duplicate migration version: ${version}`)
  try {
    mkdirSync(folder, { recursive: true })
    for (const direction of ['up', 'down']) {
      const path = join(folder, `${version}_${command.title}.${direction}${ext}`)
      closeSync(openSync(path, 'wx+', 0o666))
      made(path)
    }
  } catch (cause) {
    throw new CreateError(cause instanceof Error ? cause.message : String(cause))
  }
}

function zoneOf(name: string): string {
  try {
    return goTimeZone(name)
  } catch {
    throw new CreateError(`unknown time zone ${name}`, true)
  }
}

/** Sorted bytewise, as Go's Glob has them; a folder that is not there has none. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  } catch {
    return []
  }
}

/** One more than the last file in the order of their names says, which need not be the greatest number. */
function nextSequence(names: readonly string[], folder: string, digits: number): string {
  if (digits <= 0) throw new CreateError('Digits must be positive')
  const last = names.at(-1)
  const end = last?.indexOf('_') ?? -1
  if (last !== undefined && end < 1) throw new CreateError(`Malformed migration filename: ${folder === '.' ? last : `${folder}/${last}`}`)
  const number = last?.slice(0, end)
  if (number !== undefined && !/^[0-9]+$/.test(number)) throw new CreateError(`strconv.ParseUint: parsing "${number}": invalid syntax`)
  const version = String(BigInt(number ?? '0') + 1n).padStart(digits, '0')
  if (version.length > digits) throw new CreateError(`Next sequence number ${version} too large. At most ${digits} digits are allowed`)
  return version
}

function timeVersion(moment: Date, format: string, zone: string): string {
  if (format === '') throw new CreateError('Time format may not be empty')
  if (format === 'unix') return String(Math.floor(moment.getTime() / 1000))
  if (format === 'unixNano') return String(BigInt(moment.getTime()) * 1_000_000n)
  return formatGoTime(moment, format, zone)
}
