import { resolve } from 'node:path'
import { findTools } from '../data/backup/find-tools.ts'
import { writeBackup } from '../data/backup/write-backup.ts'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { connectionEnvironment, connectionVariables } from '../postgres/connection-environment.ts'
import { connect } from '../postgres/connect.ts'
import type { Looked } from './look.ts'
import type { Request } from './request.ts'
import { survey } from './survey.ts'

export interface BackupRequest extends Request {
  out?: string
  schemaOnly?: boolean
  format?: 'custom' | 'sql'
  /** The folder of pg_dump and pg_restore. */
  pgBin?: string
}

export interface BackupReport {
  backups: { file: string; manifest: string; database: string; services: string[]; bytes: number; sha256: string; tool: string }[]
}

/**
 * One file for each database of the selected services, all of the database in it, read back before it gets its name, with a manifest beside it. Takes
 * ACCESS SHARE. Throws BACKUP-TOOL-MISSING, BACKUP-FAILED, FILE-EXISTS, USAGE (`out` for several databases), and what connecting throws.
 */
export async function backup(request: BackupRequest, ports: Ports): Promise<BackupReport> {
  const found = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
  const groups = new Map<string, Looked[]>()
  for (const one of found.looked.values()) groups.set(one.target.id, [...(groups.get(one.target.id) ?? []), one])
  if (request.out !== undefined && groups.size > 1)
    throw new SkeinError('USAGE', {
      message: `--out names one file, and the services are in ${groups.size} databases`,
      hint: 'name a service: --service NAME',
    })
  // Before anything is written: all databases have their tools.
  const planned = [...groups.values()].map((group) => ({
    group,
    tools: findTools((group[0] as Looked).target.serverVersion, ports.env, request.pgBin),
  }))
  const backups: BackupReport['backups'] = []
  for (const { group, tools } of planned) {
    const { spec, target } = group[0] as Looked
    const format = request.format ?? 'custom'
    const madeAt = new Date().toISOString()
    const name = `${target.database.replaceAll('/', '_')}-${madeAt.replace(/[-:]|\.\d+/g, '')}.${format === 'sql' ? 'sql' : 'dump'}`
    const file = resolve(ports.cwd, request.out ?? name)
    const services = group.map((one) => ({
      name: one.loaded.service.name,
      history: one.key,
      applied: [...one.applied.applied.keys()],
      ledger: one.ledger?.applied.map(({ version, kind, hash }) => ({ version, kind, hash })) ?? null,
    }))
    const manifest = {
      madeAt,
      madeBy: ports.program,
      format,
      schemaOnly: request.schemaOnly === true,
      tool: `pg_dump ${tools.version}`,
      server: { version: target.serverVersion, systemIdentifier: target.systemIdentifier, database: target.database },
      services,
    }
    const env = await environmentOf(spec, ports, 'backup')
    const written = await writeBackup({ tools, env, file, format, schemaOnly: request.schemaOnly === true, signal: ports.signal }, manifest)
    backups.push({
      file,
      manifest: `${file}.json`,
      database: spec.label,
      services: services.map((one) => one.name),
      ...written,
      tool: manifest.tool,
    })
  }
  return { backups }
}

/**
 * The environment of PostgreSQL's programs: of several hosts the one that answers, and nothing that the shell says of another connection. Contains the
 * password. Throws what connecting throws.
 */
export async function environmentOf(spec: Looked['spec'], ports: Ports, verb: 'backup' | 'restore'): Promise<NodeJS.ProcessEnv> {
  const session = await connect(spec, { signal: ports.signal, readOnly: true })
  await session.end()
  const rest = Object.entries(ports.env).filter(([name]) => !connectionVariables.includes(name))
  const { cert, key } = spec.ssl
  return {
    ...Object.fromEntries(rest),
    ...(cert === undefined ? {} : { PGSSLCERT: cert }),
    ...(key === undefined ? {} : { PGSSLKEY: key }),
    ...connectionEnvironment(spec, session.reached),
    PGAPPNAME: `${ports.program} ${verb}`,
  }
}
