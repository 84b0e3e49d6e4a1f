import type { Option, Spec } from './options.ts'

/** An option as messages name it: `--number <REVERT_NUMBER>`. */
export function styled({ long, value, afterEquals }: Option): string {
  if (value === undefined) return `--${long}`
  return afterEquals === true ? `--${long}[=<${value}>]` : `--${long} <${value}>`
}

/** The help of a command: `long` for --help and the word help, otherwise that of -h. As clap 4.5 lays it out where the text is wider than 100 columns. */
export function helpOf(spec: Spec, long: boolean): string {
  const all: Option[] = [
    ...spec.options,
    { long: 'help', short: 'h', help: long ? "Print help (see a summary with '-h')" : "Print help (see more with '--help')" },
    ...(spec.commands?.['setup'] === undefined ? [] : [{ long: 'version', short: 'V', help: 'Print version' }]),
  ]
  const parts = [
    ...(spec.about === undefined ? [] : [spec.about]),
    `Usage: ${spec.path} ${spec.usage}`,
    ...(spec.commands === undefined ? [] : [`Commands:\n${aligned(Object.entries(spec.commands))}`]),
    ...(spec.positionals === undefined ? [] : [`Arguments:\n${positionals(spec, long)}`]),
    `Options:\n${long ? all.map((one) => block(one, true)).join('\n\n') : short(spec, all)}`,
    ...(spec.after === undefined ? [] : [spec.after]),
  ]
  return `${parts.join('\n\n')}\n`
}

/** The program itself has few options, which stand beside their help. */
function short(spec: Spec, all: readonly Option[]): string {
  if (spec.path !== 'diesel') return all.map((one) => block(one, false)).join('\n')
  return aligned(all.map((one) => [head(one), one.help]))
}

function positionals(spec: Spec, long: boolean): string {
  const rows = (spec.positionals ?? []).map(({ name, help, required }): [string, string] => [required ? `<${name}>` : `[${name}]...`, help])
  return long ? rows.map(([name, help]) => `  ${name}\n          ${help}`).join('\n\n') : aligned(rows)
}

function block(option: Option, long: boolean): string {
  const text = long ? (option.longHelp ?? option.help) : option.help
  const notes = (option.notes ?? []).map((note) => `[${note}]`)
  const help = notes.length === 0 ? text : long ? `${text}\n\n${notes.join('\n')}` : `${text} ${notes.join(' ')}`
  return `  ${head(option)}\n${help
    .split('\n')
    .map((line) => `          ${line}`)
    .join('\n')}`
}

function head(option: Option): string {
  return `${option.short === undefined ? '    ' : `-${option.short}, `}${styled(option)}`
}

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n')
}
