import { count } from '../duration.ts'
import type { Style } from '../style.ts'

/** What `restore` reports, as far as this page shows it. */
export interface RestoreView {
  dryRun: boolean
  file: string
  bytes: number
  madeAt: string | null
  database: string
  services: { name: string; applied: number; pending: string[]; ahead: string[] }[]
  sessions: { pid: number; user: string | null; application: string | null }[]
  kept: string | null
  tool: string
  notes: string[]
}

/** The database with the file in it, the services that live there, what became of the old one, and what a person should know. */
export function humanRestore(view: RestoreView, style: Style): string {
  const of = view.madeAt === null ? '' : ` of ${view.madeAt}`
  const head = view.dryRun
    ? `· ${style.bold(view.database)} to be replaced by ${view.file}${of}`
    : `${style.green('✓')} ${style.bold(view.database)} restored from ${view.file}${of}`
  const lines = view.services.map((one) => {
    const rest = [
      one.pending.length === 0 ? '' : `${one.pending.length} pending`,
      one.ahead.length === 0 ? '' : `${one.ahead.length} ahead`,
    ]
    return `  ${[`${one.name} ${count(one.applied, 'migration')} applied`, ...rest.filter(Boolean)].join(', ')}\n`
  })
  const connected = view.sessions.map(
    (one) =>
      `  connected: pid ${one.pid}${one.user === null ? '' : ` ${one.user}`}${one.application === null ? '' : ` (${one.application})`}\n`,
  )
  const old = view.dryRun ? '' : view.kept === null ? '  the old database was dropped\n' : `  the old database is kept as ${view.kept}\n`
  const notes = view.notes.map((note) => `  ${note}\n`)
  return `${head} ${style.dim(`${view.bytes} bytes, by ${view.tool}`)}\n${[...lines, ...(view.dryRun ? connected : []), old, ...notes].join('')}`
}
