/** One flag as Go's package flag knows it. */
export interface GoFlag {
  kind: 'bool' | 'string' | 'int' | 'uint'
  usage: string
  default?: string
}

export type GoFlags = Readonly<Record<string, GoFlag>>

export type Parsed =
  /** Values as they were typed, of those flags that were; the words after them. */
  | { kind: 'ok'; values: Readonly<Record<string, string>>; rest: readonly string[] }
  /** `-h`, or `-help` where it is no flag. */
  | { kind: 'help' }
  | { kind: 'wrong'; message: string }

const booleans: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, 'true'])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, 'false'])),
}

/**
 * Reads flags the way Go's package flag does: one dash or two, `-name value` or `-name=value`, a bool takes no word of its own, the first word
 * without a dash (or `--`) ends them. Pure. Source: Go 1.24 src/flag/flag.go, parseOne, with its messages.
 */
export function parseGoFlags(flags: GoFlags, words: readonly string[]): Parsed {
  const values: Record<string, string> = {}
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (word.length < 2 || !word.startsWith('-')) return { kind: 'ok', values, rest: words.slice(at) }
    if (word === '--') return { kind: 'ok', values, rest: words.slice(at + 1) }
    const bare = word.slice(word.startsWith('--') ? 2 : 1)
    if (bare === '' || bare.startsWith('-') || bare.startsWith('=')) return wrong(`bad flag syntax: ${word}`)
    const equals = bare.indexOf('=')
    const name = equals < 0 ? bare : bare.slice(0, equals)
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    if (flag === undefined) return name === 'help' || name === 'h' ? { kind: 'help' } : wrong(`flag provided but not defined: -${name}`)
    let value = equals < 0 ? undefined : bare.slice(equals + 1)
    if (value === undefined && flag.kind === 'bool') value = 'true'
    if (value === undefined) value = words[++at]
    if (value === undefined) return wrong(`flag needs an argument: -${name}`)
    const read = flag.kind === 'bool' ? booleans[value] : value
    if (read === undefined) return wrong(`invalid boolean value "${value}" for -${name}: parse error`)
    const trouble = flag.kind === 'int' || flag.kind === 'uint' ? numberTrouble(read, flag.kind) : undefined
    if (trouble !== undefined) return wrong(`invalid value "${value}" for flag -${name}: ${trouble}`)
    values[name] = read
  }
  return { kind: 'ok', values, rest: [] }
}

/** The flags as Go's PrintDefaults lists them. Source: Go 1.24 src/flag/flag.go, PrintDefaults. */
export function goDefaults(flags: GoFlags): string {
  const entries = Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([name, flag]) => `${head(name, flag)}${flag.usage}${defaultText(flag)}\n`).join('')
}

function head(name: string, { kind }: GoFlag): string {
  const text = `  -${name}${kind === 'bool' ? '' : ` ${kind}`}`
  return text.length <= 4 ? `${text}\t` : `${text}\n    \t`
}

function defaultText({ kind, default: value }: GoFlag): string {
  if (value === undefined || value === '' || value === '0' || value === 'false') return ''
  return kind === 'string' ? ` (default "${value}")` : ` (default ${value})`
}

/** Go's strconv, base 0, 64 bits: 0x, 0o and 0b are read too. */
function numberTrouble(text: string, kind: 'int' | 'uint'): string | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if ((kind === 'uint' && sign !== '') || !/^(?:0x[0-9a-f]+|0o?[0-7]+|0b[01]+|[1-9][0-9]*|0)$/i.test(digits)) return 'parse error'
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)
  const most = kind === 'uint' ? 2n ** 64n - 1n : sign === '-' ? 2n ** 63n : 2n ** 63n - 1n
  return size > most ? 'value out of range' : undefined
}

function wrong(message: string): Parsed {
  return { kind: 'wrong', message }
}
