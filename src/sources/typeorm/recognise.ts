import type { Folder } from '../../util/folder.ts'
import type { Recognition } from '../source.ts'
import { evidenceOf } from '../styles.ts'

/** How many files are looked into: the first ones say what all are. */
const looks = 12

/** A module that TypeORM loads; declarations (`.d.ts`) are none. */
export function isModule(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name) && !/\.d\.[cm]?ts$/.test(name)
}

/**
 * 2 where a file says `MigrationInterface` behind `class`, or has an `up(queryRunner`, which is left of it in compiled files; 1 where names look
 * as `typeorm migration:generate` makes them: 13 digits, a dash, a title. Other tools in JavaScript write an underscore (node-pg-migrate),
 * 14 digits (Knex, Sequelize), or another first parameter.
 */
export function recognise(folder: Folder): Recognition {
  const modules = folder.entries().flatMap(({ name, type }) => (type === 'file' && isModule(name) ? [name] : []))
  const dated = modules.filter((name) => /^[0-9]{13}-./.test(name))
  // A program has many other modules, of which one may be a base class of migrations.
  const others = modules.filter((name) => !dated.includes(name) && (/^[0-9]{10}/.test(name) || /migration/i.test(folder.name)))
  const first = [...dated, ...others].slice(0, looks)
  const certain = first.filter((name) => isTypeorm(folder.text(name)))
  if (certain.length > 0) return { score: 2, evidence: evidenceOf(certain) }
  return { score: dated.length > 0 ? 1 : 0, evidence: evidenceOf(dated) }
}

function isTypeorm(text: string): boolean {
  return /\bclass\b[^{}]*\bMigrationInterface\b|\bup\s*(?:=\s*async\s*)?\(\s*queryRunner\b/.test(text)
}
