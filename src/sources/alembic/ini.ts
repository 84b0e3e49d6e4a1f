/**
 * One section of an ini file as Python's ConfigParser reads it (keys in lower case, DEFAULT beneath, continued lines, `%(name)s`); undefined where
 * the file has no such section. `here` is the folder of the file, which Alembic adds.
 */
export function iniSection(text: string, section: string, here: string): ((key: string) => string | undefined) | undefined {
  const sections = parseIni(text)
  const own = sections.get(section)
  if (own === undefined) return undefined
  const values = new Map([['here', here], ...(sections.get('DEFAULT') ?? []), ...own])
  return (key) => {
    const raw = values.get(key)
    return raw === undefined ? undefined : interpolated(raw, values)
  }
}

function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let values: Map<string, string> | undefined
  let key: string | undefined
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue
    const header = /^\[(.+)\]/.exec(trimmed)?.[1]
    if (/^\s/.test(line) && key !== undefined && values !== undefined) {
      values.set(key, `${values.get(key) ?? ''}\n${trimmed}`)
    } else if (header !== undefined) {
      values = sections.get(header) ?? new Map()
      sections.set(header, values)
      key = undefined
    } else {
      const [, name, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed) ?? []
      if (name === undefined || values === undefined) continue
      key = name.toLowerCase()
      values.set(key, value)
    }
  }
  return sections
}

/** `%(name)s` and `%%`, to the depth that ConfigParser allows. */
export function interpolated(raw: string, values: ReadonlyMap<string, string>, depth = 0): string {
  if (depth > 10) return raw
  return raw.replace(/%(?:%|\(([^)]+)\)s)/g, (all, name?: string) => {
    if (name === undefined) return '%'
    const value = values.get(name.toLowerCase())
    return value === undefined ? all : interpolated(value, values, depth + 1)
  })
}
