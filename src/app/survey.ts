import { refuseTableClashes } from '../histories/table-clashes.ts'
import { selectBodies } from '../ledger/read.ts'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import type { Fleet, Tiers } from '../plan/fleet.ts'
import { reconcile } from '../plan/reconcile.ts'
import type { Reconciled } from '../plan/reconciled.ts'
import { withDependants, withNeeds } from '../plan/service-order.ts'
import { connect } from '../postgres/connect.ts'
import { loadParser } from '../sql/front.ts'
import { tokenHash } from '../sql/token-hash.ts'
import { declared } from './declared.ts'
import { openHashCache } from './hash-cache.ts'
import { serviceInput, type HashOf } from './inputs.ts'
import { load, type Loaded, type LoadedService } from './load.ts'
import { isLooked, look, type Looked, type Unreachable } from './look.ts'
import type { Request } from './request.ts'
import { connectionOf } from './targets.ts'

/** Everything that is known after reading and looking: where every verb that asks a database starts. */
export interface Survey {
  loaded: Loaded
  looked: Map<string, Looked>
  unreachable: Unreachable[]
  reconciled: Map<string, Reconciled>
  fleet: Fleet
}

export interface SurveyOptions {
  /** `up` does not need to know which downs are hollow, and would have to read them all. */
  downs?: boolean
  /** Which services are looked at; default: the selected ones and all they can meet in a plan (every service). */
  only?: 'selected'
  /** An unreachable database is thrown rather than shown. */
  strict?: boolean
  /** Applied files are not compared with their hashes. */
  content?: boolean
  /** Applied files that have not changed since the last run need not be read: their hashes are remembered (hash-cache.ts). */
  remember?: boolean
  /** Files that were read before: what is run is what was planned, even when a file changes while we wait for a lock. */
  loaded?: Loaded
}

/**
 * Reads the workspace, looks at the databases, compares. Services that were not selected are looked at too where the plan may meet them (what is
 * needed, what needs); one of theirs that cannot be reached stops nothing. Throws what reading and looking throw; TABLE-CLASH before anything runs.
 */
export async function survey(request: Request, ports: Ports, options: SurveyOptions = {}): Promise<Survey> {
  const loaded = options.loaded ?? (await load(request, ports))
  const wanted = options.only === 'selected' ? loaded.all.filter((one) => loaded.selected.has(one.service.name)) : related(loaded)
  const reachable: { loaded: LoadedService; spec: Looked['spec'] }[] = []
  const unreachable: Unreachable[] = []
  for (const one of wanted) {
    try {
      reachable.push({ loaded: one, spec: await connectionOf(one.service, loaded.workspace, request, ports) })
    } catch (error) {
      if (!(error instanceof SkeinError)) throw error
      if (loaded.selected.has(one.service.name) && (options.strict === true || error.exit === 2)) throw error
      unreachable.push({ loaded: one, error })
    }
  }
  const answers = await look(reachable, ports)
  const looked = new Map(answers.filter(isLooked).map((one) => [one.loaded.service.name, one]))
  for (const one of answers) if (!isLooked(one)) unreachable.push(one)
  const fatal = unreachable.find((one) => loaded.selected.has(one.loaded.service.name))
  if (options.strict === true && fatal !== undefined) throw fatal.error
  refuseClashes([...looked.values()])
  const { hashOf, keep } = hashesOf([...looked.values()], loaded.workspace.root, options.remember === true)
  const meaning = options.content === false ? () => () => false : await meanings(looked, hashOf)
  const reconciled = new Map(
    [...looked].map(([name, one]) => [
      name,
      reconcile(serviceInput(one, meaning(one), alone(one), hashOf(one)), { downs: options.downs, content: options.content }),
    ]),
  )
  keep()
  return {
    loaded,
    looked,
    unreachable,
    reconciled,
    fleet: {
      services: [...reconciled.values()],
      tiers: tiersOf(loaded),
      absent: new Set(loaded.all.map((one) => one.service.name).filter((name) => !reconciled.has(name))),
    },
  }
}

/** The selected services, what they need, and what needs them: whom a plan may meet, up or down. */
function related(loaded: Loaded): LoadedService[] {
  if (loaded.selected.size === loaded.all.length) return loaded.all
  const services = loaded.all.map(declared)
  const tiers = tiersOf(loaded)
  const names = new Set([...withNeeds([...loaded.selected], services, tiers), ...withDependants([...loaded.selected], services, tiers)])
  return loaded.all.filter((one) => names.has(one.service.name))
}

