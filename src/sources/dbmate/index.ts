import type { Finding } from '../../model/finding.ts'
import type { Migration } from '../../model/migration.ts'
import type { Folder } from '../../util/folder.ts'
import type { AnnotatedLayout } from '../annotated-layout.ts'
import { compareBytes } from '../compare-bytes.ts'
import { readAnnotated, recogniseAnnotated } from '../read-annotated.ts'
import { finding } from '../rules.ts'
import type { Source, SourceReading } from '../source.ts'
import { parseBlocks } from './blocks.ts'
import { parseName, parseVersion } from './name.ts'
import { making } from './new.ts'

const layout: AnnotatedLayout = {
  tool: 'dbmate',
  name: parseName,
  annotations: parseBlocks,
  compare,
  missingDownMeans: 'dbmate refuses such a file',
}

/**
 * dbmate: `20240101120000_create_users.sql` with `-- migrate:up` and `-- migrate:down` in it, not in sub-folders; a version is the digits as text
 * (2.36.0). One difference: dbmate writes the version once for each of several up blocks, which fails, so these are an error here.
 */
export const dbmate: Source = {
  name: 'dbmate',
  compare,
  recognise: (folder) => recogniseAnnotated(layout, folder, /^--\s*migrate:up(?:\s|$)/m),
  read,
  parseVersion,
  making,
}

/** dbmate sorts file names, and its own `new` puts an underscore behind the version: `10_b.sql` stands before `1_a.sql`. */
function compare(a: string, b: string): number {
  return compareBytes(`${a}_`, `${b}_`)
}

function read(folders: readonly Folder[]): SourceReading {
  const { migrations, findings } = readAnnotated(layout, folders)
  return { migrations, findings: [...findings, ...textOrder(migrations), ...otherOrder(migrations)] }
}

/** Said once, at the first counted version that stands before a smaller one. */
function textOrder(migrations: readonly Migration[]): Finding[] {
  const counted = migrations.filter(({ version }) => version.length < 8)
  const index = counted.findIndex(({ version }, at) => Number(version) > Number(counted[at + 1]?.version ?? Infinity))
  const [early, late] = index < 0 ? [] : counted.slice(index)
  if (early === undefined || late === undefined) return []
  return [order(early, `${early.id} runs before ${late.id}: dbmate sorts the names of files as text`, 'warning')]
}

/** Versions of which one begins with the other, and something else than an underscore behind: then the names sort in another way. */
function otherOrder(migrations: readonly Migration[]): Finding[] {
  const index = migrations.findIndex(({ id }, at) => compareBytes(`${id}.sql`, `${migrations[at + 1]?.id ?? '\u{10ffff}'}.sql`) > 0)
  const [early, late] = index < 0 ? [] : migrations.slice(index)
  if (early === undefined || late === undefined) return []
  return [order(early, `dbmate would run ${late.id} before ${early.id}, because it sorts the names of files as text`, 'error')]
}

function order(migration: Migration, message: string, severity: Finding['severity']): Finding {
  const remedy = 'give all versions the same number of digits'
  return finding({ rule: 'TRAP-ORDER', severity, message, remedy }, migration.up?.file, migration.version)
}
