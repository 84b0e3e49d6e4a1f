import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { parse } from 'smol-toml'
import type { Options } from './argv.ts'
import { Failed, failedToRun, rustIoError } from './failed.ts'

/** What diesel.toml says, as far as a door wants to know. */
export interface Config {
  /** As it is written, behind the folder of the file where it is relative. */
  dir?: string
  /** A `print_schema.file`, which the tool writes after each change. */
  schemaFile?: string
}

/** Reads diesel.toml: --config-file, DIESEL_CONFIG_FILE, or the one of the project root. No file says nothing. Throws Failed. */
export function readConfig(options: Options, env: NodeJS.ProcessEnv, cwd: string): Config {
  const shown = options.configFile ?? env['DIESEL_CONFIG_FILE'] ?? join(projectRoot(cwd) ?? '', 'diesel.toml')
  const path = resolve(cwd, shown)
  if (!existsSync(path)) return {}
  const config = parseConfig(path, shown)
  const wrong = Object.keys(config).find((key) => key !== 'print_schema' && key !== 'migrations_directory')
  if (wrong !== undefined) throw badConfig(`unknown field \`${wrong}\`, expected \`print_schema\` or \`migrations_directory\``)
  const section = config['migrations_directory']
  const dir = isTable(section) ? section['dir'] : undefined
  if (section !== undefined && typeof dir !== 'string') throw badConfig('missing field `dir` in `migrations_directory`')
  return {
    dir: typeof dir === 'string' ? joined(dirname(shown) === '.' && !shown.startsWith('.') ? '' : dirname(shown), dir) : undefined,
    schemaFile: schemaFile(config['print_schema']),
  }
}

function parseConfig(path: string, shown: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Failed(`Encountered an IO error: ${rustIoError(error)}  for \`${shown}\``)
  }
  try {
    return parse(text)
  } catch (error) {
    throw badConfig(error instanceof Error ? error.message : String(error))
  }
}

/** In the section itself, or in one of several named sections. */
function schemaFile(section: unknown): string | undefined {
  if (!isTable(section)) return undefined
  const files = [section['file'], ...Object.values(section).map((one) => (isTable(one) ? one['file'] : undefined))]
  return files.find((file): file is string => typeof file === 'string')
}

/**
 * The folder of the migrations as the tool would write it, absolute or relative to here: --migration-dir, MIGRATION_DIRECTORY, diesel.toml, else the
 * nearest folder `migrations` upwards, which is looked into at once. Throws Failed.
 */
export function migrationsDir(options: Options, env: NodeJS.ProcessEnv, cwd: string): string {
  const said = options.migrationDir ?? env['MIGRATION_DIRECTORY'] ?? readConfig(options, env, cwd).dir
  if (said !== undefined) return said
  const found = upwards(cwd, (folder) => statSync(join(folder, 'migrations'), { throwIfNoEntry: false })?.isDirectory() === true)
  if (found === undefined) throw failedToRun(`Unable to find migrations directory in ${JSON.stringify(cwd)} or any parent directories.`)
  checkDir(join(found, 'migrations'), cwd)
  return join(found, 'migrations')
}

/** Every folder must hold an up.sql, those whose name starts with a dot excepted. Throws Failed. Source: diesel_migrations 2.2.0, FileBasedMigrations::from_path. */
export function checkDir(dir: string, cwd: string): void {
  const folder = resolve(cwd, dir)
  try {
    for (const name of readdirSync(folder)) {
      if (name.startsWith('.') || statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true) continue
      if (!holdsUp(join(folder, name))) throw failedToRun(invalidDir)
    }
  } catch (error) {
    throw error instanceof Failed ? error : failedToRun(rustIoError(error))
  }
}

const invalidDir =
  "Invalid migration directory: the directory's name should be <timestamp>_<name_of_migration>, and it should contain up.sql and optionally down.sql."

function holdsUp(folder: string): boolean {
  try {
    return readdirSync(folder).includes('up.sql')
  } catch {
    return false
  }
}

/** Rust's Path::join. */
export function joined(folder: string, name: string): string {
  if (isAbsolute(name) || folder === '') return name
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`
}

function projectRoot(cwd: string): string | undefined {
  const holding = (name: string) => upwards(cwd, (folder) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true)
  return holding('diesel.toml') ?? holding('Cargo.toml')
}

function upwards(folder: string, isIt: (folder: string) => boolean): string | undefined {
  if (isIt(folder)) return folder
  return dirname(folder) === folder ? undefined : upwards(dirname(folder), isIt)
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function badConfig(why: string): Failed {
  return new Failed(`Failed to parse config file: ${why}`)
}
