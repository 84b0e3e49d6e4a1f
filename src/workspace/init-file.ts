import { type InitService, type InitWorkspace, toolOf } from './init/init-service.ts'

/** The packaged JSON Schema, from a workspace in which the package is installed. */
const packagedSchema = './node_modules/skein-migrate/docs/reference/skein.schema.json'

/**
 * The text of a workspace file as a person would write it: with a comment wherever something was concluded, and nothing decided that only a person
 * knows. `schema` is what editors are pointed to, a path or a URL.
 */
export function initText({ services, database, apart, tiers }: InitWorkspace, schema: string = packagedSchema): string {
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    '# The services of this workspace. Each keeps its own files and its own history table: delete this file and its tool goes on as before.',
    '',
    ...(database === undefined ? [] : databaseLines(database)),
    ...(apart === undefined
      ? []
      : comment(`A database for each service: ${apart}. Several may be given the same URL where their tables differ.`)),
    ...(tiers === undefined ? [] : tierLines(tiers)),
    'services:',
    ...services.flatMap(serviceLines),
    ...(services.some((service) => service.detection.kind !== 'foreign') ? [] : exampleLines),
    '',
    ...hints(services, tiers !== undefined),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function databaseLines({ text, because }: NonNullable<InitWorkspace['database']>): string[] {
  const about =
    'Where they live, unless a service says otherwise: a URL, a variable, or embedded for a PostgreSQL server that is started on demand.'
  return [...comment(about), ...(because === undefined ? [] : comment(`The variable: ${because}.`)), `database: ${valueText(text)}`, '']
}

function tierLines({ names, because }: NonNullable<InitWorkspace['tiers']>): string[] {
  return [...comment(`In order: a tier needs all before it. ${because}.`), 'tiers:', ...names.map((name) => `  - ${yamlText(name)}`), '']
}

const exampleLines = [
  '  # No migrations that can be run were found below this folder. Name them yourself:',
  '  # wallet:',
  '  #   path: services/wallet/migrations',
]

/** What somebody who adds the next service wants to know and cannot see above. */
function hints(services: readonly InitService[], hasTiers: boolean): string[] {
  const lines: string[] = []
  if (services.every((service) => service.needs.length === 0))
    lines.push('# A service that stands on others says so, and comes after them:   needs: [core, "tenant@20240101120000"]')
  if (!hasTiers)
    lines.push('# Several that stand on several:                                   tiers: [core, services], and tier: core in each service')
  if (services.every((service) => service.table === undefined))
    lines.push("# A table that is not called as the tool's own:                    table: wallet_schema_migrations")
  return lines
}

function serviceLines(service: InitService): string[] {
  const { name, path, detection, table, tier, database, needs, aliases, remarks } = service
  if (detection.kind === 'foreign' && service.tool === undefined)
    return [`  # ${name}, in ${path}, is left to ${detection.tool}, which this version does not run`]
  return [
    `  ${name}:`,
    `    path: ${yamlText(path)}`,
    ...toolLines(service),
    ...(database === undefined ? [] : [`    database: ${valueText(database)}`]),
    ...(table === undefined ? [] : [`    table: ${yamlText(table.text)}${behind(table.because)}`]),
    ...(tier === undefined ? [] : [`    tier: ${yamlText(tier)}`]),
    ...needs.flatMap(({ because }) => comment(because, '    ')),
    ...needLines(needs),
    ...(aliases.length === 0 ? [] : [`    aliases: [${aliases.map(yamlText).join(', ')}]`]),
    ...remarks.flatMap((remark) => comment(remark, '    ')),
  ]
}

function toolLines(service: InitService): string[] {
  const { detection } = service
  const tool = toolOf(service)
  if (tool !== undefined) return [`    tool: ${tool}${behind(service.tool?.because)}`]
  if (detection.kind !== 'ambiguous') return []
  const both = detection.candidates.map((candidate) => candidate.tool)
  return [`    # The files fit ${both.join(' and ')}. Keep the line that is true:`, ...both.map((each) => `    # tool: ${each}`)]
}

function needLines(needs: InitService['needs']): string[] {
  if (needs.length === 0) return []
  const line = `    needs: [${needs.map(needText).join(', ')}]`
  return line.length <= 140 ? [line] : ['    needs:', ...needs.map((need) => `      - ${needText(need)}`)]
}

function needText({ service, version }: InitService['needs'][number]): string {
  return version === undefined ? yamlText(service) : JSON.stringify(`${service}@${version}`)
}

function behind(because: string | undefined): string {
  return because === undefined ? '' : ` # ${because}`
}

/** In lines of at most 140 characters. */
function comment(text: string, indent = ''): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= 140) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`${indent}# ${word}`)
  }
  return lines
}

/** Plain where YAML cannot take it for something else, else in double quotes (JSON is YAML), with `${` kept from being a variable. */
function yamlText(text: string): string {
  return plain(text.replaceAll('${', () => '$${'))
}

/** As {@link yamlText}, of a value whose variables are meant. */
function valueText(text: string): string {
  return /^(?:\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[A-Za-z0-9_:.-]*)?\}|embedded:[A-Za-z0-9_-]+)$/.test(text) ? text : plain(text)
}

function plain(text: string): string {
  return /^[A-Za-z./](?:[A-Za-z0-9._/ -]*[A-Za-z0-9._/-])?$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text)
}
