import { columns } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'

/** What `skein` alone knows, as far as this page shows it. */
export interface StandingView {
  state: string
  folder: string
  file: string | null
  environment: string | null
  services: { name: string; tool: string; migrations: number; applied: number | null; pending: number | null; asleep: boolean }[]
  databases: string[]
  problems: { code: string; message: string; hint?: string }[]
  next: { command: string; why: string }[]
}

/** How many of a kind are named before the rest is counted: the whole page has ten lines. */
const named = 3

/** Where one stands and what to type next, in ten lines at most. */
export function humanStanding(view: StandingView, style: Style): string {
  const lines = [...here(view, style), ...there(view, style)]
  const next = columns(
    view.next.map(({ command, why }, at) => [at === 0 ? style.bold('next') : '', style.cyan(command), style.dim(why)]),
    '',
    style.width,
  )
  return `${[...lines, '', next].join('\n')}\n`
}

/** What lies in the folder. */
function here({ state, folder, file, environment, services }: StandingView, style: Style): string[] {
  if (state === 'no-workspace') {
    const head = `no skein.yaml in ${folder} or above it`
    return services.length === 0
      ? [`${head}, and no migrations below it`]
      : [head, `found below it: ${list(services.map(({ name, tool }) => `${name} ${style.dim(`(${tool})`)}`))}`]
  }
  if (services.length === 0) return []
  const migrations = services.reduce((sum, one) => sum + one.migrations, 0)
  const tools = [...new Set(services.map(({ tool }) => tool))]
  const where = file === null ? 'no skein.yaml needed' : file
  const what = services.length === 1 ? style.bold(services[0]?.name ?? '') : count(services.length, 'service')
  return [
    `${what} ${style.dim(`(${list(tools)})`)}, ${count(migrations, 'migration')}, ${where}${environment === null ? '' : `, environment ${environment}`}`,
  ]
}

/** What the databases say. */
function there({ state, services, databases, problems }: StandingView, style: Style): string[] {
  const where = databases.length === 0 || state === 'no-workspace' ? [] : [`on ${inWords(databases)}`]
  const wrong = problems
    .slice(0, named - 1)
    .flatMap(({ code, message, hint }) => [
      `${style.red('✗')} ${code}: ${firstLine(message)}`,
      ...(hint === undefined ? [] : [`  ${style.dim(firstLine(hint))}`]),
    ])
  if (problems.length > named - 1) wrong.push(`  and ${count(problems.length - named + 1, 'more', 'more')}`)
  const asleep = services.filter((one) => one.asleep)
  if (asleep.length > 0 && asleep.length === services.length) return [`${where[0] ?? 'on the embedded PostgreSQL'}, which is not running`]
  const sleeping =
    asleep.length === 0 ? [] : [`not asked: ${list(asleep.map(({ name }) => name))}, on the embedded PostgreSQL that is not running`]
  const asked = services.filter(({ applied }) => applied !== null)
  if (asked.length === 0) return [...where, ...wrong, ...sleeping]
  const waiting = asked.filter(({ pending }) => (pending ?? 0) > 0)
  const sum = (pick: (one: StandingView['services'][number]) => number | null) => asked.reduce((all, one) => all + (pick(one) ?? 0), 0)
  const [applied, pending] = [sum((one) => one.applied), sum((one) => one.pending)]
  const counts =
    waiting.length === 0 && asleep.length > 0
      ? `${applied} applied`
      : waiting.length === 0
        ? `${style.green('✓')} ${applied === 0 ? 'no migrations yet' : applied === 1 ? 'its one migration is applied' : `all ${applied} migrations are applied`}: nothing to do`
        : `${applied} applied, ${style.yellow(`${pending} pending`)}${waiting.length === services.length ? '' : ` in ${list(waiting.map(({ name }) => name))}`}`
  return [...where, ...(waiting.length === 0 && wrong.length > 0 ? [] : [counts]), ...wrong, ...sleeping]
}

/** `embedded:shop` is a word for skein.yaml. */
function inWords(databases: readonly string[]): string {
  const here = databases.filter((one) => one.startsWith('embedded:')).map((one) => one.slice('embedded:'.length))
  const there = databases.filter((one) => !one.startsWith('embedded:'))
  const embedded = here.length === 0 ? [] : [`the embedded PostgreSQL (${list(here)})`]
  return [...embedded, ...(there.length === 0 ? [] : [list(there)])].join(', and ')
}

function list(words: readonly string[]): string {
  return words.length <= named + 1 ? words.join(', ') : `${words.slice(0, named).join(', ')} and ${words.length - named} more`
}

function firstLine(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  return rest.length === 0 ? first : `${first.replace(/[:,]$/, '')} …`
}
