import type { Finding } from '../model/finding.ts'
import type { Migration, SqlFile } from '../model/migration.ts'
import type { FileLayout, MigrationName } from './file-layout.ts'
import { finding } from './rules.ts'
import type { SourceReading } from './source.ts'

/** A file whose name was understood. */
export interface NamedFile {
  parsed: MigrationName
  file: SqlFile
}

interface Pair {
  version: string
  up: NamedFile | undefined
  down: NamedFile | undefined
}

/**
 * Puts up and down files together by version alone, in the tool's order. A second file for one version and direction is an error finding that names
 * both; the first stays. Title and id are the up's, else the down's.
 */
export function pairFiles(layout: FileLayout, files: readonly NamedFile[]): SourceReading {
  const findings: Finding[] = []
  const pairs = new Map<string, Pair>()
  for (const file of files) {
    const { version, direction } = file.parsed
    const pair = pairs.get(version) ?? { version, up: undefined, down: undefined }
    const taken = pair[direction]
    if (taken !== undefined) findings.push(duplicate(taken, file))
    else pair[direction] = file
    pairs.set(version, pair)
  }
  const sorted = [...pairs.values()].sort((a, b) => layout.compare(a.version, b.version))
  const migrations = sorted.flatMap(({ version, up, down }): Migration[] => {
    const named = up ?? down
    if (named === undefined) return []
    if (up === undefined) findings.push(orphan(layout, named))
    else if (down !== undefined && up.parsed.title !== down.parsed.title) findings.push(titlesDiffer(up, down))
    const { title, base } = named.parsed
    return [{ version, name: title, id: base, up: up?.file ?? null, down: down?.file ?? null, sending: layout.sending }]
  })
  return { migrations, findings }
}

function duplicate(first: NamedFile, second: NamedFile): Finding {
  return finding(
    {
      rule: 'SOURCE-DUPLICATE',
      severity: 'error',
      message: `${first.file.file} and ${second.file.file} are both the ${first.parsed.direction} of version ${first.parsed.version}`,
      remedy: 'skein new --renumber gives one of them the next number; or delete one',
    },
    second.file.file,
    first.parsed.version,
  )
}

function orphan(layout: FileLayout, down: NamedFile): Finding {
  return finding(
    {
      rule: 'ORPHAN-DOWN',
      severity: layout.orphanSeverity,
      message: `${down.file.file} has no up: ${layout.orphanMeans}`,
      remedy: 'bring the up file back, or delete the down',
    },
    down.file.file,
    down.parsed.version,
  )
}

function titlesDiffer(up: NamedFile, down: NamedFile): Finding {
  return finding(
    {
      rule: 'TITLES-DIFFER',
      severity: 'note',
      message: `version ${up.parsed.version} is called ${up.parsed.title} going up and ${down.parsed.title} going down`,
      remedy: 'check that the two belong together',
    },
    down.file.file,
    up.parsed.version,
  )
}
