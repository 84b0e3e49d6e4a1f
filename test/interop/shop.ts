import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { inProcess } from '../cli/in-process.ts'
import { sql, writeFiles } from '../cli/kit.ts'
import { freshDatabase } from '../server.ts'
import { command, type Ended, type HowToRun } from './command.ts'
import { migrateCommand, type Place, type ToolInTests } from './real-tools.ts'
import { type Tree, tree } from './trees.ts'

/** A tree with a database, and both engines at hand. */
export interface Shop {
  made: Tree
  place: Place
  url: string
  /** Skein in this process; fails unless it ends with that code. All that it said. */
  skein(code: number, ...words: string[]): Promise<string>
  /** The real golang-migrate, whatever it ends with. */
  migrate(words: readonly string[], onStart?: HowToRun['onStart']): Promise<Ended>
  /** Writes a file of the migrations. */
  write(file: string, text: string): void
  writeWorkspace(yaml: string): void
  rows<Row extends object = Record<string, unknown>>(text: string): Promise<Row[]>
}

/** `url`: an empty database; default: a new one. */
export async function shop(name: ToolInTests, count: number, url?: string): Promise<Shop> {
  const made = tree(name, count)
  const at = url ?? (await freshDatabase()).url
  const place = { folder: made.folder, service: made.service, url: at }
  return {
    made,
    place,
    url: at,
    async skein(code, ...words) {
      const ran = await inProcess(made.root, words, { env: { PATH: process.env.PATH, DATABASE_URL: at } })
      const said = `${ran.stdout}${ran.stderr}`
      expect({ words, code: ran.code, said }).toEqual({ words, code, said })
      return said
    },
    migrate(words, onStart) {
      const [program, args] = migrateCommand(place, words)
      return command(program, args, { cwd: made.root, ...(onStart === undefined ? {} : { onStart }) })
    },
    write: (file, text) => writeFiles(made.folder, { [file]: text }),
    writeWorkspace: (yaml) => writeFileSync(join(made.root, 'skein.yaml'), yaml),
    rows: (text) => sql(at, text),
  }
}
