import { columnLines, columns } from '../columns.ts'
import { count, duration } from '../duration.ts'
import type { Style } from '../style.ts'
import { utc } from '../utc.ts'

interface LogsView {
  runs: {
    id: string
    verb: string
    databases: string[]
    outcome: string | null
    error: { step?: string; code?: string; message?: string } | null
    startedAt: string
    endedAt: string | null
    role: string
    osUser: string | null
    host: string | null
    backups: { file: string }[]
    did: { service: string; version: string; name: string; direction: string; kind: string; ms: number | null }[]
  }[]
}

/** `logs` for people: a line for each run, newest first, with its failure; `verbose` also tells what each did. */
export function humanLogs(view: LogsView, style: Style, verbose: boolean): string {
  if (view.runs.length === 0) return 'no runs in the ledger\n'
  const rows = view.runs.map((run) => [
    utc(run.startedAt),
    style.bold(run.verb),
    outcome(run.outcome, style),
    count(run.did.length, 'step'),
    run.endedAt === null ? '' : duration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
    style.dim(
      [run.role, run.osUser === null ? '' : `by ${run.osUser}`, run.host === null ? '' : `on ${run.host}`].filter(Boolean).join(' '),
    ),
    style.dim(run.id.slice(0, 8)),
  ])
  const table = columnLines(rows, '', style.width)
  const lines = view.runs.flatMap((run, at) => [
    table[at] ?? '',
    ...(run.error === null ? [] : [`    ${style.red(run.error.code ?? 'failed')}: ${run.error.message ?? ''}`]),
    ...run.backups.map(({ file }) => style.dim(`    before it: ${file}`)),
    ...(verbose
      ? [
          columns(
            run.did.map((did) => [did.direction, did.service, did.name, did.ms === null ? did.kind : duration(did.ms)]),
            '    ',
            style.width,
          ),
        ]
      : []),
  ])
  return `${lines.filter((line) => line !== '').join('\n')}\n`
}

function outcome(text: string | null, style: Style): string {
  if (text === null) return style.red('no end noted')
  return text === 'ok' ? style.green(text) : style.red(text)
}
