import type { Entry, Folder } from '../util/folder.ts'

/** A folder of a tool that is known by its files, but has no source here. */
export interface Foreign {
  /** Name of a tool in tools.ts. */
  tool: string
  evidence: string[]
}

/** How many files are looked into: the first ones say what all are. */
const looks = 12

/**
 * Tells the folders of TypeORM and Alembic, so that a message can name them. Reads names first, and the heads of a few files
 * whose names could be migrations. Throws SOURCE-UNREADABLE.
 */
export function recogniseForeign(folder: Folder): Foreign | undefined {
  const entries = folder.entries()
  return alembic(folder, entries) ?? typeorm(folder, entries)
}

// alembic/script/base.py: env.py and versions/ make a script location; revisions are modules with `revision` and `down_revision`.
function alembic(folder: Folder, entries: readonly Entry[]): Foreign | undefined {
  const has = (name: string, type: Entry['type']) => entries.some((entry) => entry.name === name && entry.type === type)
  if (has('env.py', 'file') && (has('versions', 'folder') || has('script.py.mako', 'file')))
    return { tool: 'alembic', evidence: ['env.py', 'versions/'] }
  const revisions = /^(?:versions|migrations?|alembic)/i.test(folder.name) ? files(entries, /\.py$/).slice(0, looks) : []
  return evidence('alembic', folder, revisions, /^(?:down_revision|revision)\b.*=/m)
}

// typeorm/src/migration/MigrationInterface.ts; generated files are called <timestamp>-<name>.ts, but only the class counts.
function typeorm(folder: Folder, entries: readonly Entry[]): Foreign | undefined {
  const dated = /migration|versions/i.test(folder.name) ? /\.[cm]?[jt]s$/ : /^\d{10,}.*\.[cm]?[jt]s$/
  const modules = files(entries, dated).filter((name) => !/\.d\.[cm]?ts$/.test(name))
  return evidence('typeorm', folder, modules.slice(0, looks), /\bMigrationInterface\b|\basync\s+up\s*\(\s*queryRunner\b/)
}

function files(entries: readonly Entry[], pattern: RegExp): string[] {
  return entries.filter((entry) => entry.type === 'file' && pattern.test(entry.name)).map((entry) => entry.name)
}

function evidence(tool: string, folder: Folder, names: readonly string[], pattern: RegExp): Foreign | undefined {
  const fitting = names.filter((name) => pattern.test(folder.text(name)))
  return fitting.length === 0 ? undefined : { tool, evidence: fitting.slice(0, 3) }
}
