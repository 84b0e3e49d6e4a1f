import { areTooWide, columnLines, columns } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'
import { utc } from '../utc.ts'
import { indented, sharedTroubles, shortNames, type Trouble } from './troubles.ts'

/** What `status` reports, as far as this page shows it. */
export interface StatusView {
  environment: string | null
  services: {
    name: string
    tool: string
    database: string | null
    state: string
    current: string | null
    applied: number
    pending: number
    outOfOrder: number
    ahead: number
    migrations: {
      id: string
      version: string
      state: string
      appliedAt: string | null
      kind: string | null
      environment: string | null
      hollowDown: string | false
    }[]
    problems: { code: string; message: string; hint: string }[]
    notes: string[]
    lockedBy: { pid: number; application: string | null }[]
    error: { message: string; hint?: string } | null
  }[]
}

/**
 * `status` for people: one line for each service and one for all; with `detail` (one service, or --verbose) one line for each migration as well.
 * Where all databases are on one server, the server is named once.
 */
export function humanStatus(view: StatusView, style: Style, detail: boolean): string {
  const server = commonServer(view)
  const all = rowsOf(view, server, style)
  // A narrow terminal shows what differs; tool and database stand in the detail, and in --json.
  const narrow = areTooWide(all, style.width)
  const rows = narrow ? all.map((row) => row.filter((_, at) => at !== toolColumn && at !== databaseColumn)) : all
  const lines = columnLines(rows, '', style.width, 'cut')
  if (detail) for (const one of view.services) lines.push('', ...heading(one, view, narrow, style), migrations(one, style))
  for (const { services, code, message, hint } of sharedTroubles(view.services.flatMap(troublesOf))) {
    lines.push('', `${style.red('✗')} ${code === undefined ? '' : `${code}: `}${shortNames(services)}: ${indented(message)}`)
    if (hint !== undefined) lines.push(`  ${style.dim(indented(hint))}`)
  }
  for (const one of view.services) {
    for (const note of one.notes) lines.push(style.dim(`note: ${note}`))
    for (const holder of one.lockedBy)
      lines.push(
        style.yellow(`${one.name} is being migrated by pid ${holder.pid}${holder.application === null ? '' : ` (${holder.application})`}`),
      )
  }
  if (view.services.length > 1) lines.push('', summary(view, server, style))
  return `${lines.join('\n')}\n`
}

function troublesOf(one: StatusView['services'][number]): Trouble[] {
  const troubles = one.error === null ? one.problems : [one.error, ...one.problems]
  return troubles.map((trouble) => ({ ...trouble, service: one.name }))
}

const [toolColumn, databaseColumn] = [1, 6]

function rowsOf(view: StatusView, server: string | undefined, style: Style): string[][] {
  return view.services.map((one) => [
    style.bold(one.name),
    style.dim(one.tool),
    stateText(one.state, style),
    // Of a database that could not be asked nothing is known.
    one.error === null ? `${one.applied} applied` : '',
    [
      one.pending > 0 ? style.yellow(`${one.pending} pending`) : '',
      one.outOfOrder > 0 ? style.red(`${one.outOfOrder} out of order`) : '',
      one.ahead > 0 ? style.red(`${one.ahead} ahead`) : '',
    ]
      .filter(Boolean)
      .join(', '),
    one.error !== null ? '' : one.current === null ? style.dim('empty') : `at ${one.current}`,
    style.dim(shortDatabase(one.database, server)),
  ])
}

/** Above the migrations of one of several services; what the table had no place for. */
function heading(one: StatusView['services'][number], view: StatusView, narrow: boolean, style: Style): string[] {
  const more = narrow ? style.dim(`  ${[one.tool, one.database ?? ''].filter(Boolean).join(', ')}`) : ''
  return view.services.length > 1 || narrow ? [`${style.bold(one.name)}${more}`] : []
}

/** `16 services on 127.0.0.1:5432 as postgres: 14 up to date, 2 pending (3 migrations)`. */
function summary(view: StatusView, server: string | undefined, style: Style): string {
  const states = new Map<string, number>()
  for (const { state } of view.services) states.set(state, (states.get(state) ?? 0) + 1)
  const pending = view.services.reduce((sum, one) => sum + one.pending, 0)
  const parts = [...states].map(
    ([state, number]) => `${number} ${stateText(state, style)}${state === 'pending' ? ` (${count(pending, 'migration')})` : ''}`,
  )
  const environment = view.environment === null ? '' : `, environment ${view.environment}`
  return `${count(view.services.length, 'service')}${server === undefined ? '' : ` on ${server.replace('\0', ' as ')}`}${environment}: ${parts.join(', ')}`
}

/** `host:port` and user of every database that could be asked, with a NUL between them; undefined when they are not all the same. */
function commonServer(view: StatusView): string | undefined {
  const servers = new Set(view.services.flatMap(({ database }) => (database === null ? [] : [serverOf(database)])))
  return view.services.length > 1 && servers.size === 1 ? [...servers][0] : undefined
}

function serverOf(label: string): string {
  const [, server, user] = /^(.*)\/.* as (.*)$/.exec(label) ?? []
  return `${server}\0${user}`
}

function shortDatabase(label: string | null, server: string | undefined): string {
  return label === null || server === undefined
    ? (label ?? '')
    : label.slice(label.indexOf('/', server.indexOf('\0')) + 1, label.lastIndexOf(' as '))
}

function migrations(one: StatusView['services'][number], style: Style): string {
  return columns(
    one.migrations.map((row) => [
      box(row.state, style),
      row.id,
      [
        row.state === 'applied' ? '' : stateText(row.state, style),
        row.appliedAt === null ? '' : style.dim(utc(row.appliedAt)),
        style.dim(
          [row.kind === null || row.kind === 'executed' || row.kind === row.state ? '' : row.kind, row.environment ?? '']
            .filter(Boolean)
            .join(' '),
        ),
        row.hollowDown === false ? '' : style.dim(row.hollowDown === 'missing' ? 'no down' : 'hollow down'),
      ]
        .filter((text) => text !== '' && text !== style.dim(''))
        .join('  '),
    ]),
    '  ',
    style.width,
  )
}

/** `[X]` and `[ ]` as dbmate, Diesel and TypeORM have them; `[!]` where a person has to look. */
function box(state: string, style: Style): string {
  if (state === 'applied' || state === 'assumed') return style.green('[X]')
  return state === 'pending' ? '[ ]' : style.red('[!]')
}

function stateText(state: string, style: Style): string {
  if (state === 'up-to-date' || state === 'applied') return style.green(state)
  return state === 'pending' || state === 'assumed' ? style.yellow(state) : style.red(state)
}
