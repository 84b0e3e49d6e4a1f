import type { Finding } from '../../../model/finding.ts'
import { type Folder, labelOf } from '../../../util/folder.ts'
import { badLink } from '../../read-files.ts'
import { finding } from '../../rules.ts'
import type { Source, SourceReading } from '../../source.ts'
import { defaultEnvironments } from '../environments.ts'
import { checkOrder } from './check-order.ts'
import type { CrossNeed } from './cross-service.ts'
import { type Dependencies, type DependenciesFile, dependenciesName } from './names.ts'
import { type Known, knownMigrations, meant } from './known.ts'
import { matchEntries } from './match-entries.ts'
import { missingEntries } from './missing-entries.ts'
import { members, parseJson } from './parse-json.ts'
import { placeAt } from './place.ts'
import { type Entry, readEntry } from './read-entry.ts'
import { readerOf } from './reader.ts'

/** Whose files these are, for remedies, and which sub-folders are environments. */
export interface DependenciesChoice {
  service: string
  environment?: string
  environments?: readonly string[]
}

/**
 * Reads every dependencies.json of a service (beside its base files and in its environment folders) and puts what it says on the migrations. Checked
 * are types, names in both directions, order, environments; what is wrong is a finding with line and column. Throws SOURCE-UNREADABLE.
 */
export function readDependencies(
  source: Source,
  folders: readonly Folder[],
  reading: SourceReading,
  choice: DependenciesChoice,
): Dependencies {
  const wanted = choice.environments ?? [...defaultEnvironments, ...(choice.environment === undefined ? [] : [choice.environment])]
  const known = knownMigrations(source, folders, reading.migrations, choice.environment, new Set(wanted))
  const findings: Finding[] = []
  const files: DependenciesFile[] = []
  const entries: { entry: Entry; from?: string }[] = []
  for (const { folder, environment } of known.folders) {
    const listed = folder.entries().find((one) => one.name === dependenciesName)
    if (listed === undefined || listed.type === 'folder') continue
    const label = labelOf(folder.label, dependenciesName)
    if (listed.type === 'other') findings.push(finding(badLink(label), label))
    else files.push(readFile(folder, label, environment, entries, findings))
  }
  if (files.length === 0) return nothing(reading, known, findings)
  const matched = matchEntries(known, entries)
  const stands = checkOrder(known, matched)
  const metas = new Map(matched.flatMap(({ entry, migrations }) => migrations.map((one) => [one, entry] as const)))
  const spoken = new Set(entries.flatMap(({ entry }) => meant(known, entry.key)))
  const missing = known.all.filter((one) => !spoken.has(one))
  const usable = files.filter((one) => !one.broken)
  return {
    migrations: reading.migrations.map((one) => {
      const entry = metas.get(one)
      return entry === undefined ? one : { ...one, meta: entry.meta }
    }),
    findings: [
      ...reading.findings.filter((one) => one.rule !== 'SOURCE-IGNORED' || !files.some(({ file }) => file === one.place?.file)),
      ...findings,
      // A file that cannot be read says nothing of anybody; that is said already.
      ...(usable.length < files.length ? [] : missingEntries(missing, usable, choice.service)),
    ],
    files,
    dependsOn: new Map(reading.migrations.flatMap((one) => (stands.has(one) ? [[one.version, stands.get(one) ?? []] as const] : []))),
    crossNeeds: reading.migrations.flatMap(
      (one) => metas.get(one)?.cross.map((need) => crossNeed(one.version, need, metas.get(one))) ?? [],
    ),
    missing,
    all: known.all,
  }
}

function readFile(
  folder: Folder,
  label: string,
  environment: string | undefined,
  entries: { entry: Entry; from?: string }[],
  findings: Finding[],
): DependenciesFile {
  const body = folder.file(dependenciesName)
  const json = parseJson(label, body.raw())
  findings.push(...json.findings)
  const read: DependenciesFile = { file: label, path: body.path, environment, broken: json.root === undefined }
  if (json.root === undefined) return read
  const reader = readerOf(json, findings)
  const top = reader.object(json.root, label, ['migrations', 'global_config'])
  const [migrations, config] = [top.get('migrations'), top.get('global_config')]
  if (migrations?.type === 'object')
    for (const { name, key, value } of members(migrations)) entries.push({ entry: readEntry(reader, name, key, value), from: environment })
  else if (migrations !== undefined) reader.object(migrations, `migrations of ${label}`, [])
  if (config !== undefined && config.type !== 'object') reader.object(config, `global_config of ${label}`, [])
  return { ...read, ...(config === undefined ? {} : { globalConfig: plain(config) }) }
}

function crossNeed(version: string, need: CrossNeed, entry: Entry | undefined): Dependencies['crossNeeds'][number] {
  const json = entry?.reader.file
  const place = json === undefined ? undefined : placeAt(json.file, json.text, need.node.offset)
  return { version, service: need.service, needed: need.version, place }
}

function nothing(reading: SourceReading, known: Known, findings: Finding[]): Dependencies {
  const empty = { files: [], dependsOn: new Map<string, string[]>(), crossNeeds: [], missing: [...known.all], all: known.all }
  return { migrations: reading.migrations, findings: [...reading.findings, ...findings], ...empty }
}

/** The value of a tree; members by their own names only (`__proto__` is a name like any other). */
function plain(node: Parameters<typeof members>[0]): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain)
  if (node.type === 'object') return Object.fromEntries(members(node).map(({ name, value }) => [name, plain(value)]))
  return node.value
}