/** Tiers by the workspace file they stand in, as the planner wants them. */
export function tiersOf(loaded: Loaded): Tiers {
  const tiers = new Map<string, readonly string[]>()
  for (const { service } of loaded.all) {
    const order = loaded.workspace.tiers.find((list) => service.tier !== undefined && list.includes(service.tier))
    if (order !== undefined) tiers.set(service.root, order)
  }
  return tiers
}

function refuseClashes(looked: readonly Looked[]): void {
  refuseTableClashes(
    looked.map((one) => ({
      name: one.loaded.service.name,
      tool: one.history.name,
      database: one.target.id,
      schema: one.table.schema,
      table: one.table.table,
      service: one.table.service,
      versions: one.loaded.migrations.map((migration) => migration.version),
    })),
  )
}

/** Fewer applied files than this are read sooner than remembered, and the workspace stays as it is. */
const worthRemembering = 500

/**
 * Where hashes of up files come from. Remembered ones serve for what the ledger has as applied, to see whether it changed, and nothing else: what is
 * going to run is read, and so is everything of a service that may have applied files run again ("changed: redo").
 */
function hashesOf(looked: readonly Looked[], root: string, remember: boolean): { hashOf: (one: Looked) => HashOf; keep: () => void } {
  const enough = looked.some((one) => (one.ledger?.applied.length ?? 0) >= worthRemembering)
  const cache = remember && enough ? openHashCache(root) : undefined
  return {
    hashOf: (one) => {
      if (cache === undefined || one.loaded.service.policies.changed === 'redo') return (body) => body.sha256()
      const applied = new Set(one.ledger?.applied.map((row) => row.version))
      return (body, version) => (applied.has(version) ? cache.of(body) : body.sha256())
    },
    keep: () => cache?.save(),
  }
}

/** Applied versions whose raw hash is not the ledger's. */
function changedRows(one: Looked, hashOf: HashOf): { version: string; hash: string }[] {
  const files = new Map(one.loaded.migrations.map((migration) => [migration.version, migration.up]))
  return (one.ledger?.applied ?? []).flatMap((row) => {
    const file = files.get(row.version)
    return row.hash === null || file == null || hashOf(file, row.version) === row.hash ? [] : [{ version: row.version, hash: row.hash }]
  })
}

/** For files whose raw bytes differ: does the text say something else? The stored bodies are fetched once for each database, only when needed. */
async function meanings(
  looked: ReadonlyMap<string, Looked>,
  hashOf: (one: Looked) => HashOf,
): Promise<(one: Looked) => (version: string) => boolean> {
  const differing = new Map<Looked, Set<string>>()
  for (const one of looked.values()) {
    const changed = changedRows(one, hashOf(one))
    if (changed.length === 0) continue
    // Only now: loading the parser costs more than everything before.
    await loadParser()
    differing.set(one, await reallyChanged(one, changed))
  }
  return (one) => (version) => differing.get(one)?.has(version) ?? true
}

async function reallyChanged(one: Looked, changed: readonly { version: string; hash: string }[]): Promise<Set<string>> {
  const stored = await storedBodies(
    one,
    changed.map((row) => row.hash),
  )
  const files = new Map(one.loaded.migrations.map((migration) => [migration.version, migration.up]))
  const different = changed.filter(({ version, hash }) => {
    const before = stored.get(hash)
    const now = files.get(version)
    if (before === undefined || now == null) return true
    if (now.kind === 'code') return sameLines(before) !== sameLines(now.raw().toString('utf8'))
    return tokenHash(before) !== tokenHash(now.text())
  })
  return new Set(different.map((row) => row.version))
}

/** Code, but for line ends and blanks behind lines. */
function sameLines(code: string): string {
  return code.replace(/[ \t]*\r?\n/g, '\n').trim()
}

/** Texts that the ledger keeps, by hash; empty where it may not be read. */
export async function storedBodies(one: Looked, hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0 || one.ledger === undefined) return new Map()
  const session = await connect(one.spec, { readOnly: true })
  try {
    const rows = await session.query<{ hash: string; content: string }>(selectBodies(one.loaded.service.ledgerSchema, hashes))
    return new Map(rows.map((row) => [row.hash, row.content]))
  } finally {
    await session.end()
  }
}

/** Whether a migration holds something that cannot run in a transaction; asked only for what a tool's table lost. */
function alone(one: Looked): (version: string) => boolean {
  return (version) => {
    const up = one.loaded.migrations.find((migration) => migration.version === version)?.up
    return up?.kind === 'sql' && /concurrently|vacuum|create\s+database/i.test(up.text())
  }
}
