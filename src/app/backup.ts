import { resolve } from 'node:path'
import { databaseSize } from '../data/backup/database-size.ts'
import { type BackupTools, findTools } from '../data/backup/find-tools.ts'
import { type BackupFormat, formatOf, writeBackup } from '../data/backup/write-backup.ts'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { connectionEnvironment, connectionVariables } from '../postgres/connection-environment.ts'
import { connect } from '../postgres/connect.ts'
import type { Session } from '../postgres/session.ts'
import type { Looked } from './look.ts'
import type { Request } from './request.ts'
import { survey } from './survey.ts'

export interface BackupRequest extends Request {
  out?: string
  schemaOnly?: boolean
  /** Undefined: by the name of `out`, else custom. */
  format?: BackupFormat
  /** The folder of pg_dump and pg_restore; else SKEIN_PG_BIN of the environment. */
  pgBin?: string
}

export interface BackupReport {
  backups: BackedUp[]
}

/** One file, of one database. */
export interface BackedUp {
  file: string
  manifest: string
  database: string
  services: string[]
  bytes: number
  sha256: string
  tool: string
  /** ISO 8601 in UTC. */
  madeAt: string
}

/** What a backup is written with, and where to. */
export interface BackupPlan {
  tools: BackupTools
  /** Absolute. */
  file: string
  format: BackupFormat
  schemaOnly: boolean
  /** What the manifest says besides: of which run it is. */
  about?: Readonly<Record<string, unknown>>
}

/**
 * One file for each database of the selected services, all of the database in it, read back before it gets its name, with a manifest beside it. Takes
 * ACCESS SHARE. Throws BACKUP-TOOL-MISSING, BACKUP-FAILED, FILE-EXISTS, USAGE (`out` for several databases), and what connecting throws.
 */
export async function backup(request: BackupRequest, ports: Ports): Promise<BackupReport> {
  const found = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
  const groups = byDatabase([...found.looked.values()])
  if (request.out !== undefined && groups.length > 1)
    throw new SkeinError('USAGE', {
      message: `--out names one file, and the services are in ${groups.length} databases`,
      hint: 'name a service: --service NAME',
    })
  const format = formatOf(request.format, request.out)
  // Before anything is written: all databases have their tools.
  const names = fileNames(
    groups.map((group) => (group[0] as Looked).target.database),
    format,
  )
  const planned = groups.map((group, at) => ({ group, name: names[at] as string, tools: toolsFor(group, request.pgBin, ports) }))
  const backups: BackedUp[] = []
  for (const { group, name, tools } of planned) {
    const file = resolve(ports.cwd, request.out ?? name)
    backups.push(await backupDatabase(group, { tools, file, format, schemaOnly: request.schemaOnly === true }, ports))
  }
  return { backups }
}

/** Services by the database they live in. */
export function byDatabase(looked: readonly Looked[]): Looked[][] {
  const groups = new Map<string, Looked[]>()
  for (const one of looked) groups.set(one.target.id, [...(groups.get(one.target.id) ?? []), one])
  return [...groups.values()]
}

/** Throws BACKUP-TOOL-MISSING. */
export function toolsFor(group: readonly Looked[], pgBin: string | undefined, ports: Ports): BackupTools {
  return findTools((group[0] as Looked).target.serverVersion, ports.env, pgBin ?? (ports.env['SKEIN_PG_BIN'] || undefined))
}

/** A name for each of these databases, `shop-20260102T030405Z.dump`: relative, told apart by the second, and by a number where two servers have one of a name. */
export function fileNames(databases: readonly string[], format: BackupFormat): string[] {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const names = new Set<string>()
  for (const database of databases) {
    const nameOf = (name: string) => `${name.replaceAll('/', '_')}-${time}.${format === 'custom' ? 'dump' : format}`
    let name = nameOf(database)
    for (let number = 2; names.has(name); number++) name = nameOf(`${database}-${number}`)
    names.add(name)
  }
  return [...names]
}

/** Backs up the one database of some services; the manifest says where each of them stands. Throws as {@link backup}. */
export async function backupDatabase(group: readonly Looked[], wanted: BackupPlan, ports: Ports): Promise<BackedUp> {
  const { spec, target } = group[0] as Looked
  const { tools, file, format, schemaOnly, about } = wanted
  const tool = `pg_dump ${tools.version}`
  const madeAt = new Date().toISOString()
  const services = group.map((one) => ({
    name: one.loaded.service.name,
    history: one.key,
    applied: [...one.applied.applied.keys()],
    ledger: one.ledger?.applied.map(({ version, kind, hash }) => ({ version, kind, hash })) ?? null,
  }))
  const { env, asked: size } = await environmentOf(spec, ports, 'backup', databaseSize)
  const server = {
    version: target.serverVersion,
    systemIdentifier: target.systemIdentifier,
    database: target.database,
    size,
  }
  const manifest = { madeAt, madeBy: ports.program, format, schemaOnly, tool, server, services, ...about }
  const onBytes = (bytes: number) =>
    ports.emit({ kind: 'copying', what: 'backup', database: spec.label, bytes, total: schemaOnly ? null : size })
  const written = await writeBackup({ tools, env, file, format, schemaOnly, signal: ports.signal, onBytes }, manifest)
  ports.emit({ kind: 'copied', what: 'backup', database: spec.label, file, bytes: written.bytes })
  return { file, manifest: `${file}.json`, database: spec.label, services: services.map((one) => one.name), ...written, tool, madeAt }
}

/**
 * The environment of PostgreSQL's programs: of several hosts the one that answers, and nothing that the shell says of another connection. Contains the
 * password. `ask` is answered on the connection that finds that out. Throws what connecting throws.
 */
export async function environmentOf<Answer>(
  spec: Looked['spec'],
  ports: Ports,
  verb: 'backup' | 'restore',
  ask: (session: Session) => Promise<Answer>,
): Promise<{ env: NodeJS.ProcessEnv; asked: Answer }> {
  const session = await connect(spec, { signal: ports.signal, readOnly: true })
  let asked: Answer
  try {
    asked = await ask(session)
  } finally {
    await session.end()
  }
  const rest = Object.entries(ports.env).filter(([name]) => !connectionVariables.includes(name))
  const { cert, key } = spec.ssl
  const env = {
    ...Object.fromEntries(rest),
    ...(cert === undefined ? {} : { PGSSLCERT: cert }),
    ...(key === undefined ? {} : { PGSSLKEY: key }),
    ...connectionEnvironment(spec, session.reached),
    PGAPPNAME: `${ports.program} ${verb}`,
  }
  return { env, asked }
}
