import { selectRuns } from '../ledger/runs.ts'
import type { Ports } from '../model/ports.ts'
import { connect } from '../postgres/connect.ts'
import type { Looked } from './look.ts'
import type { Request } from './request.ts'
import { survey } from './survey.ts'

export interface LoggedRun {
  id: string
  verb: string
  digest: string | null
  databases: string[]
  services: string[]
  steps: number
  /** ok, failed, deferred, interrupted; null when its end was never noted (killed). */
  outcome: string | null
  error: { step?: string; code?: string; message?: string } | null
  startedAt: string
  endedAt: string | null
  role: string
  osUser: string | null
  host: string | null
  program: string
  /** Taken before its first step; `restore --before` goes back to them. */
  backups: { file: string; sha256: string; bytes: number; madeAt: string; host: string | null }[]
  did: { service: string; version: string; name: string; direction: 'up' | 'down'; kind: string; ms: number | null; at: string }[]
}

/** Past runs as the ledgers have them, newest first; a run over several databases is put together by its id. Writes nothing. */
export async function logs(request: Request & { limit?: number }, ports: Ports): Promise<{ runs: LoggedRun[] }> {
  const found = await survey(request, ports, { only: 'selected', strict: true, downs: false, content: false })
  const places = new Map(
    [...found.looked.values()]
      .filter((one) => one.meta !== undefined)
      .map((one) => [`${one.target.id} ${one.loaded.service.ledgerSchema}`, one]),
  )
  const runs = new Map<string, LoggedRun>()
  for (const one of places.values()) for (const run of await runsOf(one, request.limit ?? 20)) merge(runs, run, one)
  const wanted = [...runs.values()].filter((run) => run.services.some((name) => found.loaded.selected.has(name)))
  return { runs: wanted.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, request.limit ?? 20) }
}

type StoredRun = Omit<LoggedRun, 'databases' | 'services'> & { services: { service: string }[] }

async function runsOf(one: Looked, limit: number): Promise<StoredRun[]> {
  const session = await connect(one.spec, { readOnly: true })
  try {
    const rows = await session.query<{ run: StoredRun | string }>(selectRuns(one.loaded.service.ledgerSchema), [limit])
    return rows.map((row) => (typeof row.run === 'string' ? (JSON.parse(row.run) as StoredRun) : row.run))
  } finally {
    await session.end()
  }
}

/** The same run noted in several databases is one run. */
function merge(runs: Map<string, LoggedRun>, run: StoredRun, one: Looked): void {
  const known = runs.get(run.id)
  const services = run.services.map((each) => each.service)
  if (known === undefined) {
    const backups = run.backups.map(({ file, sha256, bytes, madeAt, host }) => ({ file, sha256, bytes, madeAt, host }))
    runs.set(run.id, { ...run, services, backups, databases: [one.spec.label] })
    return
  }
  known.databases.push(one.spec.label)
  for (const { file, sha256, bytes, madeAt, host } of run.backups)
    if (!known.backups.some((each) => each.sha256 === sha256)) known.backups.push({ file, sha256, bytes, madeAt, host })
  known.services.push(...services.filter((name) => !known.services.includes(name)))
  known.did = [...known.did, ...run.did].sort((a, b) => (a.at < b.at ? -1 : 1))
}
