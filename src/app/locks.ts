import type { Ports } from '../model/ports.ts'
import type { Blocker } from '../model/run.ts'
import { holders, ownLockKey } from '../postgres/advisory.ts'
import { connect } from '../postgres/connect.ts'
import { isLooked, look } from './look.ts'
import { load } from './load.ts'
import type { Request } from './request.ts'
import { connectionOf } from './targets.ts'

export interface LockRow {
  service: string
  database: string
  /** Whose key: `skein`, or the tool's name for its own. */
  whose: string
  key: string
  holders: Blocker[]
}

/** The advisory keys of every selected service, ours and its tool's, and who holds them now. Takes no lock. Throws what connecting throws. */
export async function locks(request: Request, ports: Ports): Promise<{ locks: LockRow[] }> {
  const loaded = await load(request, ports)
  const wanted = loaded.all.filter((one) => loaded.selected.has(one.service.name))
  const reachable = []
  for (const one of wanted) reachable.push({ loaded: one, spec: await connectionOf(one.service, loaded.workspace, request, ports) })
  const rows: LockRow[] = []
  for (const one of await look(reachable, ports)) {
    if (!isLooked(one)) throw one.error
    const { service } = one.loaded
    const tool = one.history.lockKeys({ database: one.target.database, schema: one.table.schema, table: one.table.table })
    const keys = [
      { whose: 'skein', key: ownLockKey(one.key) },
      ...[...tool, ...service.history.lockKeys].map((key) => ({ whose: service.tool, key })),
    ]
    const session = await connect(one.spec, { readOnly: true })
    try {
      const answers = await Promise.all(keys.map(({ key }) => holders(session, [key])))
      for (const [at, { whose, key }] of keys.entries())
        rows.push({ service: service.name, database: one.spec.label, whose, key: key.toString(), holders: answers[at] ?? [] })
    } finally {
      await session.end()
    }
  }
  return { locks: rows }
}
