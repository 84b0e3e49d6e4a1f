import type { Finding } from '../../model/finding.ts'
import type { Migration } from '../../model/migration.ts'
import { type Folder, labelOf } from '../../util/folder.ts'
import { gapFindings } from '../gaps.ts'
import { distinct } from '../read-files.ts'
import { finding } from '../rules.ts'
import type { Source, SourceReading } from '../source.ts'

/** The folders that are taken as environments where no list is given. */
export const defaultEnvironments: readonly string[] = ['development', 'staging', 'production']

/** Which sub-folders are environments, and which of them holds. */
export interface EnvironmentChoice {
  /** The environment in force; undefined: base files only. */
  environment?: string
  /** Names of environment folders, none when empty; undefined: the {@link defaultEnvironments} and the one in force. */
  environments?: readonly string[]
}

/**
 * Bends what `source` made of `folders`: sub-folders called like environments hold migrations for that environment only, in the same layout, and the
 * chosen one is merged with the base files by version. A number in base and chosen environment is an error finding, in base and another
 * environment a warning; a number that another environment uses is no gap. Only folders that the layout leaves alone are taken (a Diesel folder
 * called `staging` is a migration). Throws SOURCE-UNREADABLE.
 */
export function mergeEnvironments(
  source: Source,
  folders: readonly Folder[],
  reading: SourceReading,
  { environment, environments }: EnvironmentChoice,
): SourceReading {
  const wanted = environments ?? [...defaultEnvironments, ...(environment === undefined ? [] : [environment])]
  const found = environmentFolders(folders, reading, new Set(wanted))
  if (found.size === 0) return reading
  const readings = new Map([...found].map(([name, inside]) => [name, source.read(inside)]))
  const chosen = environment === undefined ? undefined : readings.get(environment)
  const others = [...readings].filter(([name]) => name !== environment)
  const base = new Map(reading.migrations.map((migration) => [migration.version, migration]))
  const added = (chosen?.migrations ?? []).map((migration) => ({ ...migration, environment }))
  const migrations = [...reading.migrations, ...added.filter((migration) => !base.has(migration.version))]
  migrations.sort((a, b) => source.compare(a.version, b.version))
  const elsewhere = others.flatMap(([, other]) => other.migrations)
  const labels = new Set([...found.values()].flat().map((folder) => folder.label))
  return {
    migrations,
    findings: [
      ...reading.findings.filter(
        (each) => each.rule !== 'SOURCE-GAP' && !(each.rule === 'SOURCE-IGNORED' && labels.has(each.place?.file ?? '')),
      ),
      ...(chosen?.findings ?? []).filter((each) => each.rule !== 'SOURCE-GAP'),
      ...clashes(base, added, 'error'),
      ...clashes(base, elsewhere, 'warning'),
      ...leftOut(environment, chosen, others),
      ...gapFindings(
        migrations,
        elsewhere.map((migration) => migration.version),
      ),
    ],
  }
}

/** Environment folders by name; one environment may have a folder in each of the service's paths. */
function environmentFolders(folders: readonly Folder[], reading: SourceReading, names: ReadonlySet<string>): Map<string, Folder[]> {
  const leftAlone = new Set(reading.findings.filter((each) => each.rule === 'SOURCE-IGNORED').map((each) => each.place?.file))
  const found = new Map<string, Folder[]>()
  for (const folder of distinct(folders)) {
    for (const entry of folder.entries()) {
      if (entry.type !== 'folder' || !names.has(entry.name) || !leftAlone.has(labelOf(folder.label, entry.name))) continue
      found.set(entry.name, [...(found.get(entry.name) ?? []), folder.folder(entry.name)])
    }
  }
  return found
}

function clashes(base: ReadonlyMap<string, Migration>, added: readonly Migration[], severity: 'error' | 'warning'): Finding[] {
  return added.flatMap((migration) => {
    const taken = base.get(migration.version)
    if (taken === undefined) return []
    const [first, second] = [fileOf(taken), fileOf(migration)]
    const message = `${first} and ${second} both have version ${migration.version}`
    return [
      finding(
        { rule: 'ENVIRONMENT-CLASH', severity, message, remedy: 'skein new --renumber gives one of them the next number' },
        second,
        migration.version,
      ),
    ]
  })
}

/** Files exist that do not run: said when nobody chose, or when the choice names a folder that is not there (an empty one is not in git). */
function leftOut(
  environment: string | undefined,
  chosen: SourceReading | undefined,
  others: readonly [string, SourceReading][],
): Finding[] {
  const used = others.filter(([, other]) => other.migrations.length > 0)
  if (used.length === 0 || chosen !== undefined) return []
  const names = used.map(([name, other]) => `${name} (${other.migrations.length})`).join(', ')
  if (environment === undefined) {
    const message = `no environment is chosen, so these are left out: ${names}`
    return [finding({ rule: 'ENVIRONMENT-LEFT-OUT', severity: 'note', message, remedy: 'choose one with --env or SKEIN_ENV' })]
  }
  const message = `there is no folder ${environment} beside ${names}: base files only`
  return [finding({ rule: 'ENVIRONMENT-ABSENT', severity: 'note', message, remedy: 'check the spelling of the environment' })]
}

function fileOf(migration: Migration): string {
  return (migration.up ?? migration.down)?.file ?? migration.id
}
