import { mkdirSync, writeFileSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import type { GenerateCommand } from './argv.ts'
import { Failed, rustIoError } from './failed.ts'
import { joined } from './settings.ts'

/**
 * Makes the folder of a new migration and its files, and says each before it is made. Opens no database. Throws Failed.
 * Source: diesel_cli 2.2.12 src/migrations/mod.rs, generate_sql_migration.
 */
export function generate(command: GenerateCommand, dir: string, cwd: string, moment: Date, say: (text: string) => void): void {
  const folder = joined(dir, `${command.version ?? stamp(moment)}_${command.title}`)
  const shown = isAbsolute(folder) ? relative(cwd, folder) : folder
  attempt(folder, () => mkdirSync(resolve(cwd, folder)))
  write('up.sql', '-- Your SQL goes here\n')
  if (command.down) write('down.sql', '-- This file should undo anything in `up.sql`\n')

  function write(name: string, text: string): void {
    say(`Creating ${shown}/${name}\n`)
    attempt(`${folder}/${name}`, () => writeFileSync(resolve(cwd, folder, name), text))
  }
}

function attempt(path: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    throw new Failed(`Encountered an IO error: ${rustIoError(error)}  for \`${path}\``)
  }
}

/** `2024-01-02-030405`, in UTC. */
function stamp(moment: Date): string {
  return moment.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
}
