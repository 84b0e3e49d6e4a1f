import type { Finding } from '../../model/finding.ts'
import { columnLines } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'
import { estimate } from './estimate.ts'
import { type DepsView, isDeclared, type MigrationView, needText, oneLine, type ServiceView, shortIds } from './view.ts'

/**
 * `deps` for people: services by tier with what they need; with `detail` (a selection, or --migrations) or where a dependencies.json speaks, every migration
 * with what it stands on. `all` shows notes of the files too.
 */
export function textDeps(view: DepsView, style: Style, detail: boolean): string {
  const lines: string[] = []
  // A service that stands alone has no place among others to tell of.
  if (view.services.length > 1 || view.services.some((one) => one.tier !== null || one.needs.length > 0))
    lines.push(platform(view, style), '')
  for (const service of view.services)
    if (detail || service.files.length > 0 || view.services.length === 1)
      lines.push(...head(service, style), ...migrations(service, style), '')
  for (const finding of view.findings) lines.push(...findingLines(finding, style))
  lines.push(summary(view, style))
  return `${lines.join('\n')}\n`
}

/** One line for each service, under its tier where there are any. */
function platform(view: DepsView, style: Style): string {
  const tiered = view.services.some((service) => service.tier !== null)
  const rows = view.services.map((service) => {
    const declared = service.needs.filter(isDeclared).map(needText)
    const implied = service.needs.filter((need) => !isDeclared(need)).map(needText)
    const single = service.migrations.flatMap((migration) =>
      migration.needs.map((need) => `${needText(need)} (for ${oneLine(migration.id)})`),
    )
    const said = [...declared, ...single].join(', ')
    return [
      style.bold(oneLine(service.name)),
      count(service.migrations.length, 'migration'),
      [said === '' ? '' : `needs ${said}`, implied.length === 0 ? '' : style.dim(`by tier ${implied.join(', ')}`)]
        .filter(Boolean)
        .join('; '),
    ]
  })
  const lines = columnLines(rows, tiered ? '  ' : '', style.width)
  let tier: string | null | undefined
  return view.services
    .flatMap((service, index) => {
      const heading = tiered && service.tier !== tier ? [style.dim(service.tier === null ? 'no tier' : oneLine(service.tier))] : []
      tier = service.tier
      return [...heading, lines[index] ?? '']
    })
    .join('\n')
}

function head(service: ServiceView, style: Style): string[] {
  const files =
    service.files.length === 0 ? 'no dependencies.json: the order is the tool’s' : service.files.map(({ file }) => file).join(', ')
  const config = service.files.flatMap(({ globalConfig }) => (globalConfig === undefined || globalConfig === null ? [] : [globalConfig]))
  return [
    `${style.bold(oneLine(service.name))}  ${style.dim(`${service.tool}  ${files}`)}`,
    ...config.map((one) => style.dim(`  global_config ${oneLine(JSON.stringify(one))}`)),
  ]
}

function migrations(service: ServiceView, style: Style): string[] {
  if (service.migrations.length === 0) return [style.dim('  no migrations')]
  const short = shortIds(service.migrations.map((migration) => migration.id))
  const rows = service.migrations.map((migration) => [
    oneLine(migration.id),
    migration.risk === null ? '' : risk(migration.risk, style),
    migration.estimatedMs === null ? '' : estimate(migration.estimatedMs),
    [
      migration.rollbackSafe === false ? style.red('no way back') : '',
      migration.environment === null ? '' : style.dim(oneLine(migration.environment)),
      service.files.length > 0 && !migration.documented ? style.yellow('no entry') : '',
    ]
      .filter(Boolean)
      .join(', '),
    standsOn(migration, short),
    style.dim(migration.affectsTables.map(oneLine).join(', ')),
  ])
  return columnLines(rows, '  ', style.width)
}

function standsOn(migration: MigrationView, short: ReadonlyMap<string, string>): string {
  const own = migration.dependsOn?.map((id) => short.get(id) ?? oneLine(id)) ?? []
  const others = migration.needs.map(needText)
  return own.length + others.length === 0 ? '' : `after ${[...own, ...others].join(', ')}`
}

function risk(text: string, style: Style): string {
  return text === 'high' ? style.red(text) : text === 'medium' ? style.yellow(text) : style.green(text)
}

function findingLines(finding: Finding, style: Style): string[] {
  const mark = finding.severity === 'error' ? style.red('✗') : finding.severity === 'warning' ? style.yellow('!') : style.dim('·')
  const { place } = finding
  const where = place === undefined || place.line === undefined ? '' : `${place.file}:${place.line}:${place.column ?? 1}: `
  return [
    `${mark} ${where}${oneLine(finding.message)} ${style.dim(finding.rule)}`,
    ...(finding.remedy === undefined ? [] : [`    ${style.dim(finding.remedy)}`]),
  ]
}

function summary(view: DepsView, style: Style): string {
  const all = view.services.flatMap((service) => service.migrations)
  const total = all.reduce((sum, migration) => sum + (migration.estimatedMs ?? 0), 0)
  const high = all.filter((migration) => migration.risk === 'high').length
  const unsafe = all.filter((migration) => migration.rollbackSafe === false).length
  const parts = [
    `${count(all.length, 'migration')} in ${count(view.services.length, 'service')}`,
    view.environment === null ? '' : `environment ${view.environment}`,
    total === 0 ? '' : `about ${estimate(total)} by the estimates`,
    high === 0 ? '' : style.red(`${high} of high risk`),
    unsafe === 0 ? '' : style.red(`${unsafe} without a way back`),
  ]
  return parts.filter(Boolean).join(', ')
}
