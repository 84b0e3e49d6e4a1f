/** What the walks ask of each real tool beyond what every test does: its own words for each operation. */
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { alembicPython } from '../../tools.ts'
import { must } from '../command.ts'
import { alembic, dbmate, diesel, golangMigrate, goose, type Place, type ToolInTests, typeorm } from '../real-tools.ts'

/** `n` chooses among commands that do the same. Numbers of migrations are versions here, as the tool writes them. */
export interface ToolCommands {
  /** The next `count`, where the tool can count; else it is run while only these have files. */
  upN?: (at: Place, count: number, n: number, versions: readonly string[]) => Promise<unknown>
  up: (at: Place, n: number) => Promise<unknown>
  downN: (at: Place, count: number, n: number) => Promise<unknown>
  /** `isDown`: the version is below where it stands. Undefined: the tool has no such command. */
  goto?: (at: Place, version: string, isDown: boolean) => Promise<unknown>
  redo?: (at: Place, n: number) => Promise<unknown>
  /** Says without running anything where it stands: a version, or null for before the first. */
  claim?: (at: Place, version: string | null, n: number) => Promise<unknown>
  create: (at: Place) => Promise<unknown>
}

const migrate = golangMigrate()
const orm = typeorm()
const ai = alembic(alembicPython())
const times = async (count: number, what: () => Promise<unknown>) => {
  for (let done = 0; done < count; done++) await what()
}

export const commands: Record<ToolInTests, ToolCommands> = {
  'golang-migrate': {
    upN: (at, count) => migrate.say(at, 'up', String(count)),
    up: (at) => migrate.say(at, 'up'),
    downN: (at, count) => migrate.say(at, 'down', String(count)),
    goto: (at, version) => migrate.say(at, 'goto', version),
    claim: (at, version) => migrate.say(at, 'force', '--', version ?? '-1'),
    create: (at) => migrate.say(at, 'create', '-ext', 'sql', '-dir', at.folder, '-seq', '-digits', '4', 'made'),
  },
  goose: {
    upN: (at, count, n, versions) =>
      n % 2 === 0 ? times(count, () => goose.say(at, 'up-by-one')) : goose.say(at, 'up-to', versions[count - 1] ?? '0'),
    up: (at) => goose.say(at, 'up'),
    downN: (at, count) => times(count, () => goose.say(at, 'down')),
    goto: (at, version, isDown) => goose.say(at, isDown ? 'down-to' : 'up-to', version),
    redo: (at) => goose.say(at, 'redo'),
    create: (at) => goose.say(at, '-s', 'create', 'made', 'sql'),
  },
  dbmate: {
    up: (at, n) => dbmate.say(at, n % 2 === 0 ? 'up' : 'migrate'),
    downN: (at, count, n) => times(count, () => dbmate.say(at, n % 2 === 0 ? 'rollback' : 'down')),
    create: (at) => dbmate.say(at, 'new', 'made'),
  },
  diesel: {
    up: (at) => diesel.say(at, 'run'),
    downN: (at, count) => diesel.say(at, 'revert', '-n', String(count)),
    redo: (at, n) => diesel.say(at, 'redo', '-n', String((n % 2) + 1)),
    create: (at) => diesel.say(at, 'generate', 'made'),
  },
  typeorm: {
    up: (at) => orm.say(at, 'migration:run'),
    // A revert pays no heed to `transaction = false` of the class.
    downN: (at, count) => times(count, () => orm.say(at, 'migration:revert', '-t', 'none')),
    claim: (at, _version, n) => orm.say(at, n % 2 === 0 ? 'migration:run' : 'migration:revert', '--fake'),
    create(at) {
      const { resolve } = createRequire(join(at.service, 'package.json'))
      return must(process.execPath, [resolve('typeorm/cli'), 'migration:create', 'src/migrations/made'], { cwd: at.service })
    },
  },
  alembic: {
    upN: (at, count) => ai.say(at, 'upgrade', `+${count}`),
    up: (at) => ai.say(at, 'upgrade', 'heads'),
    downN: (at, count) => ai.say(at, 'downgrade', `-${count}`),
    goto: (at, version, isDown) => ai.say(at, isDown ? 'downgrade' : 'upgrade', version),
    claim: (at, version) => ai.say(at, 'stamp', version ?? 'base'),
    create: (at) => ai.say(at, 'revision', '-m', 'made'),
  },
}

/** Where the files of a service lie. */
export function filesFolder(tool: ToolInTests, at: Place): string {
  return tool === 'alembic' ? join(at.folder, 'versions') : at.folder
}

/** The names in that folder that a tool may have made. */
export function filesIn(tool: ToolInTests, at: Place): string[] {
  return readdirSync(filesFolder(tool, at)).filter((name) => !name.startsWith('__') && !name.startsWith('.'))
}
