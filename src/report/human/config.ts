import { columns } from '../columns.ts'
import { duration } from '../duration.ts'
import type { Style } from '../style.ts'

interface SettingView {
  value: string | number | boolean | readonly string[] | null
  from: string
  problem?: string
}

interface ConfigView {
  root: string
  file: string | null
  environment: SettingView
  run: Record<string, SettingView>
  services: { name: string; aliases: readonly string[]; settings: Record<string, SettingView> }[]
}

/** `config` for people: a line for each value with where it came from; with `all` also the defaults. */
export function humanConfig(view: ConfigView, style: Style, all: boolean): string {
  const head = [
    [style.bold('workspace'), view.root, style.dim(view.file === null ? 'no skein.yaml' : '')],
    [style.bold('environment'), shown('', view.environment) || 'none: base files only', style.dim(view.environment.from)],
  ]
  const blocks = [columns(head, '', style.width)]
  const run = rows(view.run, style, all)
  if (run.length > 0) blocks.push(columns(run, '', style.width))
  for (const one of view.services) {
    const aliases = one.aliases.length === 0 ? '' : style.dim(` (${one.aliases.join(', ')})`)
    blocks.push(`${style.bold(one.name)}${aliases}\n${columns(rows(one.settings, style, all), '  ', style.width)}`)
  }
  return `${blocks.join('\n\n')}\n`
}

/** The database is always there: people look for it first. */
function rows(settings: Record<string, SettingView>, style: Style, all: boolean): string[][] {
  return Object.entries(settings)
    .filter(
      ([key, one]) =>
        all || one.problem !== undefined || key === 'database' || key === 'table' || (one.from !== 'default' && shown(key, one) !== ''),
    )
    .map(([key, one]) => [key, one.problem === undefined ? shown(key, one) || '-' : style.red(one.problem), style.dim(one.from)])
}

function shown(key: string, { value }: SettingView): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return key === 'jobs' ? String(value) : duration(value)
  return typeof value === 'string' ? value : value.join(', ')
}
